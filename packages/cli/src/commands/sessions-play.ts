import { existsSync } from 'node:fs'
import { type CastEvent, parseCastLine } from '@steward/protocol/recording/cast.ts'
import { losslessBytes } from '@steward/protocol/recording/lossless-text.ts'
import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { EXIT } from '#fault.ts'
import { type Io, writeInTurn } from '#io.ts'
import { castFileLines } from '#sessions/cast-file.ts'
import { nothingToSee, recordingPages } from '#sessions/recording-pages.ts'
import { Terminal } from '#sessions/terminal.ts'

export interface PlayOptions {
  /** How many times as fast. */
  readonly speed: number
  /** The longest wait, in seconds. */
  readonly idle: number
  /** Seconds after which it begins to wait. */
  readonly from?: number
}

/** Colours, the cursor, the main screen, and keys as they were, whatever a program did that was cut off. */
export const RESTORE_TERMINAL = '\x1b[0m\x1b[?25h\x1b[?1049l\x1b[?2004l\x1b[?1000l\x1b[?1006l\x1b[?1l\x1b>'

/** Shows a recording in the time that it took, or at once where nobody watches. */
export async function sessionsPlay(io: Io, recording: string, options: PlayOptions): Promise<number> {
  const player = new Player(io, options)
  try {
    for await (const event of eventsOf(io, recording)) {
      if (event.code === 'o') await player.show(event)
      if (player.isOver) return EXIT.cancelled
    }
    return EXIT.ok
  } finally {
    player.end()
  }
}

async function* eventsOf(io: Io, recording: string): AsyncGenerator<CastEvent> {
  if (existsSync(recording)) {
    for await (const line of castFileLines(recording)) yield* parsed(line)
    return
  }
  let told = false
  for await (const page of recordingPages(new Api(connection(io.env)), recording)) {
    const nothing = nothingToSee(page.recording)
    if (nothing && !told) io.stderr.write(`${nothing}\n`)
    told = true
    for (const line of page.lines) yield* parsed(line)
  }
}

function parsed(line: string): CastEvent[] {
  const event = parseCastLine(line)
  return event ? [event] : []
}

class Player {
  readonly #io: Io
  readonly #options: PlayOptions
  readonly #waits: boolean
  readonly #letGo: () => void
  /** What was shown last. */
  #milliseconds = 0
  #paused: PromiseWithResolvers<void> | undefined
  #wake: (() => void) | undefined
  isOver = false

  constructor(io: Io, options: PlayOptions) {
    this.#io = io
    this.#options = options
    this.#waits = io.stdout.isTTY === true
    if (!this.#waits) {
      this.#letGo = () => {}
      return
    }
    const giveBack = new Terminal(io).takeOver()
    const stopListening = io.onInterrupt(() => this.#leave())
    // What terminals answer to questions in the recording arrives here too, and goes nowhere.
    const onKeys = (keys: Buffer) => this.#press(keys.toString())
    io.stdin.on('data', onKeys)
    this.#letGo = () => {
      io.stdin.off('data', onKeys).pause()
      stopListening()
      giveBack()
      io.stdout.write(RESTORE_TERMINAL)
    }
  }

  /** Resolves once it was shown, or somebody left. */
  async show({ milliseconds, data }: CastEvent): Promise<void> {
    const pause = Math.min(milliseconds - this.#milliseconds, this.#options.idle * 1000) / this.#options.speed
    const waits = this.#waits && milliseconds > (this.#options.from ?? 0) * 1000
    this.#milliseconds = milliseconds
    if (waits && pause > 0) await this.#wait(pause)
    await this.#paused?.promise
    if (!this.isOver) await writeInTurn(this.#io.stdout, losslessBytes(data))
  }

  end(): void {
    this.#letGo()
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #press(keys: string): void {
    if (keys === 'q' || keys === '\x03') this.#leave()
    if (keys !== ' ') return
    if (this.#paused) this.#paused.resolve()
    this.#paused = this.#paused ? undefined : Promise.withResolvers()
  }

  #leave(): void {
    this.isOver = true
    this.#paused?.resolve()
    this.#wake?.()
  }
}
