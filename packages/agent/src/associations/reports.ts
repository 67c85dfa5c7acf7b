/*
 * What the server is to hear of associations, one call after the other in the order in which it happened. While the server is
 * away everything waits, up to a bound; what it refuses for good is dropped, because it would refuse it for ever.
 */
import type { JsonObject } from '@steward/protocol'
import { objectOr } from '#document/document.ts'
import { type Log, sentenceOf } from '#log.ts'
import { isPassing, type SsmClient } from '#server/ssm-client.ts'

export type Report = {
  operation: 'UpdateInstanceAssociationStatus' | 'PutComplianceItems'
  input: JsonObject
  /** Called once, when the server has it or never will. */
  settled?(): void | Promise<void>
}

const mostWaiting = 1000

/** Times by a clock that nobody sets. */
type Heard = { status: unknown; at: number; pendingUntil: number }

export class Reports {
  readonly #ssm: SsmClient
  readonly #log: Log
  readonly #waiting: Report[] = []
  /** What the server last took of each association. */
  readonly #heard = new Map<unknown, Heard>()
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
    const heard = this.#heard.get(associationId)
    return (heard !== undefined && heard.at >= at) || this.#about(associationId).length > 0
  }

  /** Whether it is this node that a server would have `Pending` from which it was asked for at that `performance.now()`. */
  madePending(associationId: string, at: number): boolean {
    const heard = this.#heard.get(associationId)
    if (heard?.status === 'Pending' || (heard !== undefined && heard.pendingUntil >= at)) return true
    return this.#about(associationId).some(({ input }) => statusOf(input) === 'Pending')
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
      this.#hear(report.input)
      this.#waiting.shift()
      await report.settled?.()
    }
    this.#sending = false
    for (const resolve of this.#drained) resolve()
    this.#drained.clear()
  }

  #about(associationId: string): Report[] {
    return this.#waiting.filter(({ input }) => input.AssociationId === associationId)
  }

  #hear(input: JsonObject): void {
    const { AssociationId: id } = input
    const before = this.#heard.get(id)
    const at = performance.now()
    const pendingUntil = before?.status === 'Pending' ? at : (before?.pendingUntil ?? Number.NEGATIVE_INFINITY)
    this.#heard.set(id, { status: statusOf(input), at, pendingUntil })
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      setTimeout(resolve, ms).unref()
    })
  }
}

function statusOf(input: JsonObject): unknown {
  return objectOr(input.ExecutionResult).Status
}
