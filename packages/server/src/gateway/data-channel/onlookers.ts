/**
 * Those who look on while a session is relayed: its recording, the search for forbidden patterns, other people who watch. They see what
 * the agent sent, in order and once, before the client does.
 */
import { formatTerminalSize, payloadType, type TerminalSize } from '@steward/protocol/session/index.ts'
import type { RelayedSession, SessionRecording } from '#kernel/declare.ts'
import type { DataSocket } from './data-socket.ts'
import { ForbiddenLines } from './forbidden-lines.ts'
import { InOrder, type OutputFrame } from './in-order.ts'
import type { ServerFrames } from './server-frames.ts'

/** What a terminal shows; the rest is between the two ends. */
const SHOWN: ReadonlySet<number> = new Set([
  payloadType.output,
  payloadType.error,
  payloadType.stdErr,
  payloadType.exitCode,
])

export interface OnlookersParts {
  readonly session: RelayedSession
  readonly recording: SessionRecording | undefined
  /** The number of the next frame that nobody has seen. */
  readonly next: number
  readonly frames: ServerFrames
  /** Told of each line that matches a forbidden pattern. */
  readonly forbidden: (pattern: string) => void
}

export class Onlookers {
  readonly #parts: OnlookersParts
  readonly #lines: ForbiddenLines | undefined
  /** With the number of the next frame for each: who comes later counts from the beginning. */
  readonly #viewers = new Map<DataSocket, number>()
  #inOrder: InOrder | undefined
  #size: TerminalSize | undefined

  constructor(parts: OnlookersParts) {
    const { session, recording, next } = parts
    this.#parts = parts
    if (!this.#isReadable) return
    const { forbiddenPatterns } = session.policy
    if (forbiddenPatterns.length > 0) this.#lines = new ForbiddenLines(forbiddenPatterns)
    if (recording || this.#lines) this.#watchFrom(next)
  }

  /** Whether what the agent sends is looked at. */
  get areWatching(): boolean {
    return this.#inOrder !== undefined
  }

  get #isReadable(): boolean {
    const { sessionType, encrypted } = this.#parts.session
    return sessionType !== 'Port' && !encrypted
  }

  take(frame: OutputFrame): void {
    this.#inOrder?.take(frame)
  }

  resize(size: TerminalSize, at: number): void {
    this.#size = size
    this.#parts.recording?.resize(size.cols, size.rows, at)
    for (const viewer of this.#viewers.keys()) this.#show(viewer, payloadType.size, formatTerminalSize(size))
  }

  /** Somebody watches from now on, whose next frame of the agent is `next`. What they send is ignored. */
  watch(viewer: DataSocket, next: number): void {
    if (!this.#isReadable) {
      this.#dismiss(viewer, 'This session cannot be watched: only its two ends can read it.')
      return
    }
    this.#viewers.set(viewer, 0)
    const ignore = () => {}
    viewer.listen({ frame: ignore, room: ignore, oversized: ignore, closed: () => this.#viewers.delete(viewer) })
    if (this.#size) this.#show(viewer, payloadType.size, formatTerminalSize(this.#size))
    this.#watchFrom(next)
  }

  get viewers(): Iterable<DataSocket> {
    return this.#viewers.keys()
  }

  look(now: number): void {
    this.#inOrder?.look(now)
  }

  /** The session is over; viewers are told so. */
  end(output: string): void {
    this.#inOrder?.end()
    for (const viewer of this.#viewers.keys()) this.#dismiss(viewer, output)
    this.#viewers.clear()
  }

  #watchFrom(next: number): void {
    this.#inOrder ??= new InOrder(next, (frame) => this.#see(frame))
  }

  #see(frame: OutputFrame): void {
    const { sequence, payloadType: type, payload, at } = frame
    if (!SHOWN.has(type)) return
    this.#parts.recording?.output(sequence, type, payload, at)
    for (const viewer of this.#viewers.keys()) this.#show(viewer, type, payload)
    const pattern = this.#lines?.find(payload)
    if (pattern !== undefined) this.#parts.forbidden(pattern)
  }

  #show(viewer: DataSocket, type: number, payload: Uint8Array | string): void {
    const sequence = this.#viewers.get(viewer)!
    this.#viewers.set(viewer, sequence + 1)
    if (viewer.send(this.#parts.frames.output(sequence, type, payload))) return
    this.#viewers.delete(viewer)
    this.#dismiss(viewer, 'The session shows more than you can take in time.')
  }

  #dismiss(viewer: DataSocket, output: string): void {
    viewer.send(this.#parts.frames.channelClosed(this.#parts.session, output))
    viewer.close(1000, 'over')
  }
}
