import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { FleetCounts, RunCounts } from '@steward/testkit/fleet.ts'

export interface SimulatorRequest {
  readonly id: number
  readonly task: string
  readonly args: unknown[]
}

/** A fleet in a process of its own, so that what it costs is not charged to whoever measures. */
export class SimulatorProcess implements AsyncDisposable {
  readonly #child: ChildProcess = fork(new URL('simulator.ts', import.meta.url))
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  #lastId = 0

  constructor() {
    this.#child.on('message', ({ id, result, error }: { id: number; result: unknown; error?: string }) => {
      const waiting = this.#waiting.get(id)!
      this.#waiting.delete(id)
      if (error) waiting.reject(new Error(error))
      else waiting.resolve(result)
    })
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Takes over the first `count` nodes of the file; their requests are signed, but nothing is sent yet. */
  play(url: string, nodesFile: string, count: number): Promise<void> {
    return this.#ask('play', url, nodesFile, count)
  }

  /** Resolves with the milliseconds that connecting all took. */
  connect(): Promise<number> {
    return this.#ask('connect')
  }

  /** Signs anew: signatures are good for some minutes only. */
  prepare(): Promise<void> {
    return this.#ask('prepare')
  }

  whenConnected(): Promise<void> {
    return this.#ask('whenConnected')
  }

  counts(): Promise<FleetCounts> {
    return this.#ask('counts')
  }

  /** Resolves when the counts are as wanted. */
  async until(wanted: (counts: FleetCounts) => boolean, withinMs = 120_000): Promise<void> {
    const until = performance.now() + withinMs
    for (;;) {
      const counts = await this.counts()
      if (wanted(counts)) return
      if (performance.now() > until) throw new Error(`The fleet was not as wanted: ${JSON.stringify(counts)}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  disconnect(): Promise<void> {
    return this.#ask('disconnect')
  }

  /** Each node asks for its associations so often. */
  pollAssociations(everyMs: number): Promise<void> {
    return this.#ask('pollAssociations', everyMs)
  }

  /** The runs of associations that have begun since `forgetRuns`. */
  runs(): Promise<RunCounts> {
    return this.#ask('runs')
  }

  forgetRuns(): Promise<void> {
    return this.#ask('forgetRuns')
  }

  #ask<T>(task: string, ...args: unknown[]): Promise<T> {
    const request: SimulatorRequest = { id: ++this.#lastId, task, args }
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve: resolve as (result: unknown) => void, reject })
      this.#child.send(request)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }
}
