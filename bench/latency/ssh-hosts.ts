/** Up to 100 hosts to reach by SSH, all of them this machine: sshd on addresses of the loopback network, with keys of their own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { findTool } from '../tool.ts'

const PORT = 2299
/** sshd listens on 16 addresses at most. */
const HOSTS_PER_DAEMON = 10

export class SshHosts implements AsyncDisposable {
  readonly addresses: readonly string[]
  /** Holds the control sockets of connections that clients keep. */
  readonly controlDirectory: string
  readonly #directory: string
  readonly #daemons: ChildProcess[]

  private constructor(directory: string, addresses: string[], daemons: ChildProcess[]) {
    this.#directory = directory
    this.#daemons = daemons
    this.addresses = addresses
    this.controlDirectory = join(directory, 'control')
    mkdirSync(this.controlDirectory)
  }

  /** Undefined if there is no sshd here. */
  static async start(count: number): Promise<SshHosts | undefined> {
    const sshd = findTool('sshd')
    if (!sshd || !findTool('ssh')) return undefined
    const directory = mkdtempSync(join(tmpdir(), 'steward-bench-ssh-'))
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
    for (const name of ['host', 'user']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, name)])
    }
    const addresses = Array.from({ length: count }, (_, index) => `127.0.1.${index + 1}`)
    const daemons: ChildProcess[] = []
    for (let first = 0; first < count; first += HOSTS_PER_DAEMON) {
      const config = join(directory, `sshd-${first}`)
      writeFileSync(config, daemonConfig(directory, addresses.slice(first, first + HOSTS_PER_DAEMON)))
      daemons.push(spawn(sshd, ['-D', '-f', config], { stdio: 'ignore' }))
    }
    const hosts = new SshHosts(directory, addresses, daemons)
    await Promise.all(addresses.map(answers))
    return hosts
  }

  /** Options of `ssh` that reach one of these hosts without a question. */
  get options(): string[] {
    const quiet = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'BatchMode=yes']
    return ['-i', this.identity, '-p', String(PORT), ...quiet.flatMap((option) => ['-o', option])]
  }

  get identity(): string {
    return join(this.#directory, 'user')
  }

  get port(): number {
    return PORT
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of readdirSync(this.controlDirectory)) {
      execFileSync('ssh', ['-S', join(this.controlDirectory, socket), '-O', 'exit', 'all'], { stdio: 'ignore' })
    }
    const exits = this.#daemons.map((daemon) => once(daemon, 'exit'))
    for (const daemon of this.#daemons) daemon.kill('SIGTERM')
    await Promise.all(exits)
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

function daemonConfig(directory: string, addresses: readonly string[]): string {
  return [
    `Port ${PORT}`,
    ...addresses.map((address) => `ListenAddress ${address}`),
    `HostKey ${join(directory, 'host')}`,
    `AuthorizedKeysFile ${join(directory, 'user.pub')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PrintMotd no',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'MaxStartups 200',
    '',
  ].join('\n')
}

async function answers(address: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const socket = connect(PORT, address)
    try {
      await once(socket, 'connect')
      return
    } catch (error) {
      if (attempt === 50) throw new Error('sshd does not answer.', { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 50))
    } finally {
      socket.destroy()
    }
  }
}
