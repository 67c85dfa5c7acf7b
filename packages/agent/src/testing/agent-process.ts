import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestNode } from '#testing/test-node.ts'

const ownProgram = new URL('../main.ts', import.meta.url).pathname

/** The agent as a process of its own, so that it can be killed without a word. */
export class AgentProcess {
  readonly #child: ChildProcess
  log = ''

  private constructor(child: ChildProcess) {
    this.#child = child
    child.stderr!.on('data', (chunk) => {
      this.log += chunk
    })
  }

  /** `program` is the file to run, if it is not this checkout's. */
  static async start(node: TestNode, program = ownProgram, ...options: string[]): Promise<AgentProcess> {
    const child = spawn(process.execPath, [program, 'run', '--state', node.state, ...options], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const agent = new AgentProcess(child)
    await node.server.untilConnected()
    return agent
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Sends a signal and waits for the end; answers the exit code. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    const [code] = (await ended) as [number | null]
    return code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.end('SIGKILL')
  }
}
