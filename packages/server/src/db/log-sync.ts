/**
 * Makes SQLite's write-ahead log durable without holding up the event loop. The connection runs with `synchronous=NORMAL`, in which
 * a commit appends to the log and leaves it to the system when that reaches the disk; we ask for it ourselves, in a thread of
 * the system's pool, and tell nobody of a commit before. While one sync is under way others may commit; the next sync
 * is for all of them.
 *
 * A sync that failed is never tried again: the system may have forgotten the pages that it could not write, and the next sync would
 * succeed without them. From then on nothing is durable here until a restart has read the log again.
 */
import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

interface Waiting {
  resolve(): void
  reject(reason: unknown): void
}

export class LogSync {
  readonly #database: string
  #fd: number | undefined
  #waiting: Waiting[] = []
  #running = false
  #latest: Promise<void> = Promise.resolve()
  #failure: unknown

  /** `database` is the path of a database in WAL mode. Its log need not exist before the first commit. */
  constructor(database: string) {
    this.#database = database
  }

  /** Resolves once everything that was committed before this call is on the disk. */
  durable(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure)
    this.#latest = new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      if (!this.#running) this.#sync()
    })
    return this.#latest
  }

  /** The same for somebody who committed nothing, but may have seen what others committed: there is nothing more to sync. */
  caughtUp(): Promise<void> {
    return this.#latest
  }

  #sync(): void {
    this.#running = true
    const served = this.#waiting
    this.#waiting = []
    try {
      this.#fd ??= openLog(this.#database)
    } catch (error) {
      this.#fail(error, served)
      return
    }
    fdatasync(this.#fd, (error) => {
      this.#running = false
      if (error) this.#fail(error, served)
      else {
        for (const { resolve } of served) resolve()
        if (this.#waiting.length > 0) this.#sync()
      }
    })
  }

  #fail(error: unknown, served: readonly Waiting[]): void {
    this.#failure = error
    for (const { reject } of [...served, ...this.#waiting.splice(0)]) reject(error)
  }

  /** To be called when nobody waits any more. */
  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
  }
}

function openLog(database: string): number {
  const fd = openSync(`${database}-wal`, 'r')
  // The log's name in its folder must survive a power cut too.
  const folder = openSync(dirname(database), 'r')
  fsyncSync(folder)
  closeSync(folder)
  return fd
}
