import type { IncomingMessage } from 'node:http'

/** Requests whose bodies are being read. One timer looks after all of them: one for each would cost every request. */
export class UnfinishedBodies {
  /** By when they began, the oldest first. */
  readonly #since = new Map<IncomingMessage, number>()
  readonly #timer: NodeJS.Timeout

  /** Calls `late` with those that take longer than `limitMs`, once each; looks every `everyMs`. */
  constructor({ limitMs, everyMs }: { limitMs: number; everyMs: number }, late: (incoming: IncomingMessage) => void) {
    const look = () => {
      const latest = performance.now() - limitMs
      for (const [incoming, since] of this.#since) {
        if (since > latest) return
        this.#since.delete(incoming)
        late(incoming)
      }
    }
    this.#timer = setInterval(look, everyMs).unref()
  }

  begin(incoming: IncomingMessage): void {
    this.#since.set(incoming, performance.now())
  }

  end(incoming: IncomingMessage): void {
    this.#since.delete(incoming)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
