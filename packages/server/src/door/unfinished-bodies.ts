import type { IncomingMessage } from 'node:http'
import { Slots } from './slots.ts'

/** Requests whose bodies are being read. One timer looks after all of them: one for each would cost every request. */
export class UnfinishedBodies {
  readonly #unfinished = new Slots<Unfinished>()
  readonly #timer: NodeJS.Timeout

  /** Calls `late` with those that take longer than `limitMs`, once each; looks every `everyMs`. */
  constructor({ limitMs, everyMs }: { limitMs: number; everyMs: number }, late: (incoming: IncomingMessage) => void) {
    const look = () => {
      const latest = performance.now() - limitMs
      for (const [, unfinished] of this.#unfinished) {
        if (unfinished.told || unfinished.since > latest) continue
        unfinished.told = true
        late(unfinished.incoming)
      }
    }
    this.#timer = setInterval(look, everyMs).unref()
  }

  /** Answers what ends it. */
  begin(incoming: IncomingMessage): () => void {
    const unfinished = { incoming, since: performance.now(), told: false }
    const slot = this.#unfinished.take(unfinished)
    return () => this.#unfinished.free(slot, unfinished)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

interface Unfinished {
  readonly incoming: IncomingMessage
  readonly since: number
  told: boolean
}
