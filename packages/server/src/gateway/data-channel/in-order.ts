/**
 * Puts the agent's frames in order, each once, for those who look on: recording, forbidden patterns, viewers. What the client is sent
 * does not wait for it. A gap that does not close is passed over after a while: the agent may know that the client has what is
 * missing, which a server that was just started does not.
 */

export interface OutputFrame {
  readonly sequence: number
  readonly payloadType: number
  readonly payload: Uint8Array
  /** When it came, in ms since 1970. */
  readonly at: number
}

const ROOM = 1024 * 1024
const GAP_MS = 3_000

export class InOrder {
  #next: number
  readonly #ahead = new Map<number, OutputFrame>()
  #bytes = 0
  readonly #deliver: (frame: OutputFrame) => void

  constructor(next: number, deliver: (frame: OutputFrame) => void) {
    this.#next = next
    this.#deliver = deliver
  }

  take(frame: OutputFrame): void {
    if (frame.sequence < this.#next || this.#ahead.has(frame.sequence)) return
    if (frame.sequence === this.#next) {
      this.#pass(frame)
      this.#passFollowing()
      return
    }
    // It waits for others, so it must not be a view of a buffer that is read into again.
    const kept = { ...frame, payload: Uint8Array.from(frame.payload) }
    this.#ahead.set(frame.sequence, kept)
    this.#bytes += kept.payload.length
    while (this.#bytes > ROOM) this.#passOverGap()
  }

  /** Waits no longer for what has been missing for long. */
  look(now: number): void {
    const oldest = Math.min(...Array.from(this.#ahead.values(), ({ at }) => at))
    if (now - oldest >= GAP_MS) this.#passOverGap()
  }

  /** Nothing comes any more. */
  end(): void {
    while (this.#ahead.size > 0) this.#passOverGap()
  }

  #passOverGap(): void {
    this.#next = Math.min(...this.#ahead.keys())
    this.#passFollowing()
  }

  #passFollowing(): void {
    for (let frame = this.#ahead.get(this.#next); frame; frame = this.#ahead.get(this.#next)) {
      this.#ahead.delete(frame.sequence)
      this.#bytes -= frame.payload.length
      this.#pass(frame)
    }
  }

  #pass(frame: OutputFrame): void {
    this.#next = frame.sequence + 1
    this.#deliver(frame)
  }
}
