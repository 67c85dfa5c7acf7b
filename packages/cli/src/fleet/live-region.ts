import type { Output } from '#io.ts'

/** The last lines of a terminal, drawn over and over while other text scrolls by above them. */
export class LiveRegion {
  readonly #terminal: Output
  #height = 0

  constructor(terminal: Output) {
    this.#terminal = terminal
  }

  draw(lines: readonly string[]): void {
    // Without automatic wrapping, so that a line of wide characters stays one line.
    this.#terminal.write(`${this.#erasure()}\x1b[?7l${lines.map((line) => `${line}\n`).join('')}\x1b[?7h`)
    this.#height = lines.length
  }

  /** Takes the region off the screen, so that text may be written. */
  clear(): void {
    if (this.#height > 0) this.#terminal.write(this.#erasure())
    this.#height = 0
  }

  #erasure(): string {
    return this.#height === 0 ? '' : `\x1b[${this.#height}A\x1b[J`
  }
}
