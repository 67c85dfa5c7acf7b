/**
 * Takes SQLite's write-ahead log into the database file, in a thread of its own (`checkpoint-thread.ts`). By itself SQLite does that in
 * the midst of a commit, and the whole server stands still while thousands of pages are copied and two files synced.
 *
 * The thread copies while others write, and again what they wrote meanwhile, until little is left. For that little the writer waits,
 * which holds up nobody else, so that the log comes to an end and begins anew; it would grow for as long as somebody writes. What stands in the
 * way of that, such as a long read, is waited for until the log has grown as much once more.
 */
import { Worker } from 'node:worker_threads'
import type { FromCheckpointThread, ToCheckpointThread } from './checkpoint-thread.ts'

const FILE = new URL('./checkpoint-thread.ts', import.meta.url)

/** The thread has nothing to remember. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 }

export class Checkpoints {
  readonly #path: string
  readonly #every: number
  readonly #failed: (error: Error) => void
  /** Started when it is first needed; most installations are small. */
  #thread: Worker | undefined
  #running = false
  #next: number
  #pause: PromiseWithResolvers<void> | undefined

  /** `every`: pages in the log that the database has not. `failed` is told what went wrong; it is tried again later. */
  constructor(path: string, every: number, failed: (error: Error) => void) {
    this.#path = path
    this.#every = every
    this.#failed = failed
    this.#next = every
  }

  /** To be told after commits how many pages the log has that the database has not. */
  committed(pages: number): void {
    if (pages < this.#every) this.#next = this.#every
    if (this.#running || pages < this.#next) return
    this.#running = true
    this.#next = pages + this.#every
    this.#thread ??= this.#start()
    this.#tell('begin')
  }

  /** To be awaited by whoever writes, before a transaction. */
  get pause(): Promise<void> | undefined {
    return this.#pause?.promise
  }

  /** What is under way is left where it is: the log has it all. */
  async close(): Promise<void> {
    await this.#thread?.terminate()
  }

  #start(): Worker {
    const thread = new Worker(FILE, { workerData: this.#path, name: 'checkpoints', resourceLimits: THREAD_LIMITS })
    thread.unref()
    thread.on('message', (message: FromCheckpointThread) => this.#receive(message))
    thread.on('error', this.#failed)
    thread.on('exit', () => {
      this.#thread = undefined
      this.#over()
    })
    return thread
  }

  #receive(message: FromCheckpointThread): void {
    if (message === 'little left') {
      this.#pause = Promise.withResolvers()
      this.#tell('finish')
      return
    }
    if (message !== 'finished') this.#failed(Object.assign(new Error(message.message), { errcode: message.errcode }))
    this.#over()
  }

  #over(): void {
    this.#running = false
    this.#pause?.resolve()
    this.#pause = undefined
  }

  #tell(message: ToCheckpointThread): void {
    this.#thread?.postMessage(message)
  }
}
