import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export interface Load {
  readonly url: string
  readonly operation: string
  /** One of them at random for each request. */
  readonly bodies: readonly string[]
  readonly connections: number
  readonly seconds: number
}

export interface LoadResult {
  readonly perSecond: number
  /** Answers with another status than 200. */
  readonly refused: number
}

/** The load generator, in a process of its own. */
export class LoadProcess implements AsyncDisposable {
  readonly #child: ChildProcess = fork(new URL('load.ts', import.meta.url))

  async run(load: Load): Promise<LoadResult> {
    this.#child.send(load)
    const [result] = await once(this.#child, 'message')
    return result
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }
}
