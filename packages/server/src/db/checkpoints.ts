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

/** From a commit to the look at how long the log is. */
const LOOK_MS = 10

interface Parts {
  /** Of the database. */
  readonly path: string
  /** With how many pages that the database has not the log is taken in. */
  readonly every: number
  /** How many that are now. */
  pagesInLog(): number
  /** What went wrong; it is tried again later. */
  failed(error: Error): void
}

export class Checkpoints {
  readonly #parts: Parts
  /** Started when it is first needed; most installations are small. */
  #thread: Worker | undefined
  #running = false
  #closed = false
  #look: NodeJS.Timeout | undefined
  /** Pages in the log with which it begins. */
  #next: number
  #pause: PromiseWithResolvers<void> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.#next = parts.every
  }

  /** To be told of every commit. */
  committed(): void {
    if (this.#running || this.#look || this.#closed) return
    this.#look = setTimeout(() => {
      this.#look = undefined
      try {
        this.#begin(this.#parts.pagesInLog())
      } catch (error) {
        this.#parts.failed(error as Error)
      }
    }, LOOK_MS).unref()
  }

  /** To be awaited by whoever writes, before a transaction. */
  get pause(): Promise<void> | undefined {
    return this.#pause?.promise
  }

  /** What is under way is left where it is: the log has it all. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#look)
    await this.#thread?.terminate()
  }

  #begin(pages: number): void {
    const { every } = this.#parts
    if (pages < every) this.#next = every
    if (pages < this.#next) return
    this.#running = true
    this.#next = pages + every
    this.#thread ??= this.#start()
    this.#tell('begin')
  }

  #start(): Worker {
    const thread = new Worker(FILE, {
      workerData: this.#parts.path,
      name: 'checkpoints',
      resourceLimits: THREAD_LIMITS,
    })
    thread.unref()
    thread.on('message', (message: FromCheckpointThread) => this.#receive(message))
    thread.on('error', (error: Error) => this.#parts.failed(error))
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
    if ('left' in message) this.#next = message.left + this.#parts.every
    else this.#parts.failed(Object.assign(new Error(message.message), { errcode: message.errcode }))
    this.#over()
  }

  #over(): void {
    this.#running = false
    this.#pause?.resolve()
    this.#pause = undefined
    // Of what was committed meanwhile.
    this.committed()
  }

  #tell(message: ToCheckpointThread): void {
    this.#thread?.postMessage(message)
  }
}
