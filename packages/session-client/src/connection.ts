/*
 * The WebSocket of a session, and the next one when it breaks: ask for a new token, dial the same address, send the open
 * frame again, for as long as patience lasts. That the session is over is learned from the token that is not given.
 */
import type { OpenSocket, SessionSocket } from '#socket.ts'

export type ConnectionOptions = {
  url: string
  token: string
  open: OpenSocket
  /** ResumeSession: a new token; undefined or empty when the session is over. Throws when nobody answers. */
  resume: (() => Promise<string | undefined>) | undefined
  /** The first message on a socket. */
  openFrame(token: string): string
  connected(): void
  received(frame: Uint8Array): void
  lost(): void
  /** No further attempt is made. */
  gone(why: 'over' | 'unreachable', detail: string): void
  now(): number
  /** Milliseconds for which a connection is looked for: the first one, and one that was lost. */
  patience: { first: number; again: number }
}

const shortestWait = 100
const longestWait = 2000

export class Connection {
  readonly #options: ConnectionOptions
  #socket: SessionSocket | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isOpen = false
  #wasOpen = false
  #closed = false
  #searchingSince: number
  #attempts = 0
  #lastError = ''

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#searchingSince = options.now()
  }

  start(): void {
    this.#dial(this.#options.token)
  }

  /** Bytes that the socket has not sent yet. */
  get buffered(): number {
    return this.#socket?.bufferedAmount ?? 0
  }

  send(frame: Uint8Array): void {
    if (this.#isOpen) this.#socket?.send(frame as Uint8Array<ArrayBuffer>)
  }

  /** Gives up the socket, which seems dead, for another one. */
  drop(): void {
    if (this.#isOpen) this.#lose()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#forgetSocket()
  }

  #dial(token: string): void {
    const socket = this.#options.open(this.#options.url)
    this.#socket = socket
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => {
      this.#isOpen = true
      this.#wasOpen = true
      socket.send(this.#options.openFrame(token))
      this.#options.connected()
    }
    socket.onmessage = ({ data }: { data: unknown }) => this.#received(data)
    socket.onerror = (event: { message?: unknown }) => {
      if (typeof event.message === 'string') this.#lastError = event.message
    }
    socket.onclose = () => this.#lose()
  }

  #received(data: unknown): void {
    this.#attempts = 0
    if (data instanceof ArrayBuffer) this.#options.received(new Uint8Array(data))
  }

  #lose(): void {
    this.#forgetSocket()
    if (this.#closed) return
    if (this.#isOpen) {
      this.#isOpen = false
      this.#searchingSince = this.#options.now()
      this.#options.lost()
    }
    this.#searchAgain()
  }

  #forgetSocket(): void {
    const socket = this.#socket
    if (!socket) return
    this.#socket = undefined
    socket.onopen = null
    socket.onmessage = null
    socket.onclose = null
    socket.onerror = () => {}
    socket.close()
  }

  #searchAgain(): void {
    const { now, patience, gone, resume } = this.#options
    const limit = this.#wasOpen ? patience.again : patience.first
    if (!resume || now() - this.#searchingSince > limit) {
      gone('unreachable', this.#lastError)
      return
    }
    const wait = this.#attempts === 0 ? 0 : Math.min(longestWait, shortestWait * 2 ** this.#attempts)
    this.#attempts += 1
    this.#timer = setTimeout(() => this.#resume(resume), wait)
  }

  async #resume(resume: () => Promise<string | undefined>): Promise<void> {
    try {
      const token = await resume()
      if (this.#closed) return
      if (token) this.#dial(token)
      else this.#options.gone('over', '')
    } catch (error) {
      this.#lastError = error instanceof Error ? error.message : String(error)
      if (!this.#closed) this.#searchAgain()
    }
  }
}
