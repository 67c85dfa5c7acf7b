/** What runs in a terminal. */
export type PtyProgram = {
  /** The program and its arguments. */
  command: string[]
  environment: { [name: string]: string }
  directory: string
  columns: number
  rows: number
  /** The id of the user whom the terminal is given to; undefined: the user of this process. */
  owner: number | undefined
}

/** How a program ended: with a code, or by a signal, whose number it is (0: none). */
export type PtyExit = { code: number; signal: number }

/** A terminal with a program in it. */
export type Pty = {
  /** The program's process, which leads a session of its own. */
  readonly pid: number
  /** What the program shows, in order. Nothing is lost before the first listener. */
  onOutput(listener: (bytes: Buffer) => void): void
  /** The program is gone. Others may still hold the terminal, and output may still come. */
  readonly exited: Promise<PtyExit>
  /** Nothing holds the terminal any more, and all output was told. */
  readonly closed: Promise<void>
  /** Types something; resolves when the terminal took it, which it does not while the program reads nothing. */
  write(bytes: Uint8Array): Promise<void>
  resize(columns: number, rows: number): void
  /** Reads no more, so that the program has to wait once the terminal is full. */
  pause(): void
  resume(): void
  /** Gives the terminal up at once. */
  destroy(): void
}
