/**
 * The two orders in which records are found. Links are looked through by their ends; one that was not looked into yet may overlap
 * those that were, and the frontier is how far records are known to be complete nevertheless. Pure.
 */
import { type AuditRecord, eventId, instantOf } from '#kernel/audit-record.ts'
import { LINK_SPAN_MS } from './trail.ts'

export interface RecordOrder {
  readonly oldestFirst: boolean
  /** Whether a record, by its id, comes after another. */
  isAfter(id: string, other: string): boolean
  /** The instant that is reached when the links from this end on are left: records before it, in this order, are all found. */
  frontier(lastAt: string): number
  /** Whether an instant comes before the frontier. */
  isReached(instant: number, frontier: number): boolean
  /** The id after which to go on from the frontier. */
  resume(frontier: number): string
}

const LARGEST_RANDOM = 'ffffffff-ffff-4fff-ffff-ffffffffffff'
const SMALLEST_RANDOM = '00000000-0000-4000-0000-000000000000'

export const NEWEST_FIRST: RecordOrder = {
  oldestFirst: false,
  isAfter: (id, other) => id < other,
  frontier: (lastAt) => Date.parse(lastAt),
  isReached: (instant, frontier) => instant > frontier,
  resume: (frontier) => eventId(new Date(frontier), LARGEST_RANDOM),
}

/** A link that ends later may have begun as much earlier as a link may span. */
export const OLDEST_FIRST: RecordOrder = {
  oldestFirst: true,
  isAfter: (id, other) => id > other,
  frontier: (lastAt) => Date.parse(lastAt) - LINK_SPAN_MS,
  isReached: (instant, frontier) => instant < frontier,
  resume: (frontier) => eventId(new Date(frontier), SMALLEST_RANDOM),
}

/** Records in an order of their ids. */
export class SortedRecords {
  readonly #order: RecordOrder
  #records: AuditRecord[] = []

  constructor(order: RecordOrder) {
    this.#order = order
  }

  add(records: readonly AuditRecord[]): void {
    if (records.length > 0)
      this.#records = [...this.#records, ...records].sort((a, b) =>
        this.#order.isAfter(a.eventID, b.eventID) ? 1 : -1,
      )
  }

  /** How many come before the frontier. */
  countTo(frontier: number): number {
    const rest = this.#records.findIndex(({ eventID }) => !this.#order.isReached(instantOf(eventID)!, frontier))
    return rest < 0 ? this.#records.length : rest
  }

  page(limit: number): Found {
    const records = this.#records.slice(0, limit)
    return { records, next: this.#records.length > limit ? records.at(-1)!.eventID : undefined }
  }

  /** Those that come before the frontier. */
  soFar(frontier: number): Found {
    return { records: this.#records.slice(0, this.countTo(frontier)), next: this.#order.resume(frontier) }
  }
}

export interface Found {
  readonly records: readonly AuditRecord[]
  /** To go on, ask for records whose ids come after this, which was looked at already. Undefined if there are no more. */
  readonly next: string | undefined
}
