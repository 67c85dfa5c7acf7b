/**
 * amazon-ssm-agent as a node of the server, in namespaces of its own: all its paths are compiled in, and at its start it ends every
 * other worker that it sees. Needs root and Linux.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call, callUntil } from '../api.ts'
import { region, type Steward } from '../steward.ts'

const OWN_FOLDERS = ['/etc/amazon', '/var/lib/amazon', '/var/log/amazon']

export class AmazonAgent implements AsyncDisposable {
  readonly #directory: string
  readonly #child: ChildProcess

  private constructor(directory: string, child: ChildProcess) {
    this.#directory = directory
    this.#child = child
  }

  /** Undefined without a directory of programs. Resolves once it is Online. */
  static async start(steward: Steward, programs: string | undefined): Promise<AmazonAgent | undefined> {
    if (!programs) return undefined
    const directory = mkdtempSync(join(tmpdir(), 'steward-bench-amazon-'))
    const binaries = join(directory, 'bin')
    mkdirSync(join(binaries, 'configuration'), { recursive: true })
    for (const name of readdirSync(programs)) copyFileSync(join(programs, name), join(binaries, name))
    for (const folder of OWN_FOLDERS) mkdirSync(join(directory, 'own', folder), { recursive: true })
    const url = steward.secureUrl!
    const endpoints = { Ssm: { Endpoint: url }, Mds: { Endpoint: url }, Mgs: { Endpoint: url, Region: region } }
    const configuration = { ...endpoints, Agent: { Region: region }, Identity: { ConsumptionOrder: ['OnPrem'] } }
    writeFileSync(join(binaries, 'configuration/amazon-ssm-agent.json'), JSON.stringify(configuration))
    const activation = await call(steward.url, 'CreateActivation', { IamRole: 'BenchAgent' })
    const script = [
      'set -e',
      'mount --make-rprivate /',
      ...OWN_FOLDERS.map((folder) => `mkdir -p ${folder} && mount --bind ${directory}/own${folder} ${folder}`),
      `${binaries}/amazon-ssm-agent -register -y -code ${activation.ActivationCode} -id ${activation.ActivationId} -region ${region}`,
      `exec ${binaries}/amazon-ssm-agent`,
    ].join('\n')
    const child = spawn('unshare', ['-m', '-p', '-f', '--mount-proc', 'sh', '-c', script], {
      stdio: 'ignore',
      env: { PATH: process.env.PATH, HOME: directory, SSL_CERT_FILE: join(steward.data, 'ca.pem') },
    })
    await callUntil(
      steward.url,
      'DescribeInstanceInformation',
      { Filters: [{ Key: 'ActivationIds', Values: [activation.ActivationId!] }] },
      ({ InstanceInformationList }) => InstanceInformationList?.[0]?.PingStatus === 'Online',
    )
    return new AmazonAgent(directory, child)
  }

  /** Its processes: the agent and its worker. */
  pids(): number[] {
    const agent = childrenOf(this.#child.pid!)
    return [...agent, ...agent.flatMap(childrenOf)]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#child, 'exit')
    // Ending the first process of its namespace ends all of them.
    for (const pid of childrenOf(this.#child.pid!)) process.kill(pid, 'SIGKILL')
    await exited
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

/** Of all its threads: each knows only those that it started itself. */
function childrenOf(pid: number): number[] {
  const tasks = readdirSync(`/proc/${pid}/task`)
  const children = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8'))
  return children.join(' ').split(/\s+/).filter(Boolean).map(Number)
}
