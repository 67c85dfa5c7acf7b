import type { Io } from '#io.ts'

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** The keyboard and the screen that a session takes over. What is no terminal is a plain stream, and has the size that Amazon's plugin says then. */
export class Terminal {
  readonly #io: Io

  constructor(io: Io) {
    this.#io = io
  }

  get size(): TerminalSize {
    const { columns, rows } = this.#io.stdout
    return columns && rows ? { columns, rows } : { columns: 300, rows: 100 }
  }

  /** Calls `changed` at each change of the window until the returned function is called. */
  onResize(changed: (size: TerminalSize) => void): () => void {
    const listener = () => changed(this.size)
    this.#io.stdout.on?.('resize', listener)
    return () => void this.#io.stdout.off?.('resize', listener)
  }

  /** Every key goes to the session as it is, Ctrl-C too, until the returned function is called. */
  takeOver(): () => void {
    const { stdin } = this.#io
    if (!stdin.isTTY || !stdin.setRawMode) return () => {}
    stdin.setRawMode(true)
    return () => void stdin.setRawMode?.(false)
  }
}
