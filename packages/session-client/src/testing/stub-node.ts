import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type AgentMessage, decodeAgentMessage, encodeAgentMessage } from '@steward/protocol'
import { DataChannel, type OpenFrame, parseOpenFrame, sessionMessageType } from '@steward/protocol/session/index.ts'
import { type WebSocket, WebSocketServer } from 'ws'

/** The other end of a session in one piece: takes the client's socket and speaks as an agent would. */
export class StubNode implements AsyncDisposable {
  /** Stream messages of the client, in order. */
  readonly received: { type: number; text: string }[] = []
  readonly opened: OpenFrame[] = []
  readonly channel: DataChannel
  /** What the agent does with a message; it is also kept in `received`. */
  onMessage: (message: AgentMessage) => void = () => {}
  /** Takes no frames, as a network does that swallows all. */
  silent = false
  readonly #server: WebSocketServer
  #socket: WebSocket | undefined
  #wake: () => void = () => {}

  private constructor(server: WebSocketServer) {
    this.#server = server
    this.channel = new DataChannel({
      sends: 'output_stream_data',
      codec: { decodeAgentMessage, encodeAgentMessage },
      now: Date.now,
      newId: randomUUID,
      deliver: (message) => {
        this.received.push({ type: message.payloadType, text: Buffer.from(message.payload).toString() })
        this.onMessage(message)
        this.#wake()
      },
    })
    server.on('connection', (socket) => this.#serve(socket))
  }

  static async start(): Promise<StubNode> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    return new StubNode(server)
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `ws://127.0.0.1:${port}/v1/data-channel/s-1?role=publish_subscribe`
  }

  /** Resolves once something is true of the stub; it is asked after each message and connection. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Breaks the connection, as a network does. */
  breakConnection(): void {
    this.channel.disconnect()
    this.#socket?.terminate()
  }

  /** channel_closed, as the server says it. */
  closeChannel(output: string): void {
    this.channel.notify(sessionMessageType.channelClosed, JSON.stringify({ Output: output }))
  }

  #serve(socket: WebSocket): void {
    this.#socket = socket
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        if (!this.silent) this.channel.receive(data)
        this.#wake()
        return
      }
      this.opened.push(parseOpenFrame(data))
      this.channel.connect((frame) => socket.send(frame))
      this.#wake()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
