/**
 * Takes down what sessions show. All recordings are written together, twice a second, or sooner when much is waiting: that is what a
 * server that is killed can lose, and how late somebody sees it who follows a recording. A round that fails leaves everything where it was, for the next one; until then recordings fall
 * behind, and the relay stops reading from their nodes. So nothing is shown for long that cannot be recorded, and memory is bounded.
 */
import type { RelayedSession, SessionRecorder, SessionRecorderParts, SessionRecording } from '#kernel/declare.ts'
import { OpenRecording } from './open-recording.ts'

/** From the first thing that waits to the round that writes it. */
const ROUND_MS = 500
/** Recordings that one transaction writes. */
const AT_ONCE = 64

export class Recorder implements SessionRecorder {
  readonly #parts: SessionRecorderParts
  readonly #open = new Map<string, OpenRecording>()
  readonly #waiting = new Set<OpenRecording>()
  #timer: NodeJS.Timeout | undefined
  /** What the timer was set to. */
  #wait = 0
  #round: Promise<void> | undefined
  #soon = false
  #failed = false
  #stopped = false

  constructor(parts: SessionRecorderParts) {
    this.#parts = parts
  }

  begin(session: RelayedSession): SessionRecording {
    const known = this.#open.get(session.sessionId)
    if (known) return known
    const recording = new OpenRecording(session, this.#parts, (soon) => this.#wake(recording, soon))
    this.#open.set(session.sessionId, recording)
    // So that it can be followed from its beginning.
    this.#wake(recording, true)
    return recording
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const recording of this.#open.values()) recording.stop()
    await this.settled()
  }

  /** Resolves once what was told before is stored, or could not be. */
  async settled(): Promise<void> {
    await this.#round
    if (this.#waiting.size > 0) await this.#begin()
  }

  #wake(recording: OpenRecording, soon: boolean): void {
    this.#waiting.add(recording)
    this.#soon ||= soon
    this.#schedule()
  }

  /** One round at a time; and not at once after one that failed. */
  #schedule(): void {
    if (this.#round || this.#stopped || this.#waiting.size === 0) return
    const wait = this.#soon && !this.#failed ? 0 : ROUND_MS
    if (this.#timer && wait >= this.#wait) return
    clearTimeout(this.#timer)
    this.#wait = wait
    this.#timer = setTimeout(() => this.#begin(), wait)
  }

  #begin(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#soon = false
    this.#failed = false
    this.#round = this.#run().finally(() => {
      this.#round = undefined
      this.#schedule()
    })
    return this.#round
  }

  /** Writes what waits when it begins. Never rejects: what fails waits for the next round. */
  async #run(): Promise<void> {
    const waiting = [...this.#waiting]
    for (let done = 0; done < waiting.length; done += AT_ONCE)
      await this.#writeSome(waiting.slice(done, done + AT_ONCE))
  }

  async #writeSome(recordings: readonly OpenRecording[]): Promise<void> {
    const ready: OpenRecording[] = []
    for (const recording of recordings) {
      this.#waiting.delete(recording)
      await this.#tried([recording], async () => {
        if (await recording.prepare()) ready.push(recording)
      })
    }
    await this.#tried(ready, () => this.#write(ready))
    const closed = recordings.filter(({ isClosed }) => isClosed)
    for (const { sessionId } of closed) this.#open.delete(sessionId)
    if (closed.length > 0) this.#parts.audit.added()
  }

  async #write(ready: readonly OpenRecording[]): Promise<void> {
    if (ready.length === 0) return
    await this.#parts.database.write(async (tx) => {
      for (const recording of ready) await recording.write(tx)
    })
    for (const recording of ready) if (recording.written()) this.#wake(recording, true)
  }

  async #tried(recordings: readonly OpenRecording[], work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#parts.log.error({ err: error, recordings: recordings.length }, 'sessions could not be recorded yet')
      for (const recording of recordings) this.#waiting.add(recording)
      this.#failed = true
    }
  }
}
