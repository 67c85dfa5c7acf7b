/**
 * What is under way, by a number each, which is given again once it is free. Not a Map: whatever passes through a busy Map outlives
 * many collections, because the tables that it grew out of keep one another, and their entries, until a full one.
 */
export class Slots<T extends object> {
  readonly #slots: (T | undefined)[] = []
  readonly #free: number[] = []

  get size(): number {
    return this.#slots.length - this.#free.length
  }

  take(value: T): number {
    const slot = this.#free.pop() ?? this.#slots.length
    this.#slots[slot] = value
    return slot
  }

  get(slot: number): T | undefined {
    return this.#slots[slot]
  }

  /** Frees the slot if it still has this value. */
  free(slot: number, value: T): void {
    if (this.#slots[slot] !== value) return
    this.#slots[slot] = undefined
    this.#free.push(slot)
  }

  /** Those that are taken; they may be freed on the way. */
  *[Symbol.iterator](): IterableIterator<[slot: number, value: T]> {
    for (const [slot, value] of this.#slots.entries()) if (value) yield [slot, value]
  }
}
