/**
 * Finds records by time and attribute, the newest first. Links may overlap in time, so a record is passed on only when no link that
 * was not looked into yet can hold a newer one.
 */
import type { Reader } from '#db/database.ts'
import { type AuditRecord, eventId, instantOf } from '#kernel/audit-record.ts'
import { type Attribute, hasAttribute, marksToFind, mayHold, textToFind } from './marks.ts'
import { entriesOf, type FoundLink, findLinks, type LinkPlace, linksAt } from './store.ts'
import { LINK_SPAN_MS } from './trail.ts'

/** Links that are found with one query. */
const PLACES = 50
/** How long the server does nothing else meanwhile. */
const TURN_MS = 10
/** How long one page is searched for; an answer may have fewer records than asked for, and a token to go on. */
const PATIENCE_MS = 1_000

const LARGEST_RANDOM = `ffffffff-ffff-4fff-ffff-ffffffffffff`

export interface Search {
  readonly attribute: { readonly key: Attribute | 'EventId'; readonly value: string } | undefined
  /** Epoch milliseconds, both inclusive. */
  readonly from: number
  readonly to: number
  /** A cheap look at the text of a record: false if it cannot be one that is looked for. */
  readonly mayBe?: (line: string) => boolean
  readonly isVisible: (record: AuditRecord) => boolean
  readonly limit: number
}

export interface Found {
  readonly records: readonly AuditRecord[]
  /** To go on, ask for records whose ids are below this, which was looked at already. Undefined if there are no more. */
  readonly next: string | undefined
}

export type Read = <T>(work: (reader: Reader) => Promise<T>) => Promise<T>

/** The newest records that match and whose ids are below `below`. */
export async function search(read: Read, wanted: Search, below: string | undefined): Promise<Found> {
  const range = rangeOf(wanted, below)
  const found = new Sorted()
  if (!range) return { records: [], next: undefined }
  const patience = performance.now() + PATIENCE_MS
  let after: LinkPlace | undefined
  let turn = performance.now()
  for (;;) {
    const places = await read((reader) => findLinks(reader, range, after, PLACES))
    const links = await read((reader) => linksAt(reader, placesToSequences(places)))
    const bySequence = new Map(links.map((link) => [link.sequence, link]))
    for (const place of places) {
      if (found.countAfter(place.last_at) > wanted.limit) return found.page(wanted.limit)
      if (performance.now() > patience) return found.soFar(place.last_at)
      const link = bySequence.get(place.sequence)
      if (link && mayBeIn(link, range)) found.add(await recordsOf(read, link, wanted, range, below))
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

interface Range {
  readonly mark: number | undefined
  readonly marks: readonly number[] | undefined
  readonly from: string
  readonly to: string
  readonly firstMs: number
  readonly lastMs: number
}

/** Times between which links must end, and records must be. Undefined if nothing can be found. */
function rangeOf({ attribute, from, to }: Search, below: string | undefined): Range | undefined {
  const mayBe = below === undefined ? to : Math.min(to, instantOf(below) ?? to)
  if (!attribute) return range(undefined, from, mayBe)
  if (attribute.key !== 'EventId') return range(marksToFind(attribute.key, attribute.value), from, mayBe)
  const at = instantOf(attribute.value)
  return at === undefined || at < from || at > mayBe ? undefined : range(undefined, at, at)
}

function range(
  find: { readonly mark: number; readonly among: readonly number[] } | undefined,
  firstMs: number,
  lastMs: number,
): Range {
  return { mark: find?.mark, marks: find?.among, firstMs, lastMs, from: iso(firstMs), to: iso(lastMs + LINK_SPAN_MS) }
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
  below: string | undefined,
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
    if (at === undefined || at < firstMs || at > lastMs || (below !== undefined && record!.eventID >= below)) continue
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

/** Records in order of their ids, the newest first. */
class Sorted {
  #records: AuditRecord[] = []

  add(records: readonly AuditRecord[]): void {
    if (records.length > 0)
      this.#records = [...this.#records, ...records].sort((a, b) => (a.eventID < b.eventID ? 1 : -1))
  }

  /** How many are later than the time. */
  countAfter(time: string): number {
    const end = Date.parse(time)
    const older = this.#records.findIndex(({ eventID }) => instantOf(eventID)! <= end)
    return older < 0 ? this.#records.length : older
  }

  page(limit: number): Found {
    const records = this.#records.slice(0, limit)
    return { records, next: this.#records.length > limit ? records.at(-1)!.eventID : undefined }
  }

  /** Those that are later than what was not looked into yet. */
  soFar(time: string): Found {
    const next = eventId(new Date(time), LARGEST_RANDOM)
    return { records: this.#records.slice(0, this.countAfter(time)), next }
  }
}
