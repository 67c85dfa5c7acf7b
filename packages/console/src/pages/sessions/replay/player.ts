/**
 * Plays a recording into a terminal. A terminal only goes forward: to go back it is emptied and everything up to the moment is shown anew,
 * at once. Of a session that goes on the lines are followed as they are written; at their end the player is live.
 */

import type { steward as model } from '@steward/model'
import { losslessBytes } from '@steward/protocol/recording/lossless-text.ts'
import { isAway } from '#api/failure.ts'
import { steward } from '#api/steward.ts'
import { createStore } from '#api/store.ts'
import type { Wire } from '#api/wire.ts'
import { Screen } from '../terminal/screen.ts'
import { RecordingLines } from './recording-lines.ts'

export interface PlayerState {
  /** In milliseconds. */
  readonly position: number
  readonly length: number
  readonly playing: boolean
  /** How many times as fast. */
  readonly speed: number
  /** Waits of more than a moment are left out. */
  readonly skipsPauses: boolean
  /** Shows what comes as it comes. */
  readonly live: boolean
  /** All of it is here; the session is over. */
  readonly complete: boolean
  /** At least the beginning is here. */
  readonly ready: boolean
  readonly error?: unknown
  readonly recording?: Wire<model.SessionRecording> | undefined
}

const LOOK_MS = 33
const PAUSE_MS = 1_500
/** Bytes that are handed to the terminal at once. */
const PORTION = 1 << 20
const WAIT_SECONDS = 20
const AWAITED_MS = 1_000

export class Player {
  readonly screen = new Screen({ readOnly: true, fixedSize: true })
  readonly recorded = new RecordingLines()
  readonly state = createStore<PlayerState>({
    position: 0,
    length: 0,
    playing: false,
    speed: 1,
    skipsPauses: true,
    live: false,
    complete: false,
    ready: false,
  })
  readonly #sessionId: string
  readonly #over = new AbortController()
  /** The next moment to show. */
  #next = 0
  #timer: ReturnType<typeof setInterval> | undefined
  #showing: Promise<void> = Promise.resolve()
  #goal = 0

  constructor(sessionId: string) {
    this.#sessionId = sessionId
  }

  /**
   * Reads the recording to its end, following a session that goes on. Begins to show at `from`, or live. With `awaited` a recording that
   * is not there yet will be: it begins with the first thing that the session shows.
   */
  async load(from: number | undefined, awaited: boolean): Promise<void> {
    try {
      if (awaited) await this.#untilBegun()
      for await (const { Recording, Lines = [], Complete = false } of this.#pages(awaited)) {
        this.recorded.add(Lines)
        this.#change({ recording: Recording, complete: Complete, length: this.recorded.length })
        if (!this.state.get().ready && (awaited || Complete || Lines.length === 0)) this.#begin(from)
        if (this.state.get().live) this.seek(this.recorded.length)
      }
      this.#change({ live: false })
    } catch (error) {
      if (!this.#over.signal.aborted) this.#change({ error })
    }
  }

  play(): void {
    const { position, length, complete } = this.state.get()
    if (complete && position >= length) this.seek(0)
    this.#change({ playing: true })
    clearInterval(this.#timer)
    let last = performance.now()
    this.#timer = setInterval(() => {
      const now = performance.now()
      this.#advance((now - last) * this.state.get().speed)
      last = now
    }, LOOK_MS)
  }

