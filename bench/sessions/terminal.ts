/** A shell on this machine in a terminal of its own, reached by Steward or by ssh: the same questions are asked of both. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { decodeAgentMessage, encodeAgentMessage } from '@steward/protocol'
import { SessionClient } from '@steward/session-client'
import { WebSocket } from 'ws'
import { call } from '../api.ts'
import type { SshHosts } from '../latency/ssh-hosts.ts'

export abstract class Terminal implements AsyncDisposable {
  /** Bytes shown so far. */
  shown = 0
  #tail = ''
  #wake: () => void = () => {}

  abstract type(text: string): void
  abstract [Symbol.asyncDispose](): Promise<void>

  /** Resolves once so many bytes were shown in all. */
  async untilShown(bytes: number): Promise<void> {
    while (this.shown < bytes) await this.#more()
  }

  /** Resolves once this is among the last 64 bytes that were shown. */
  async untilJustShown(text: string): Promise<void> {
    while (!this.#tail.includes(text)) await this.#more()
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  protected show(bytes: Uint8Array): void {
    this.shown += bytes.length
    this.#tail = (this.#tail + Buffer.from(bytes.subarray(-64)).toString('latin1')).slice(-64)
    this.#wake()
  }
}

/** By Steward and our client, which runs in this process. */
export class StewardTerminal extends Terminal {
  readonly #client: SessionClient
  readonly #ended = Promise.withResolvers<void>()

  private constructor(session: { SessionId?: string; StreamUrl?: string; TokenValue?: string }) {
    super()
    this.#client = new SessionClient({
      sessionId: session.SessionId!,
      streamUrl: session.StreamUrl!,
      tokenValue: session.TokenValue!,
      codec: { encodeAgentMessage, decodeAgentMessage },
      openSocket: (url) => new WebSocket(url, { perMessageDeflate: false }),
      output: (bytes) => this.show(bytes),
      ended: () => this.#ended.resolve(),
    })
    this.#client.start()
  }

  static async open(url: string, nodeId: string): Promise<StewardTerminal> {
    return new StewardTerminal(await call(url, 'StartSession', { Target: nodeId }))
  }

  override type(text: string): void {
    this.#client.input(Buffer.from(text))
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.type('\x03\x04exit\r')
    await this.#ended.promise
  }
}

/** By ssh, which runs in a process of its own: that is how ssh is. */
export class SshTerminal extends Terminal {
  readonly #child: ChildProcessWithoutNullStreams

  constructor(hosts: SshHosts) {
    super()
    this.#child = spawn('ssh', ['-tt', ...hosts.options, hosts.addresses[0]!, 'exec sh'])
    this.#child.stdout.on('data', (bytes: Buffer) => this.show(bytes))
    this.#child.stderr.resume()
  }

  override type(text: string): void {
    this.#child.stdin.write(text)
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#child, 'close')
    this.#child.kill()
    await closed
  }
}
