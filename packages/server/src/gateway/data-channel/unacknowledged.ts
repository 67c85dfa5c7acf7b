/**
 * The agent's frames that the client has not acknowledged, for when it comes back after an outage: it gets them all at once. Agents
 * themselves would send them again too, but Amazon's one at a time (session-protocol, 2.2). There is room for so much; the
 * agent still has what does not fit.
 */

const ROOM = 1024 * 1024
/** Beside its bytes. */
const OVERHEAD = 256

/** After so many copies over so long a time on one connection, a client that says nothing has had the frame before. */
const COPIES = 5
const SILENT_MS = 3_000

interface Kept {
  readonly frame: Uint8Array
  /** It was sent to the client on a connection that is gone. */
  sentBefore: boolean
  copies: number
  firstSent: number
}

export class Unacknowledged {
  readonly #kept = new Map<number, Kept>()
  /** Of all frames it must be assumed that a former connection carried them: this server knows of none. */
  readonly #assumeSentBefore: boolean
  #bytes = 0

  constructor(assumeSentBefore: boolean) {
    this.#assumeSentBefore = assumeSentBefore
  }

  get size(): number {
    return this.#kept.size
  }

  /** The frame as it is kept, which is the first that came with this number; undefined if there is no room for it. */
  keep(sequence: number, frame: Buffer): Uint8Array | undefined {
    const kept = this.#kept.get(sequence)
    if (kept) return kept.frame
    if (this.#bytes + frame.length > ROOM) return undefined
    const own = alone(frame)
    this.#bytes += own.length + OVERHEAD
    this.#kept.set(sequence, { frame: own, sentBefore: this.#assumeSentBefore, copies: 0, firstSent: 0 })
    return own
  }

  has(sequence: number): boolean {
    return this.#kept.has(sequence)
  }

  acknowledged(sequence: number): void {
    const kept = this.#kept.get(sequence)
    if (!kept) return
    this.#kept.delete(sequence)
    this.#bytes -= kept.frame.length + OVERHEAD
  }

  /**
   * Notes that the client is being sent this frame. False if that makes no sense any more: it was sent before on a connection that
   * broke, several times on this one, and clients of Amazon's say nothing to a frame that they had already.
   */
  sending(sequence: number, at: number): boolean {
    const kept = this.#kept.get(sequence)
    if (!kept) return true
    if (kept.copies++ === 0) kept.firstSent = at
    return !(kept.sentBefore && kept.copies > COPIES && at - kept.firstSent >= SILENT_MS)
  }

  /** The client's connection is gone, and with it perhaps what it said. */
  connectionLost(): void {
    for (const kept of this.#kept.values()) {
      kept.sentBefore ||= kept.copies > 0
      kept.copies = 0
    }
  }

  /** All that is kept, in order. */
  inOrder(): [sequence: number, frame: Uint8Array][] {
    return [...this.#kept].map(([sequence, { frame }]) => [sequence, frame] as [number, Uint8Array]).sort(bySequence)
  }
}

function bySequence([a]: [number, Uint8Array], [b]: [number, Uint8Array]): number {
  return a - b
}

/** A frame may be a small part of what was read at once; keeping it must not keep all of that. */
function alone(frame: Buffer): Uint8Array {
  return frame.buffer.byteLength > 2 * frame.length ? Uint8Array.from(frame) : frame
}
