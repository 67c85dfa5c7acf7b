/*
 * The client of a session, in the stub server's place at the end of the data channel: it answers handshakes, acknowledges, and
 * keeps what the session showed.
 */
import { randomUUID } from 'node:crypto'
import {
  type AgentMessage,
  decodeAgentMessage,
  encodeAgentMessage,
  type JsonObject,
  messageType,
} from '@steward/protocol'
import {
  DataChannel,
  formatChannelClosed,
  formatHandshakeResponse,
  type HandshakeRequest,
  type ProcessedAction,
  parseAgentSessionState,
  parseHandshakeRequest,
  parseOpenFrame,
  payloadType,
  sessionFeature,
  sessionMessageType,
} from '@steward/protocol/session/index.ts'
import type { WebSocket } from 'ws'
import type { StubServer } from '#testing/stub-server.ts'

export class StubSession {
  readonly sessionId: string
  /** Stream messages after the handshake, in order. */
  readonly messages: { type: number; payload: Buffer }[] = []
  readonly states: string[] = []
  handshake: HandshakeRequest | undefined
  /** Bytes of all frames that came. */
  received = 0
  /** Bytes of stream messages that were delivered. */
  delivered = 0
  /** How often the agent opened the channel. */
  opens = 0
  /** What the handshake is answered with. */
  clientVersion = '1.2.677.0'
  answer: (request: HandshakeRequest) => ProcessedAction[] | undefined = (request) =>
    request.actions.map(({ actionType }) => ({ actionType, status: 1 }))
  /** Why no channel is given. */
  refusal = ''
  /** Hears each stream message but handshakes. */
  onMessage: (type: number, payload: Uint8Array) => void = () => {}
  onRoom: () => void = () => {}
  readonly channel: DataChannel
  readonly #server: StubServer
  #socket: WebSocket | undefined

  constructor(sessionId: string, server: StubServer) {
    this.sessionId = sessionId
    this.#server = server
    this.channel = new DataChannel({
      sends: sessionMessageType.inputStreamData,
      codec: { encodeAgentMessage, decodeAgentMessage },
      now: Date.now,
      newId: randomUUID,
      deliver: (message) => this.#delivered(message),
      other: (message) => this.#other(message),
      onRoom: () => this.onRoom(),
    })
  }

  get connected(): boolean {
    return this.#socket !== undefined
  }

  /** What came with a payload type, as text. */
  text(type: number = payloadType.output): string {
    const of = this.messages.filter((message) => message.type === type)
    return Buffer.concat(of.map(({ payload }) => payload)).toString()
  }

  /** Waits until the session showed this. */
  shows(what: string | RegExp, type?: number): Promise<string> {
    return this.#server.until(`${this.sessionId} to show ${what}`, () => {
      const shown = this.text(type)
      return (typeof what === 'string' ? shown.includes(what) : what.test(shown)) && shown
    })
  }

  type(text: string): void {
    this.channel.send(payloadType.output, text)
  }

  resize(cols: number, rows: number): void {
    this.channel.send(payloadType.size, JSON.stringify({ cols, rows }))
  }

  /** How the session ended. */
  ended() {
    return this.#server.until(`the end of ${this.sessionId}`, () =>
      this.#server.completes.find(({ sessionId }) => sessionId === this.sessionId),
    )
  }

  /** Ends the session as the server does. */
  terminate(): void {
    const { sessionId } = this
    const closed = { messageId: randomUUID(), destinationId: '', createdDate: new Date().toISOString(), output: '' }
    this.#server.sendFrame(messageType.channelClosed, formatChannelClosed({ ...closed, sessionId }))
  }

  /** Sends a message that is not of the stream. */
  notify(type: string, payload: JsonObject = {}): void {
    this.channel.notify(type, JSON.stringify(payload))
  }

  /** Sends a message as it is. */
  sendBytes(bytes: Uint8Array): void {
    this.#socket?.send(bytes)
  }

  /** Cuts the data channel. */
  disconnect(): void {
    this.#socket?.terminate()
  }

  /** The agent opened the data channel. */
  opened(socket: WebSocket): void {
    socket.once('message', (data) => {
      parseOpenFrame(data as Buffer)
      this.opens += 1
      this.#socket = socket
      socket.on('message', (bytes) => this.#received(bytes as Buffer))
      this.channel.connect((frame) => socket.send(frame))
      this.#server.tell()
    })
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined
      this.channel.disconnect()
      this.#server.tell()
    })
  }

  #received(bytes: Buffer): void {
    this.received += bytes.length
    this.channel.receive(bytes)
    this.channel.tick()
    this.#server.tell()
  }

  #delivered({ payloadType: type, payload }: AgentMessage): void {
    if (type === payloadType.handshakeRequest) this.#shakeHands(parseHandshakeRequest(payload))
    else this.messages.push({ type, payload: Buffer.from(payload) })
    this.delivered += payload.length
    if (type !== payloadType.handshakeRequest) this.onMessage(type, payload)
  }

  #shakeHands(request: HandshakeRequest): void {
    this.handshake = request
    const actions = this.answer(request)
    if (!actions) return
    const { clientVersion } = this
    const response = formatHandshakeResponse({
      clientVersion,
      actions,
      errors: [],
      features: [sessionFeature.halfClose],
    })
    this.channel.send(payloadType.handshakeResponse, response)
  }

  #other(message: AgentMessage): void {
    if (message.messageType === sessionMessageType.agentSessionState) {
      this.states.push(parseAgentSessionState(message.payload).state)
    }
  }
}
