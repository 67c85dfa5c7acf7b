/*
 * A command on a node with the three streams of a process. Its output waits where it is while nobody reads; its input waits here while
 * the command does not read. Agents of ours take input; to that of Amazon none can be given, and writing to it fails with a Fault.
 */
import { Readable, Writable } from 'node:stream'
import { sessionFlag } from '@steward/protocol/session/index.ts'
import type { SessionClient, StartedSession } from '@steward/session-client'
import { inShell } from '@steward/session-client/node-script.ts'
import type { Api } from '#api.ts'
import type { RemoteCommand } from '#copy/remote-shell.ts'
import { Fault } from '#fault.ts'
import type { Io } from '#io.ts'
import { joinSession, type Leave, type SessionUse } from './join-session.ts'
import { startSession } from './session-grant.ts'
import { whyEnded } from './why-ended.ts'

export type CommandSignal = 'interrupt' | 'quit' | 'terminate' | 'hangUp'

export interface NodeLine {
  readonly io: Pick<Io, 'onTermination'>
  readonly api: Api
  readonly ca: string | undefined
  /** Its id. */
  readonly node: string
  /** For the shell of the node. */
  readonly line: string
  readonly reason?: string | undefined
}

const BUFFER = 1 << 20

export class NodeCommand implements RemoteCommand {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  readonly ended: Promise<number>
  readonly #begun = Promise.withResolvers<SessionClient>()
  readonly #full = new Set<Readable>()
  #client: SessionClient | undefined
  #takesInput = false
  #room = () => {}

  constructor(command: NodeLine) {
    this.stdin = new Writable({
      highWaterMark: BUFFER,
      write: (chunk: Buffer, _encoding, done) => this.#write(chunk).then(() => done(), done),
      final: (done) => this.#endOfInput().then(() => done(), done),
    })
    this.stdout = new Readable({ highWaterMark: BUFFER, read: () => this.#drained(this.stdout) })
    this.stderr = new Readable({ highWaterMark: BUFFER, read: () => this.#drained(this.stderr) })
    for (const stream of [this.stdin, this.stdout, this.stderr]) stream.on('error', () => {})
    this.#begun.promise.catch(() => {})
    this.ended = this.#run(command)
    this.ended.catch((error: Error) => this.#fail(error))
  }

  /** Agents that take input are ours, which alter nothing that a command prints. */
  get exact(): Promise<boolean> {
    return this.#begun.promise.then(() => this.#takesInput)
  }

  /** Reaches the command and all that it started. Nothing before the session has begun. */
  signal(signal: CommandSignal): void {
    if (this.#takesInput) this.#client?.flag(sessionFlag[signal])
    else if (signal === 'interrupt') this.#client?.input(Uint8Array.of(0x03))
    else this.kill()
  }

  /** Ends the command at once, and the session. */
  kill(): void {
    this.#client?.flag(sessionFlag.terminateSession)
  }

  async #run({ io, api, ca, node, line, reason }: NodeLine): Promise<number> {
    const grant = await startSession(api, ca, {
      node,
      document: 'AWS-StartNonInteractiveCommand',
      parameters: { command: [inShell(line)], separateOutputStream: ['true'] },
      reason,
    })
    let code: number | undefined
    const use = (client: SessionClient, session: StartedSession, leave: Leave): SessionUse => {
      this.#begin(client, session)
      return {
        output: (bytes, stream) => this.#push(stream === 'error' ? this.stderr : this.stdout, bytes),
        exited(exitCode) {
          code = exitCode
          leave()
        },
        room: () => this.#room(),
      }
    }
    const end = await joinSession(io, grant, use, {
      sessionTypeResult: (session) => (takesInput(session) ? ACCEPTED : null),
    })
    this.#begun.reject(new Fault('The command is over.'))
    if (code === undefined) throw new Fault(end ? whyEnded(end) : 'The command was not run.')
    this.stdout.push(null)
    this.stderr.push(null)
    return code
  }

  #begin(client: SessionClient, session: StartedSession): void {
    this.#client = client
    this.#takesInput = takesInput(session)
    this.#begun.resolve(client)
  }

  #push(stream: Readable, bytes: Uint8Array): void {
    if (stream.push(bytes)) return
    this.#full.add(stream)
    this.#client?.pause()
  }

  #drained(stream: Readable): void {
    if (this.#full.delete(stream) && this.#full.size === 0) this.#client?.resume()
  }

  async #write(chunk: Uint8Array): Promise<void> {
    const client = await this.#begun.promise
    if (!this.#takesInput)
      throw new Fault("The agent of this node hands no input to commands: only Steward's own does.")
    client.input(chunk)
    if (client.hasRoom) return
    await new Promise<void>((resolve) => {
      this.#room = resolve
    })
  }

  async #endOfInput(): Promise<void> {
    const client = await this.#begun.promise
    if (this.#takesInput) client.flag(sessionFlag.endOfInput)
  }

  #fail(error: Error): void {
    this.#begun.reject(error)
    this.#room()
    for (const stream of [this.stdin, this.stdout, this.stderr]) stream.destroy(error)
  }
}

const ACCEPTED = { standardInput: true } as const

function takesInput({ properties }: StartedSession): boolean {
  return properties.standardInput === true
}
