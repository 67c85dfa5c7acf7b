import { spawn } from '@lydell/node-pty'

const END_LENGTH = 4000

/** A program in a terminal, its keyboard and what it shows. */
export class Screen implements Disposable {
  readonly #pty: ReturnType<typeof spawn>
  readonly #chunks: Buffer[] = []
  readonly #watchers = new Set<() => void>()
  /** The exit code. */
  readonly ended: Promise<number>
  #isOver = false
  #end = ''

  constructor(file: string, args: readonly string[], env: Readonly<Record<string, string | undefined>>) {
    this.#pty = spawn(file, [...args], { name: 'xterm-256color', cols: 100, rows: 30, env: { ...env }, encoding: null })
    this.#pty.onData((data: string | Buffer) => {
      this.#chunks.push(Buffer.from(data))
      this.#end = (this.#end + data).slice(-END_LENGTH)
      this.#tell()
    })
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#isOver = true
        resolve(exitCode)
        this.#tell()
      })
    })
  }

  /** What was shown last. */
  get end(): string {
    return this.#end
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  type(text: string): void {
    this.#pty.write(text)
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows)
  }

  /** Resolves once the end of what was shown matches. */
  async shows(wanted: RegExp, withinMs = 30_000): Promise<RegExpExecArray> {
    const deadline = AbortSignal.timeout(withinMs)
    while (true) {
      const match = wanted.exec(this.#end)
      if (match) return match
      if (this.#isOver || deadline.aborted) throw new Error(`The terminal does not show ${wanted}:\n${this.#end}`)
      await this.#change(deadline)
    }
  }

  [Symbol.dispose](): void {
    if (!this.#isOver) this.#pty.kill('SIGKILL')
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher()
  }

  #change(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#watchers.delete(done)
        deadline.removeEventListener('abort', done)
        resolve()
      }
      this.#watchers.add(done)
      deadline.addEventListener('abort', done)
    })
  }
}
