/*
 * The control channel: one WebSocket to the server, kept open for ever. It is opened in two steps (a signed request for
 * a token, a signed upgrade, the token as first text frame). A lost connection is opened again after a random wait that
 * grows to a minute, so that ten thousand agents do not come back at the same instant. A connection can also die without
 * a word: a Steward server pings every few seconds and silence for twice as long counts as death; any other server is
 * pinged from here.
 */
import {
  type AgentMessage,
  agentHeader,
  decodeAgentMessage,
  encodeAgentMessage,
  formatTokenFrame,
  serverHeader,
} from '@steward/protocol'
import type { Credentials } from '@steward/protocol/signature.ts'
import type WebSocket from 'ws'
import { type Log, sentenceOf } from '#log.ts'
import { type ChannelAddress, ChannelRefused, openChannelSocket, requestChannelToken } from '#server/channel-opening.ts'
import type { Endpoint } from '#server/ssm-client.ts'
import { agentVersion } from '#version.ts'

export type ControlChannelOptions = {
  endpoint: Endpoint
  nodeId: string
  credentials(): Promise<Credentials>
  /** The server does not take the credentials; the next ones should be new. */
  onRefused(): void
  log: Log
  now(): number
  newId(): string
  /** A connection is ready; `steward` when its server knows our extensions. */
  onOpen(steward: boolean): void
  onClose(): void
  onMessage(message: AgentMessage): void
  /** Longest wait before another attempt, in milliseconds. */
  longestWaitMs: number
  /** How often a Steward server pings, in milliseconds. */
  serverPingMs: number
}

const firstWaitMs = 500
const ownPingMs = 60_000

export class ControlChannel {
  readonly #options: ControlChannelOptions
  #socket: WebSocket | undefined
  #open = false
  #stopped = false
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #watchdog: NodeJS.Timeout | undefined

  constructor(options: ControlChannelOptions) {
    this.#options = options
  }

  get connected(): boolean {
    return this.#open
  }

  /** Begins to connect; comes back at once. */
  start(): void {
    void this.#connect()
  }

  /** Closes for good. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    clearInterval(this.#watchdog)
    this.#socket?.terminate()
  }

  /** Sends a frame; false when there is no connection to send it on. */
  send(frame: { messageType: string; messageId: string; payload: string | Uint8Array }): boolean {
    if (!this.#open || !this.#socket) return false
    this.#socket.send(encodeAgentMessage({ ...frame, createdDate: this.#options.now() }))
    return true
  }

  async #connect(): Promise<void> {
    try {
      await this.#openSocket(await this.#requestToken())
    } catch (error) {
      if (error instanceof ChannelRefused && error.unauthorized) this.#options.onRefused()
      this.#options.log.warn('the control channel cannot be opened', { why: sentenceOf(error) })
      this.#connectLater()
    }
  }

  async #requestToken(): Promise<string> {
    return requestChannelToken('CreateControlChannel', await this.#address(), { RequestId: this.#options.newId() })
  }

  async #address(): Promise<ChannelAddress> {
    const { endpoint, nodeId, credentials } = this.#options
    return { endpoint, path: `/v1/control-channel/${nodeId}`, credentials: await credentials() }
  }

  async #openSocket(token: string): Promise<void> {
    const address = await this.#address()
    const socket = await openChannelSocket(address, '?role=subscribe&stream=input', { [agentHeader]: agentVersion })
    this.#socket = socket
    let steward = false
    socket.on('upgrade', (response) => {
      steward = response.headers[serverHeader] !== undefined
    })
    socket.on('open', () => this.#opened(socket, token, steward))
    socket.on('error', (error) => this.#options.log.warn('the control channel failed', { why: sentenceOf(error) }))
    socket.on('close', () => this.#closed(socket))
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#received(data as Buffer)
    })
    if (this.#stopped) socket.terminate()
  }

  #opened(socket: WebSocket, token: string, steward: boolean): void {
    const { newId, log, onOpen } = this.#options
    const platformType = process.platform === 'darwin' ? 'macos' : process.platform
    socket.send(formatTokenFrame({ requestId: newId(), tokenValue: token, agentVersion, platformType }))
    this.#open = true
    this.#failures = 0
    log.info('connected', { server: this.#options.endpoint.url })
    this.#watch(socket, steward)
    onOpen(steward)
  }

  #received(data: Buffer): void {
    try {
      this.#options.onMessage(decodeAgentMessage(data))
    } catch (error) {
      this.#options.log.warn('a message was dropped', { why: sentenceOf(error) })
    }
  }

  /** Ends a connection on which nothing arrives any more. */
  #watch(socket: WebSocket, steward: boolean): void {
    let heardAt = performance.now()
    for (const event of ['ping', 'pong', 'message'] as const) {
      socket.on(event, () => {
        heardAt = performance.now()
      })
    }
    const everyMs = steward ? this.#options.serverPingMs : ownPingMs
    this.#watchdog = setInterval(
      () => {
        const silentMs = performance.now() - heardAt
        if (silentMs > everyMs * 2) {
          this.#options.log.warn('the server is silent; the connection is given up', {
            seconds: Math.round(silentMs / 1000),
          })
          socket.terminate()
        } else if (!steward) socket.ping('keepalive')
      },
      everyMs / (steward ? 4 : 1),
    ).unref()
  }

  #closed(socket: WebSocket): void {
    if (this.#socket !== socket) return
    this.#socket = undefined
    clearInterval(this.#watchdog)
    if (this.#open) {
      this.#open = false
      this.#options.log.info('disconnected')
      this.#options.onClose()
    }
    this.#connectLater()
  }

  #connectLater(): void {
    if (this.#stopped) return
    const most = Math.min(firstWaitMs * 2 ** this.#failures, this.#options.longestWaitMs)
    this.#failures += 1
    // After a healthy connection the first wait is spread widely: everybody lost the same server.
    const waitMs =
      this.#failures === 1
        ? Math.random() * Math.min(2500, this.#options.longestWaitMs)
        : most * (0.5 + Math.random() / 2)
    this.#timer = setTimeout(() => void this.#connect(), waitMs)
  }
}
