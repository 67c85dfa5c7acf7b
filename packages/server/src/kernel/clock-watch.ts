/**
 * Notices when the machine's clock jumps ahead: set wrongly by hand, by a time server, by a host that was asleep. Nothing is done
 * against the jump itself. But what cannot be undone, such as the deletion of what has expired, waits for an hour in which the clock
 * goes as time does, so that somebody may notice first.
 */
import type { Logger } from './logger.ts'

const JUMP_MS = 10 * 60_000
const SETTLING_MS = 60 * 60_000

export interface Clocks {
  /** The machine's date, in milliseconds. */
  readonly wall: () => number
  /** Milliseconds that go on whatever happens to the date. */
  readonly steady: () => number
}

const machine: Clocks = { wall: () => Date.now(), steady: () => performance.now() }

export class ClockWatch {
  readonly #log: Logger
  readonly #clocks: Clocks
  #wall: number
  #steady: number
  #jumpedAt = Number.NEGATIVE_INFINITY

  constructor(log: Logger, clocks: Clocks = machine) {
    this.#log = log
    this.#clocks = clocks
    this.#wall = clocks.wall()
    this.#steady = clocks.steady()
  }

  /** False for an hour after a jump. To be asked every few minutes: a jump is what happened between two questions. */
  isSteady(): boolean {
    const [wall, steady] = [this.#clocks.wall(), this.#clocks.steady()]
    const ahead = wall - this.#wall - (steady - this.#steady)
    ;[this.#wall, this.#steady] = [wall, steady]
    if (ahead > JUMP_MS) {
      this.#jumpedAt = steady
      this.#log.error({ seconds: Math.round(ahead / 1000) }, 'the clock jumped ahead; what expires waits for an hour')
    }
    return steady - this.#jumpedAt >= SETTLING_MS
  }
}
