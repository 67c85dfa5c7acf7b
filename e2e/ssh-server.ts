import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './installation.ts'

const SSHD = '/usr/sbin/sshd'

/** An sshd of the test's own, with a key that it lets in. */
export class SshServer implements AsyncDisposable {
  static readonly isInstalled = existsSync(SSHD)
  readonly port: number
  /** Options for ssh and scp: who to be, and to trust what answers. */
  readonly clientOptions: readonly string[]
  readonly #child: ChildProcess

  private constructor(port: number, clientOptions: readonly string[], child: ChildProcess) {
    this.port = port
    this.clientOptions = clientOptions
    this.#child = child
  }

  static async start(folder: string): Promise<SshServer> {
    mkdirSync(folder, { mode: 0o700 })
    const port = await freePort()
    const [hostKey, userKey, config] = ['host', 'user', 'sshd_config'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    for (const key of [hostKey, userKey]) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
    const lines = [
      ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${hostKey}`, `AuthorizedKeysFile ${userKey}.pub`],
      ...['StrictModes no', 'UsePAM no', 'PermitRootLogin yes', 'PidFile none', 'Subsystem sftp internal-sftp'],
    ]
    writeFileSync(config, lines.join('\n'))
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
    const child = spawn(SSHD, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] })
    for await (const line of createInterface(child.stderr!)) if (line.includes('Server listening')) break
    child.stderr!.resume()
    const trust = [
      'StrictHostKeyChecking=no',
      `UserKnownHostsFile=${join(folder, 'known')}`,
      'LogLevel=ERROR',
      'BatchMode=yes',
    ]
    return new SshServer(port, ['-F', '/dev/null', '-i', userKey, ...trust.flatMap((option) => ['-o', option])], child)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What it started for connections may live on, and writes there too.
    this.#child.stderr?.destroy()
    if (this.#child.exitCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill()
    await ended
  }
}
