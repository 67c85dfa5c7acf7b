/** Starts one of the plain servers that Steward is measured beside; such a program sends its URL to its parent. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { COLLECTABLE } from './process-usage.ts'

export class Beside implements AsyncDisposable {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  /** `program` is a file's URL. */
  static async start(program: URL, ...args: string[]): Promise<Beside> {
    const child = fork(program, args, { execArgv: COLLECTABLE })
    const [url] = await once(child, 'message')
    return new Beside(url, child)
  }

  get pid(): number {
    return this.#child.pid!
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }
}
