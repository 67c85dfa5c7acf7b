/** Tells the directory of sessions what was seen of them: many at a time, in order, again if the database is in trouble. */
import { setTimeout } from 'node:timers/promises'
import type { Database } from '#db/database.ts'
import type { NodeRef, SessionDirectory, SessionSighting } from '#kernel/declare.ts'
import type { Logger } from '#kernel/logger.ts'

const SIGHTINGS_PER_WRITE = 256
/** Between two attempts on a database that is in trouble. */
const PAUSE_MS = 1_000

export interface SessionReportsParts {
  readonly database: Database
  readonly directory: SessionDirectory
  readonly log: Logger
  readonly wakeNode: (node: NodeRef) => void
}

export class SessionReports {
  readonly #parts: SessionReportsParts
  #waiting: SessionSighting[] = []
  #writing: Promise<void> | undefined
  readonly #stop = new AbortController()

  constructor(parts: SessionReportsParts) {
    this.#parts = parts
  }

  add(sighting: SessionSighting): void {
    this.#waiting.push(sighting)
    this.#writing ??= this.#write()
  }

  /** Resolves once everything is durable; undefined if it is. */
  busy(): Promise<void> | undefined {
    return this.#writing
  }

  /** Writes what waits, and does not try again if that fails. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#writing
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      await new Promise((resolve) => setImmediate(resolve))
      const sightings = this.#waiting.splice(0, SIGHTINGS_PER_WRITE)
      try {
        const { directory, database, wakeNode } = this.#parts
        const { wakeNodes } = await database.write((tx) => directory.seen(tx, sightings))
        for (const node of wakeNodes) wakeNode(node)
      } catch (error) {
        this.#parts.log.error(
          { err: error, sightings: sightings.length },
          'sessions could not be recorded; trying again',
        )
        if (this.#stop.signal.aborted) break
        this.#waiting.unshift(...sightings)
        await setTimeout(PAUSE_MS, undefined, { signal: this.#stop.signal }).catch(() => {})
      }
    }
    this.#writing = undefined
  }
}
