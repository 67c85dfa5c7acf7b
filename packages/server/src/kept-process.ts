/** A child process that is started again when it ends by itself. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

const STOPS_WITHIN_MS = 5_000
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
/** Who lived so long did not end because of how it was started. */
const SETTLED_MS = 60_000

export class KeptProcess {
  readonly #command: readonly string[]
  readonly #logFile: string
  readonly #ended: (how: string) => void
  #child: ChildProcess
  #pauseMs = FIRST_PAUSE_MS
  #restart: NodeJS.Timeout | undefined
  #isStopping = false

  /** `ended` is told how it ended, each time that it is about to be started again. */
  constructor(command: readonly string[], logFile: string, ended: (how: string) => void) {
    this.#command = command
    this.#logFile = logFile
    this.#ended = ended
    this.#child = this.#start()
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** How the last one ended; undefined while it runs. */
  get end(): string | undefined {
    const { exitCode, signalCode } = this.#child
    return exitCode === null && signalCode === null ? undefined : (signalCode ?? `code ${exitCode}`)
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    clearTimeout(this.#restart)
    if (this.end !== undefined) return
    const exited = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGTERM')
    const force = setTimeout(() => this.#child.kill('SIGKILL'), STOPS_WITHIN_MS)
    await exited
    clearTimeout(force)
  }

  #start(): ChildProcess {
    const [program, ...words] = this.#command
    const log = openSync(this.#logFile, 'a', 0o600)
    const child = spawn(program!, words, { stdio: ['ignore', log, log] })
    closeSync(log)
    const began = Date.now()
    child.once('exit', () => this.#again(Date.now() - began))
    // Without an exit: the program could not be started at all.
    child.once('error', () => this.#again(0))
    return child
  }

  #again(livedMs: number): void {
    if (this.#isStopping) return
    this.#ended(this.end ?? 'an error at its start')
    this.#pauseMs = livedMs > SETTLED_MS ? FIRST_PAUSE_MS : Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS)
    this.#restart = setTimeout(() => {
      this.#child = this.#start()
    }, this.#pauseMs)
  }
}
