/*
 * The connection of a session's data channel: opened in two steps like every channel, and opened again whenever it is lost,
 * for as long as `patienceMs`: a server that is restarted, or a network that is away for minutes, ends no session. Waits
 * grow from a tenth of a second to five; a server that says that the session is over is believed at once.
 */

import { agentHeader } from '@steward/protocol'
import { formatAgentOpenFrame } from '@steward/protocol/session/index.ts'
import type { Credentials } from '@steward/protocol/signature.ts'
import type WebSocket from 'ws'
import { type Log, sentenceOf } from '#log.ts'
import { ChannelRefused, openChannelSocket, requestChannelToken } from '#server/channel-opening.ts'
import type { Endpoint } from '#server/ssm-client.ts'
import { agentVersion } from '#version.ts'

export type ConnectionOptions = {
  endpoint: Endpoint
  sessionId: string
  nodeId: string
  /** For the first connection, if somebody asked already. */
  token: string | undefined
  credentials(): Promise<Credentials>
  log: Log
  newId(): string
  /** How long to try, from the beginning and from each loss, in milliseconds. */
  patienceMs: number
  /** The server admits the session: it may begin. */
  onAdmitted(): void
  onOpen(write: (frame: Uint8Array) => void): void
  onClose(): void
  onFrame(frame: Uint8Array): void
  /** There will be no connection any more, and why. */
  onGivenUp(why: string): void
}

const firstWaitMs = 100
const longestWaitMs = 5000
const pingMs = 30_000
const livedMs = 2000
const alreadyOver = 'Session is already terminated'

/** CreateDataChannel. Throws ChannelRefused. */
export function requestDataChannelToken({
  endpoint,
  sessionId,
  credentials,
  requestId,
}: TokenRequest): Promise<string> {
  const address = { endpoint, path: pathOf(sessionId), credentials }
  return requestChannelToken('CreateDataChannel', address, { RequestId: requestId, ClientId: '' })
}

type TokenRequest = { endpoint: Endpoint; sessionId: string; credentials: Credentials; requestId: string }

function pathOf(sessionId: string): string {
  return `/v1/data-channel/${sessionId}`
}

export class Connection {
  readonly #options: ConnectionOptions
  #socket: WebSocket | undefined
  #stopped = false
  #failures = 0
  /** Since when there is no connection worth the name. */
  #missingSince = performance.now()
  #openedAt: number | undefined
  #admitted = false
  #token: string | undefined
  #timer: NodeJS.Timeout | undefined
  #pings: NodeJS.Timeout | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#token = options.token
  }

  start(): void {
    void this.#connect()
  }

  /** Closes for good. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    clearInterval(this.#pings)
    this.#socket?.terminate()
  }

  async #connect(): Promise<void> {
    try {
      const { endpoint, sessionId, newId, onAdmitted } = this.#options
      const credentials = await this.#options.credentials()
      const token =
        this.#token ?? (await requestDataChannelToken({ endpoint, sessionId, credentials, requestId: newId() }))
      this.#token = undefined
      if (this.#stopped) return
      this.#admitted = true
      onAdmitted()
      this.#use(
        await openChannelSocket({ endpoint, path: pathOf(sessionId), credentials }, '?role=publish_subscribe', {
          [agentHeader]: agentVersion,
        }),
        token,
      )
    } catch (error) {
      this.#failed(error)
    }
  }

  #use(socket: WebSocket, token: string): void {
    this.#socket = socket
    socket.on('open', () => this.#opened(socket, token))
    socket.on('error', (error) => this.#options.log.warn('the data channel failed', { why: sentenceOf(error) }))
    socket.on('close', () => this.#closed())
    socket.on('message', (data, isBinary) => {
      if (isBinary && !this.#stopped) this.#options.onFrame(data as Buffer)
    })
    if (this.#stopped) socket.terminate()
  }

  #opened(socket: WebSocket, tokenValue: string): void {
    const { newId, nodeId, onOpen } = this.#options
    socket.send(formatAgentOpenFrame({ requestId: newId(), tokenValue, clientInstanceId: nodeId }))
    this.#openedAt = performance.now()
    let answered = true
    socket.on('pong', () => {
      answered = true
    })
    this.#pings = setInterval(() => {
      if (!answered) return socket.terminate()
      answered = false
      socket.ping('keepalive')
    }, pingMs).unref()
    onOpen((frame) => socket.send(frame))
  }

  #closed(): void {
    if (this.#openedAt !== undefined) {
      clearInterval(this.#pings)
      // A connection that was ended at once was refused, whatever the server called it.
      if (performance.now() - this.#openedAt > livedMs) {
        this.#failures = 0
        this.#missingSince = performance.now()
      }
      this.#openedAt = undefined
      this.#options.onClose()
    }
    this.#again('the connection to the server was lost')
  }

  #failed(error: unknown): void {
    this.#options.log.warn('the data channel cannot be opened', { why: sentenceOf(error) })
    if (error instanceof ChannelRefused && this.#isFinal(error)) this.#giveUp(sentenceOf(error))
    else this.#again(sentenceOf(error))
  }

  /** Whether asking again is of no use. */
  #isFinal({ status, body, unauthorized }: ChannelRefused): boolean {
    const isRequests = status >= 400 && status < 500 && status !== 429 && !unauthorized
    return body.includes(alreadyOver) || (!this.#admitted && isRequests)
  }

  #again(why: string): void {
    if (this.#stopped) return
    const waitMs = Math.min(firstWaitMs * 2 ** this.#failures, longestWaitMs) * (0.75 + Math.random() / 2)
    this.#failures += 1
    if (performance.now() + waitMs - this.#missingSince > this.#options.patienceMs) this.#giveUp(why)
    else this.#timer = setTimeout(() => void this.#connect(), waitMs)
  }

  #giveUp(why: string): void {
    this.stop()
    this.#options.onGivenUp(why)
  }
}
