/** Who may write when: up to `most` at the same time, or one alone. One that wants to be alone goes before those who wait. */
export class WriterTurns {
  readonly #most: number
  #writing = 0
  #alone = false
  readonly #waiting: { readonly alone: boolean; begin(): void }[] = []

  constructor(most: number) {
    this.#most = most
  }

  /** Resolves when it is the caller's turn, which lasts until `give`. */
  async take(alone: boolean): Promise<void> {
    await new Promise<void>((begin) => {
      if (alone) this.#waiting.unshift({ alone, begin })
      else this.#waiting.push({ alone, begin })
      this.#beginNext()
    })
  }

  give(): void {
    this.#writing--
    this.#alone = false
    this.#beginNext()
  }

  #beginNext(): void {
    for (let next = this.#waiting[0]; next && this.#mayBegin(next.alone); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#writing++
      this.#alone = next.alone
      next.begin()
    }
  }

  #mayBegin(alone: boolean): boolean {
    return alone ? this.#writing === 0 : !this.#alone && this.#writing < this.#most
  }
}