  pause(): void {
    clearInterval(this.#timer)
    this.#change({ playing: false, live: false })
  }

  /** Shows the terminal as it was then. */
  seek(milliseconds: number): void {
    const { length } = this.state.get()
    this.#goal = Math.max(0, Math.min(milliseconds, length))
    this.#change({ position: this.#goal })
    this.#showing = this.#showing.then(() => this.#show())
  }

  /** Stops at that moment, for somebody to look at it. */
  lookAt(milliseconds: number): void {
    this.pause()
    this.seek(milliseconds)
    this.screen.element.scrollIntoView({ block: 'nearest' })
  }

  /** To the end of what is there, and on with it. */
  goLive(): void {
    this.pause()
    this.#change({ live: true })
    this.seek(this.recorded.length)
  }

  change(change: Pick<Partial<PlayerState>, 'speed' | 'skipsPauses'>): void {
    this.#change(change)
  }

  dispose(): void {
    this.#over.abort()
    clearInterval(this.#timer)
    this.screen.dispose()
  }

  async #untilBegun(): Promise<void> {
    const input = { SessionId: this.#sessionId }
    while (!this.#over.signal.aborted) {
      // Who may not list them is told so by the recording itself.
      const listed = await steward('ListSessionRecordings', input, this.#over.signal).catch(() => undefined)
      if (!listed || listed.Recordings?.length) return
      await new Promise((resolve) => setTimeout(resolve, AWAITED_MS))
    }
  }

  /** To the end of what there is; with `waits`, to the end of the session, whatever the network does meanwhile. */
  async *#pages(waits: boolean) {
    const of = { SessionId: this.#sessionId, ...(waits && { WaitSeconds: WAIT_SECONDS }) }
    const { signal } = this.#over
    let NextToken: string | undefined
    while (!signal.aborted) {
      const page = await steward('GetSessionRecording', { ...of, NextToken }, signal).catch((error: unknown) => {
        if (!waits || NextToken === undefined || !isAway(error)) throw error
      })
      if (page) {
        yield page
        NextToken = page.NextToken
        if (!NextToken || (!waits && !page.Lines?.length)) return
      } else await new Promise((resolve) => setTimeout(resolve, AWAITED_MS))
    }
  }

  #begin(from: number | undefined): void {
    const { complete } = this.state.get()
    this.screen.terminal.resize(this.recorded.size.cols, this.recorded.size.rows)
    this.#change({ ready: true, live: !complete && from === undefined })
    this.seek(from ?? (complete ? 0 : this.recorded.length))
    if (complete && from === undefined) this.play()
  }

  #advance(milliseconds: number): void {
    const { position, length, skipsPauses, complete } = this.state.get()
    const next = this.recorded.moments.find((moment, index) => index >= this.#next && moment.milliseconds > position)
    const wait = (next?.milliseconds ?? length) - position
    const skipped = skipsPauses && wait > PAUSE_MS ? wait - PAUSE_MS : 0
    this.seek(position + skipped + milliseconds)
    if (this.state.get().position < length) return
    if (complete) this.pause()
    else this.goLive()
  }

  /** Shows what is between what was shown last and the goal, which may change meanwhile. */
  async #show(): Promise<void> {
    const { moments, size } = this.recorded
    const last = moments[this.#next - 1]
    if (last && last.milliseconds > this.#goal) {
      this.#next = 0
      this.screen.terminal.reset()
      this.screen.terminal.resize(size.cols, size.rows)
    }
    while (!this.#over.signal.aborted) {
      const moment = moments[this.#next]
      if (!moment || moment.milliseconds > this.#goal) return
      await this.#portion()
    }
  }

  async #portion(): Promise<void> {
    const { moments } = this.recorded
    let text = ''
    for (let left = PORTION; left > 0; this.#next += 1) {
      const moment = moments[this.#next]
      if (!moment || moment.milliseconds > this.#goal) break
      if (moment.code === 'r') {
        if (text !== '') break
        this.#resize(moment.data)
      } else if (moment.code === 'o') {
        text += moment.data
        left -= moment.data.length
      }
    }
    if (text !== '') await new Promise<void>((shown) => this.screen.terminal.write(losslessBytes(text), shown))
  }

  #resize(size: string): void {
    const [cols, rows] = size.split('x').map(Number)
    if (cols && rows) this.screen.terminal.resize(cols, rows)
  }

  #change(change: Partial<PlayerState>): void {
    this.state.set({ ...this.state.get(), ...change })
  }
}
