/*
 * The restart of the machine that a step asked for. Between the asking and the machine's going down there may be minutes; commands
 * and associations begin nothing meanwhile, because the machine would take it away from under them. Whether the machine has gone
 * down is told by its boot id alone: an agent that was restarted is no machine that was.
 */
import type { Log } from '#log.ts'
import { Detached } from '#stop-reason.ts'

export type RebootOptions = {
  /** Changes with every boot of the machine; empty where the system does not tell. */
  bootId: string
  /** Restarts the machine; answers why it could not. */
  restart(): Promise<string | undefined>
  /** How long the machine may take to go down, in milliseconds. */
  patienceMs: number
  log: Log
}

export class Reboot {
  readonly bootId: string
  readonly #options: RebootOptions
  readonly #stays: (() => void)[] = []
  #coming: NodeJS.Timeout | undefined

  constructor(options: RebootOptions) {
    this.bootId = options.bootId
    this.#options = options
  }

  /** Whether the machine is about to go down: what has not begun is left to the agent that comes up with it. */
  get isComing(): boolean {
    return this.#coming !== undefined
  }

  /** Whether a restart that was asked for in that boot is still to come. */
  isAhead(boot: string | undefined): boolean {
    return Boolean(boot) && boot === this.bootId
  }

  /** The listener hears when the machine, which was about to go down, stays up after all. */
  onStay(listener: () => void): void {
    this.#stays.push(listener)
  }

  /** The machine is about to go down. */
  expect(): void {
    clearTimeout(this.#coming)
    this.#coming = setTimeout(() => this.#stay(), this.#options.patienceMs).unref()
  }

  /** Restarts the machine and waits for it to go down. Resolves with why it did not, or when it is no longer waited for. */
  async ask(signal: AbortSignal): Promise<string> {
    const refused = await this.#options.restart()
    if (refused !== undefined) {
      this.#options.log.error('the machine could not be restarted', { why: refused })
      this.#stay()
      return 'the machine could not be restarted'
    }
    this.expect()
    await elapsed(this.#options.patienceMs, signal)
    return 'the machine was not restarted'
  }

  #stay(): void {
    clearTimeout(this.#coming)
    this.#coming = undefined
    for (const listener of this.#stays) listener()
  }
}

/** Resolves then, or at the signal; throws when that is Detached. */
async function elapsed(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms).unref()
    signal.addEventListener('abort', done)
  })
  if (signal.reason instanceof Detached) throw signal.reason
}
