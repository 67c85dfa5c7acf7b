/**
 * One WebSocket of a session, once its token is accepted. Nothing piles up here: whoever sends to a socket that does not take it learns
 * that it is full, and stops reading from where the bytes come until it is told that there is room again.
 */
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'

/** What may wait to be sent to a peer that does not read. */
const FULL = 1024 * 1024
/** For a peer to answer the close frame; less when the next server waits. */
const CLOSE_MS = 2_000
const STOPPING_CLOSE_MS = 200

export interface DataSocketEvents {
  frame(frame: Buffer): void
  /** What was waiting has gone, after `send` had answered false. */
  room(): void
  /** The peer sent a message that is larger than what may come. */
  oversized(): void
  closed(): void
}

export class DataSocket {
  /** It is our own agent or client, which can do more. */
  readonly ours: boolean
  readonly #ws: WebSocket
  readonly #holds = new Set<string>()
  #events: DataSocketEvents | undefined
  #answered = true
  #full = false

  /** `raw` is what the WebSocket came about on. */
  constructor(ws: WebSocket, raw: Duplex, ours: boolean) {
    this.#ws = ws
    this.ours = ours
    raw.on('drain', () => this.#drained())
    ws.on('pong', () => {
      this.#answered = true
    })
    ws.on('ping', () => {
      this.#answered = true
    })
    ws.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.#events?.oversized()
    })
    ws.once('close', () => this.#leave()?.closed())
  }

  /** Hands what comes from now on to `events`. */
  listen(events: DataSocketEvents): void {
    this.#events = events
    this.#ws.on('message', (data: Buffer, isBinary: boolean) => {
      this.#answered = true
      if (isBinary) this.#events?.frame(data)
    })
  }

  /** False if the peer does not keep up: send no more until `room`. */
  send(frame: Uint8Array): boolean {
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.send(frame, { binary: true })
    this.#full = this.#ws.bufferedAmount > FULL
    return !this.#full
  }

  get full(): boolean {
    return this.#full
  }

  /** Reads nothing from the peer for this reason, until `release`. */
  hold(reason: string): void {
    this.#holds.add(reason)
    this.#ws.pause()
  }

  release(reason: string): void {
    if (this.#holds.delete(reason) && this.#holds.size === 0) this.#ws.resume()
  }

  get held(): boolean {
    return this.#holds.size > 0
  }

  /**
   * A peer that answered nothing since the last ping is gone. Not so one that we do not read from, or that has not read yet what lies
   * before the ping; that one is left to the time limits of TCP.
   */
  ping(): void {
    const excused = this.held || this.#ws.bufferedAmount > 0
    if (this.#answered || excused) this.#ws.ping()
    else this.#ws.terminate()
    this.#answered = false
  }

  /** Ends the connection; nothing of it is heard any more. */
  close(code: number, reason: 'over' | 'replaced' | 'stopping'): void {
    this.#leave()
    this.#ws.resume()
    this.#ws.close(code, reason)
    setTimeout(() => this.#ws.terminate(), reason === 'stopping' ? STOPPING_CLOSE_MS : CLOSE_MS).unref()
  }

  #leave(): DataSocketEvents | undefined {
    const events = this.#events
    this.#events = undefined
    return events
  }

  #drained(): void {
    if (!this.#full) return
    this.#full = false
    this.#events?.room()
  }
}
