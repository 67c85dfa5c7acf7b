const firstRoundTrip = 100
const firstTimeout = 200
const longestTimeout = 1000
const leastVariation = 10

/** How long a sender waits for an acknowledgement, learned from those that came. All times in milliseconds. */
export class RoundTrip {
  #mean = firstRoundTrip
  #variation = 0
  #timeout = firstTimeout

  get timeout(): number {
    return this.#timeout
  }

  /** Learns from one acknowledgement of a frame that was sent once. */
  observe(sample: number): void {
    this.#variation = 0.75 * this.#variation + 0.25 * Math.abs(this.#mean - sample)
    this.#mean = 0.875 * this.#mean + 0.125 * sample
    this.#timeout = Math.min(longestTimeout, this.#mean + Math.max(leastVariation, 4 * this.#variation))
  }
}
