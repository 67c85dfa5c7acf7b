/**
 * A Steward as people run it, for tests: server and agents are processes of their own, state is on the disk, and each of them can
 * be killed at any moment and started again where it was.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateActivationCommand, DescribeInstanceInformationCommand, SSMClient } from '@aws-sdk/client-ssm'
import { register, stateDirectory } from '@steward/agent'
import { eventually } from '@steward/testkit'

const SERVER = fileURLToPath(import.meta.resolve('@steward/server/main.ts'))
const AGENT = fileURLToPath(import.meta.resolve('@steward/agent/main.ts'))
const AGENT_OF_NEW_BOOT = fileURLToPath(import.meta.resolve('./agent-of-new-boot.ts'))
const REGION = 'us-east-1'
const ROOT_KEY = { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'test-secret-access-key-of-the-root-user' }
/** A loaded machine takes its time to start a process. */
const STARTS_WITHIN_MS = 60_000

/** A program that is started, killed and started again. */
class Program {
  readonly #command: readonly string[]
  readonly #env: Readonly<Record<string, string>>
  readonly #logFile: string
  #child: ChildProcess | undefined

  constructor(command: readonly string[], env: Readonly<Record<string, string>>, logFile: string) {
    this.#command = command
    this.#env = env
    this.#logFile = logFile
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get log(): string {
    return readFileSync(this.#logFile, 'utf8')
  }

  spawn(): void {
    const log = openSync(this.#logFile, 'a')
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...this.#env }
    this.#child = spawn(process.execPath, this.#command, { stdio: ['ignore', log, log], env })
    closeSync(log)
  }

  /** Sends a signal and waits for the end. What does not run is left alone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}

export class Agent {
  readonly id: string
  readonly #program: Program
  readonly #installation: Installation

  constructor(id: string, program: Program, installation: Installation) {
    this.id = id
    this.#program = program
    this.#installation = installation
  }

  /** Starts the program; it connects by itself. */
  spawn(): void {
    this.#program.spawn()
  }

  /** Starts the program and waits until the server lists the node as online. */
  async start(): Promise<void> {
    this.spawn()
    await this.untilOnline()
  }

  async untilOnline(): Promise<void> {
    const Filters = [{ Key: 'InstanceIds', Values: [this.id] }]
    await eventually(async () => {
      const list = await this.#installation.ssm.send(new DescribeInstanceInformationCommand({ Filters }))
      return list.InstanceInformationList?.[0]?.PingStatus === 'Online'
    }, STARTS_WITHIN_MS)
  }

  kill(): Promise<void> {
    return this.#program.end('SIGKILL')
  }

  stop(): Promise<void> {
    return this.#program.end('SIGTERM')
  }

  get log(): string {
    return this.#program.log
  }
}

export class Installation implements AsyncDisposable {
  /** A folder that is gone afterwards. */
  readonly folder: string
  readonly url: string
  readonly region = REGION
  readonly rootKey = ROOT_KEY
  readonly ssm: SSMClient
  readonly agents: Agent[] = []
  readonly #server: Program

  private constructor(folder: string, port: number, more: Readonly<Record<string, string>>) {
    this.folder = folder
    this.url = `http://127.0.0.1:${port}`
    const credentials = ROOT_KEY
    this.ssm = new SSMClient({ endpoint: this.url, region: REGION, credentials })
    const env = {
      STEWARD_DATA: join(folder, 'server'),
      STEWARD_HTTP: `127.0.0.1:${port}`,
      STEWARD_HTTPS: 'off',
      STEWARD_LOCAL_NODE: 'off',
      STEWARD_LOG_LEVEL: 'warn',
      STEWARD_ROOT_ACCESS_KEY_ID: ROOT_KEY.accessKeyId,
      STEWARD_ROOT_SECRET_ACCESS_KEY: ROOT_KEY.secretAccessKey,
      ...more,
    }
    this.#server = new Program([SERVER], env, join(folder, 'server.log'))
  }

  /** A running server without nodes; `more` is added to its environment. */
  static async start(more: Readonly<Record<string, string>> = {}): Promise<Installation> {
    const folder = mkdtempSync(join(tmpdir(), 'steward-e2e-'))
    const installation = new Installation(folder, await freePort(), more)
    await installation.startServer()
    return installation
  }

  /** Starts the server and waits until it answers. */
  async startServer(): Promise<void> {
    this.#server.spawn()
    await eventually(async () => (await fetch(`${this.url}/readyz`)).ok, STARTS_WITHIN_MS)
  }

  killServer(): Promise<void> {
    return this.#server.end('SIGKILL')
  }

  stopServer(): Promise<void> {
    return this.#server.end('SIGTERM')
  }

  /** Resident memory of the server. */
  serverMegabytes(): number {
    const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(this.#server.pid)], { encoding: 'utf8' })
    return Math.round(Number(kilobytes) / 1024)
  }

  get serverLog(): string {
    return this.#server.log
  }

  /** A registered machine with an agent of its own that does not run yet. One that can be restarted is so whenever its agent is. */
  async addAgent(options: { tags?: Record<string, string>; rebootCommand?: string } = {}): Promise<Agent> {
    const Tags = Object.entries(options.tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
    const activation = await this.ssm.send(new CreateActivationCommand({ IamRole: 'Node', Tags }))
    const state = join(this.folder, `agent-${this.agents.length}`)
    mkdirSync(state)
    const { nodeId } = await register(stateDirectory(state), {
      url: this.url,
      region: REGION,
      activationId: activation.ActivationId!,
      activationCode: activation.ActivationCode!,
      rebootCommand: options.rebootCommand,
    })
    const command = options.rebootCommand ? [AGENT_OF_NEW_BOOT, state] : [AGENT, 'run', '--state', state]
    const program = new Program(command, {}, join(this.folder, `${nodeId}.log`))
    const agent = new Agent(nodeId, program, this)
    this.agents.push(agent)
    return agent
  }

  /** Registered machines whose agents are online. */
  async startAgents(count: number, tags?: Record<string, string>): Promise<Agent[]> {
    const agents: Agent[] = []
    for (let i = 0; i < count; i++) agents.push(await this.addAgent(tags && { tags }))
    await Promise.all(agents.map((agent) => agent.start()))
    return agents
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.kill()))
    await this.killServer()
    this.ssm.destroy()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
