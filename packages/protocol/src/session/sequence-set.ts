/**
 * Sequence numbers seen so far: all below `below`, and single ones above a gap. Stays small, because gaps close; numbers
 * further than `most` above the mark are not remembered.
 */
export class SequenceSet {
  #below: number
  readonly #above: Set<number>
  readonly #most: number

  constructor(
    from: { readonly below: number; readonly above: readonly number[] } = { below: 0, above: [] },
    most = 100_000,
  ) {
    this.#below = from.below
    this.#above = new Set(from.above)
    this.#most = most
  }

  /** Every number below this one is in the set. */
  get below(): number {
    return this.#below
  }

  has(number: number): boolean {
    return (number >= 0 && number < this.#below) || this.#above.has(number)
  }

  add(number: number): void {
    if (number < this.#below || number >= this.#below + this.#most) return
    this.#above.add(number)
    while (this.#above.delete(this.#below)) this.#below += 1
  }

  /** What the constructor takes, to keep the set across restarts. */
  toJSON(): { below: number; above: number[] } {
    return { below: this.#below, above: [...this.#above] }
  }
}
