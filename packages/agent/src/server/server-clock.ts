/** A difference below this is the network's, in milliseconds. */
const toleratedMs = 30_000

/**
 * The server's time, by which requests are signed: a machine whose clock is wrong, or jumps, would be refused otherwise.
 * It is this machine's time until an answer shows a clear difference.
 */
export class ServerClock {
  readonly #now: () => number
  #aheadMs = 0

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#now() + this.#aheadMs
  }

  /** Takes notice of the Date header of an answer. */
  heard(date: string | undefined): void {
    const aheadMs = Date.parse(date ?? '') - this.#now()
    if (Number.isNaN(aheadMs)) return
    this.#aheadMs = Math.abs(aheadMs) > toleratedMs ? aheadMs : 0
  }
}
