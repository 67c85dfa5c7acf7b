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
import { type Credentials, signRequest } from '@steward/protocol/signature.ts'
import WebSocket from 'ws'
import { type Log, sentenceOf } from '#log.ts'
import { httpRequest, tunnelOptions } from '#server/http.ts'
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
const requestTimeoutMs = 15_000
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
      const token = await this.#requestToken()
      await this.#openSocket(token, await this.#options.credentials())
    } catch (error) {
      this.#options.log.warn('the control channel cannot be opened', { why: sentenceOf(error) })
      this.#connectLater()
    }
  }

  /** CreateControlChannel. */
  async #requestToken(): Promise<string> {
    const { endpoint, newId } = this.#options
    const url = this.#url()
    const body = JSON.stringify({ MessageSchemaVersion: '1.0', RequestId: newId() })
    const headers = this.#signed(
      'POST',
      url,
      { 'content-type': 'application/json' },
      body,
      await this.#options.credentials(),
    )
    const response = await httpRequest({
      method: 'POST',
      url,
      headers,
      body,
      ca: endpoint.ca,
      timeoutMs: requestTimeoutMs,
    })
    endpoint.clock.heard(response.headers.date)
    const token = /<TokenValue>([^<]+)<\/TokenValue>/.exec(response.body)?.[1]
    if (response.status === 201 && token) return unescapeXml(token)
    if (response.status === 401 || response.status === 403) this.#options.onRefused()
    const code = /<Code>([^<]+)|<(\w+Exception)>|"__type":\s*"(?:[^"]*#)?([^"]+)"/.exec(response.body)
    throw new Error(`CreateControlChannel answered ${response.status} ${code?.slice(1).find(Boolean) ?? ''}`.trim())
  }

  async #openSocket(token: string, credentials: Credentials): Promise<void> {
    const { endpoint, log } = this.#options
    const url = this.#url()
    const tunnel = await tunnelOptions(url, requestTimeoutMs)
    if (this.#stopped) return
    url.search = '?role=subscribe&stream=input'
    const headers = { ...this.#signed('GET', url, {}, '', credentials), [agentHeader]: agentVersion }
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(url, {
      headers,
      perMessageDeflate: false,
      handshakeTimeout: requestTimeoutMs,
      ...tunnel,
      ...(endpoint.ca ? { ca: endpoint.ca } : {}),
    })
    this.#socket = socket
    let steward = false
    socket.on('upgrade', (response) => {
      steward = response.headers[serverHeader] !== undefined
    })
    socket.on('open', () => this.#opened(socket, token, steward))
    socket.on('error', (error) => log.warn('the control channel failed', { why: sentenceOf(error) }))
    socket.on('close', () => this.#closed(socket))
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#received(data as Buffer)
    })
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

  #url(): URL {
    return new URL(`/v1/control-channel/${this.#options.nodeId}`, this.#options.endpoint.url)
  }

  #signed(method: string, url: URL, headers: { [name: string]: string }, body: string, credentials: Credentials) {
    const { endpoint } = this.#options
    const request = {
      method,
      url,
      headers,
      body,
      service: 'ssmmessages',
      region: endpoint.region,
      date: new Date(endpoint.clock.now()),
    }
    return signRequest(request, credentials)
  }
}

function unescapeXml(text: string): string {
  const characters: { [entity: string]: string } = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&apos;': "'",
    '&amp;': '&',
  }
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => characters[entity]!)
}
