/*
 * What the server is to hear of associations, one call after the other in the order in which it happened. While the server is
 * away everything waits, up to a bound; what it refuses for good is dropped, because it would refuse it for ever.
 */
import type { JsonObject } from '@steward/protocol'
import { type Log, sentenceOf } from '#log.ts'
import { isPassing, type SsmClient } from '#server/ssm-client.ts'

export type Report = {
  operation: 'UpdateInstanceAssociationStatus' | 'PutComplianceItems'
  input: JsonObject
  /** Called once, when the server has it or never will. */
  settled?(): void | Promise<void>
}

const mostWaiting = 1000

export class Reports {
  readonly #ssm: SsmClient
  readonly #log: Log
  readonly #waiting: Report[] = []
  /** When the server last took something about an association, by a clock that nobody sets. */
  readonly #heardAt = new Map<unknown, number>()
  readonly #drained = new Set<() => void>()
  #sending = false
  #stopped = false
  #wake: () => void = () => {}

  constructor(ssm: SsmClient, log: Log) {
    this.#ssm = ssm
    this.#log = log
  }

  add(report: Report): void {
    this.#waiting.push(report)
    // The first may be on its way.
    if (this.#waiting.length > mostWaiting) void this.#waiting.splice(1, 1)[0]!.settled?.()
    if (!this.#sending) void this.#send()
  }

  /** Whether there is something that the server has not heard of an association, or had not at that `performance.now()`. */
  isBehind(associationId: string, at = Number.POSITIVE_INFINITY): boolean {
    if ((this.#heardAt.get(associationId) ?? Number.NEGATIVE_INFINITY) >= at) return true
    return this.#waiting.some(({ input }) => input.AssociationId === associationId)
  }

  /** Resolves when the server has heard everything. */
  drained(): Promise<void> {
    return this.#sending ? new Promise((resolve) => void this.#drained.add(resolve)) : Promise.resolve()
  }

  /** The server is in reach again: nobody waits for the next attempt. */
  connected(): void {
    this.#wake()
  }

  stop(): void {
    this.#stopped = true
    this.#wake()
  }

  async #send(): Promise<void> {
    this.#sending = true
    for (let waitMs = 1000; this.#waiting.length > 0 && !this.#stopped; ) {
      const report = this.#waiting[0]!
      const refused = await this.#ssm.call(report.operation, report.input).then(
        () => undefined,
        (error: unknown) => error,
      )
      if (refused !== undefined && isPassing(refused)) {
        await this.#pause(waitMs)
        waitMs = Math.min(waitMs * 2, 60_000)
        continue
      }
      if (refused !== undefined) this.#log.warn('the server did not take a report', { why: sentenceOf(refused) })
      waitMs = 1000
      this.#heardAt.set(report.input.AssociationId, performance.now())
      this.#waiting.shift()
      await report.settled?.()
    }
    this.#sending = false
    for (const resolve of this.#drained) resolve()
    this.#drained.clear()
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      setTimeout(resolve, ms).unref()
    })
  }
}
