/**
 * Finds records by time and attribute, the newest first or the oldest. Links may overlap in time, so a record is passed on only when
 * no link that was not looked into yet can hold one that comes before it.
 */
import type { Reader } from '#db/database.ts'
import { type AuditRecord, instantOf } from '#kernel/audit-record.ts'
import { type Attribute, hasAttribute, marksToFind, mayHold, textToFind } from './marks.ts'
import { type Found, NEWEST_FIRST, OLDEST_FIRST, type RecordOrder, SortedRecords } from './record-order.ts'
import { entriesOf, type FoundLink, findLinks, type LinkPlace, type LinkQuery, linksAt } from './store.ts'
import { LINK_SPAN_MS } from './trail.ts'

/** Links that are found with one query. */
const PLACES = 50
/** How long the server does nothing else meanwhile. */
const TURN_MS = 10
/** How long one page is searched for, once it is beyond the last; an answer may have fewer records than asked for, and a token to go on. */
const PATIENCE_MS = 1_000

export interface Search {
  readonly attribute: { readonly key: Attribute | 'EventId'; readonly value: string } | undefined
  /** Epoch milliseconds, both inclusive. */
  readonly from: number
  readonly to: number
  /** A cheap look at the text of a record: false if it cannot be one that is looked for. */
  readonly mayBe?: (line: string) => boolean
  readonly isVisible: (record: AuditRecord) => boolean
  readonly limit: number
  readonly oldestFirst?: boolean
}

export type Read = <T>(work: (reader: Reader) => Promise<T>) => Promise<T>

/** The first records that match and whose ids come after `beyond`. */
export async function search(read: Read, wanted: Search, beyond: string | undefined): Promise<Found> {
  const order = wanted.oldestFirst ? OLDEST_FIRST : NEWEST_FIRST
  const range = rangeOf(wanted, order, beyond)
  const found = new SortedRecords(order)
  if (!range) return { records: [], next: undefined }
  let patience = Number.POSITIVE_INFINITY
  let after: LinkPlace | undefined
  let turn = performance.now()
  for (;;) {
    const places = await read((reader) => findLinks(reader, range, after, PLACES))
    const links = await read((reader) => linksAt(reader, placesToSequences(places)))
    const bySequence = new Map(links.map((link) => [link.sequence, link]))
    for (const place of places) {
      const frontier = order.frontier(place.last_at)
      if (found.countTo(frontier) > wanted.limit) return found.page(wanted.limit)
      if (performance.now() > patience) return found.soFar(frontier)
      // Or pages would begin at the same place for ever.
      if (order.isReached(range.startMs, frontier)) patience = Math.min(patience, performance.now() + PATIENCE_MS)
      const link = bySequence.get(place.sequence)
      if (link && mayBeIn(link, range))
        found.add(await recordsOf(read, link, wanted, range, (id) => beyond === undefined || order.isAfter(id, beyond)))
      if (performance.now() - turn < TURN_MS) continue
      // Others want to be answered too.
      await new Promise((resolve) => setImmediate(resolve))
      turn = performance.now()
    }
    after = places.at(-1)
    if (places.length < PLACES) return found.page(wanted.limit)
  }
}

function placesToSequences(places: readonly LinkPlace[]): number[] {
  return places.map(({ sequence }) => sequence)
}

/** A link may end later than what is looked for, and its filter knows better than its marks. */
function mayBeIn({ first_at, filter }: FoundLink, { mark, lastMs }: Range): boolean {
  return Date.parse(first_at) <= lastMs && (mark === undefined || mayHold(filter, mark))
}

interface Range extends LinkQuery {
  readonly mark: number | undefined
  readonly firstMs: number
  readonly lastMs: number
  /** The one of these that comes first. */
  readonly startMs: number
}

/** Times between which links must end, and records must be. Undefined if nothing can be found. */
function rangeOf(
  { attribute, from, to }: Search,
  { oldestFirst }: RecordOrder,
  beyond: string | undefined,
): Range | undefined {
  const start = beyond === undefined ? undefined : instantOf(beyond)
  const first = oldestFirst ? Math.max(from, start ?? from) : from
  const last = oldestFirst ? to : Math.min(to, start ?? to)
  if (!attribute) return range(undefined, first, last, oldestFirst)
  if (attribute.key !== 'EventId') return range(marksToFind(attribute.key, attribute.value), first, last, oldestFirst)
  const at = instantOf(attribute.value)
  return at === undefined || at < first || at > last ? undefined : range(undefined, at, at, oldestFirst)
}

function range(
  find: { readonly mark: number; readonly among: readonly number[] } | undefined,
  firstMs: number,
  lastMs: number,
  oldestFirst: boolean,
): Range {
  return {
    mark: find?.mark,
    marks: find?.among,
    from: iso(firstMs),
    to: iso(lastMs + LINK_SPAN_MS),
    oldestFirst,
    firstMs,
    lastMs,
    startMs: oldestFirst ? firstMs : lastMs,
  }
}

/** The last instants that a Date can hold have years of more than four digits, which do not sort. */
function iso(milliseconds: number): string {
  return new Date(Math.min(Math.max(milliseconds, 0), Date.UTC(9999, 11, 31))).toISOString()
}

async function recordsOf(
  read: Read,
  link: FoundLink,
  { attribute, mayBe, isVisible }: Search,
  { firstMs, lastMs }: Range,
  isWanted: (id: string) => boolean,
): Promise<AuditRecord[]> {
  const content = await read((reader) => entriesOf(reader, [link]))
  const records: AuditRecord[] = []
  const text = attribute && JSON.stringify(textToFind(attribute.key, attribute.value)).slice(1, -1)
  for (const line of [...content.values()].flatMap((entry) => entry.split('\n'))) {
    // Looking for a text is much faster than parsing.
    if (text !== undefined && !line.includes(text)) continue
    if (mayBe && !mayBe(line)) continue
    const record = parsed(line)
    const at = record && instantOf(record.eventID)
    if (at === undefined || at < firstMs || at > lastMs || !isWanted(record!.eventID)) continue
    if (attribute && !hasAttribute(record!, attribute.key, attribute.value)) continue
    if (isVisible(record!)) records.push(record!)
  }
  return records
}

/** A record that was damaged is for the verification to name, not for lookups. */
function parsed(line: string): AuditRecord | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
