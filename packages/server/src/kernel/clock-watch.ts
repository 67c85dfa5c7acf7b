/**
 * Notices when the machine's clock jumps ahead: set wrongly by hand, by a time server, by a host that was asleep; also while the server
 * was not running, which looks the same as if nobody had started it for long. Nothing is done
 * against the jump itself. But what cannot be undone, such as the deletion of what has expired, waits for an hour in which the clock
 * goes as time does, so that somebody may notice first.
 */
import type { Logger } from './logger.ts'

const JUMP_MS = 10 * 60_000
const SETTLING_MS = 60 * 60_000
/** Whoever was there half a day ago need not wait. */
const AWAY_MS = 12 * 60 * 60_000

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

  /** `lastSeen`: the machine's date when a server was last known to run, in milliseconds. */
  constructor(log: Logger, lastSeen?: number, clocks: Clocks = machine) {
    this.#log = log
    this.#clocks = clocks
    this.#wall = clocks.wall()
    this.#steady = clocks.steady()
    const away = this.#wall - (lastSeen ?? this.#wall)
    if (away <= AWAY_MS) return
    this.#jumpedAt = this.#steady
    const seconds = Math.round(away / 1000)
    log.info({ seconds }, 'the server was away for long, or the clock jumped ahead; what expires waits for an hour')
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
