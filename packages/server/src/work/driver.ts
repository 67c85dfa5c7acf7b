/**
 * Runs the tasks: each one periodically and when woken, one run of it at a time. A wake during a run causes one more run
 * after it. A task that throws is logged and tried again at its next turn; nothing else retries.
 */
import type { Task, TaskContext, TaskReport } from '#kernel/declare.ts'

export interface TaskStatus {
  readonly name: string
  readonly everyMs: number
  readonly running: boolean
  readonly runs: number
  readonly failures: number
  readonly lastReport: TaskReport | undefined
  readonly lastError: string | undefined
  readonly lastMilliseconds: number | undefined
  /** When its last run began. */
  readonly lastRunAt: Date | undefined
  readonly lastFailureAt: Date | undefined
}

interface Entry {
  readonly task: Task
  timer: NodeJS.Timeout | undefined
  running: Promise<void> | undefined
  again: boolean
  status: { -readonly [K in keyof TaskStatus]: TaskStatus[K] }
}

export class Driver {
  readonly #entries = new Map<Task, Entry>()
  readonly #context: TaskContext
  #stopped = true

  constructor(tasks: readonly Task[], context: TaskContext) {
    this.#context = context
    for (const task of tasks) {
      const status = {
        name: task.name,
        everyMs: task.everyMs,
        running: false,
        runs: 0,
        failures: 0,
        lastReport: undefined,
        lastError: undefined,
        lastMilliseconds: undefined,
        lastRunAt: undefined,
        lastFailureAt: undefined,
      }
      this.#entries.set(task, { task, timer: undefined, running: undefined, again: false, status })
    }
  }

  /** Begins to run every task, the first time at once. */
  start(): void {
    this.#stopped = false
    for (const entry of this.#entries.values()) this.#trigger(entry)
  }

  wake(task: Task): void {
    const entry = this.#entries.get(task)
    if (entry && !this.#stopped) this.#trigger(entry)
  }

  /** Runs every task again; for when the clock was moved. */
  wakeAll(): void {
    if (!this.#stopped) for (const entry of this.#entries.values()) this.#trigger(entry)
  }

  /** Resolves when the tasks that run now are done; undefined if none runs. */
  busy(): Promise<unknown> | undefined {
    const running = [...this.#entries.values()].flatMap((entry) => entry.running ?? [])
    return running.length > 0 ? Promise.all(running) : undefined
  }

  status(): readonly TaskStatus[] {
    return [...this.#entries.values()].map(({ status }) => ({ ...status }))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const entry of this.#entries.values()) clearTimeout(entry.timer)
    await this.busy()
  }

  #trigger(entry: Entry): void {
    if (entry.running) {
      entry.again = true
      return
    }
    clearTimeout(entry.timer)
    entry.running = this.#runUntilQuiet(entry).finally(() => {
      entry.running = undefined
      if (this.#stopped) return
      // Woken between the last look and now.
      if (entry.again) this.#trigger(entry)
      else this.#schedule(entry)
    })
  }

  #schedule(entry: Entry): void {
    // Jitter keeps tasks of the same period from always running together.
    const delay = entry.task.everyMs * (0.9 + Math.random() * 0.2)
    entry.timer = setTimeout(() => this.#trigger(entry), delay)
    entry.timer.unref()
  }

  async #runUntilQuiet(entry: Entry): Promise<void> {
    do {
      entry.again = false
      await this.#runOnce(entry)
    } while (entry.again && !this.#stopped)
  }

  async #runOnce({ task, status }: Entry): Promise<void> {
    const started = performance.now()
    status.running = true
    status.lastRunAt = this.#context.now()
    status.runs++
    try {
      status.lastReport = await task.run(this.#context)
      status.lastError = undefined
      if (Object.values(status.lastReport).some((count) => count > 0)) {
        this.#context.log.debug({ task: task.name, ...status.lastReport }, 'task ran')
      }
    } catch (error) {
      status.failures++
      status.lastFailureAt = this.#context.now()
      status.lastError = error instanceof Error ? error.message : String(error)
      this.#context.log.error({ task: task.name, err: error }, 'task failed; it will be tried again')
    } finally {
      status.running = false
      status.lastMilliseconds = performance.now() - started
    }
  }
}
