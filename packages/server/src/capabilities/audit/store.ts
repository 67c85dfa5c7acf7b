import type { Kysely } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import { EMPTY, type Head, headAfter } from './chain.ts'
import type { AuditAnchorTable, AuditSealTable, AuditTables } from './tables.ts'

const insertEntryRow = statement((db: Kysely<AuditTables>, id: string, records: string) =>
  db.insertInto('audit_entry').values({ id, records }),
)

const insertUnsealedRow = statement((db: Kysely<AuditTables>, id: string) =>
  db.insertInto('audit_unsealed').values({ id }),
)

/** Puts records down that are to join the chain later. */
export async function addUnsealed(tx: Tx, id: string, records: string): Promise<void> {
  await insertEntryRow(tx, id, records)
  await insertUnsealedRow(tx, id)
}

export async function insertEntry(tx: Tx, id: string, records: string): Promise<void> {
  await insertEntryRow(tx, id, records)
}

/** The text of an entry. */
export async function findEntry(reader: Reader, id: string): Promise<string | undefined> {
  const entries = tables<AuditTables>(reader).selectFrom('audit_entry')
  return (await entries.select('records').where('id', '=', id).executeTakeFirst())?.records
}

/** The ids of entries that wait to join the chain, in order of their time. */
export async function unsealedIds(reader: Reader, limit: number): Promise<string[]> {
  const waiting = tables<AuditTables>(reader).selectFrom('audit_unsealed')
  return (await waiting.select('id').orderBy('id').limit(limit).execute()).map(({ id }) => id)
}

/** Adds a link to the chain, with its marks. Its entries wait no longer. */
export async function insertSeal(
  tx: Tx,
  row: AuditSealTable,
  marks: Iterable<number>,
  waited: string[],
): Promise<void> {
  const db = tables<AuditTables>(tx)
  await db.insertInto('audit_seal').values(row).execute()
  await insertMarks(tx, [...marks], row)
  await deleteUnsealed(tx, waited)
}

/** How many rows one statement is for: many of them as long as there are many, the rest one by one. */
const AT_ONCE = [100, 10, 1]

const deleteSome = AT_ONCE.map(() =>
  statement((db: Kysely<AuditTables>, ...ids: string[]) => db.deleteFrom('audit_unsealed').where('id', 'in', ids)),
)

async function deleteUnsealed(tx: Tx, ids: readonly string[]): Promise<void> {
  await inChunks(ids, (some, size) => deleteSome[size]!(tx, ...some))
}

/** `size` is the index of the chunk's length in AT_ONCE. */
async function inChunks<T>(all: readonly T[], work: (some: readonly T[], size: number) => Promise<unknown>) {
  let done = 0
  for (const [size, count] of AT_ONCE.entries()) {
    for (; all.length - done >= count; done += count) await work(all.slice(done, done + count), size)
  }
}

const insertSome = AT_ONCE.map((count) =>
  statement((db: Kysely<AuditTables>, last_at: string, sequence: number, ...marks: number[]) => {
    // Called with stand-ins, of which there are as many as arguments.
    const values = Array.from({ length: count }, (_, index) => ({ mark: marks[index]!, last_at, sequence }))
    return db.insertInto('audit_mark').values(values)
  }),
)

async function insertMarks(tx: Tx, marks: readonly number[], { last_at, sequence }: AuditSealTable): Promise<void> {
  await inChunks(marks, (some, size) => insertSome[size]!(tx, last_at, sequence, ...some))
}

/** The end of the chain. */
export async function readHead(reader: Reader): Promise<Head> {
  const last = await tables<AuditTables>(reader)
    .selectFrom('audit_seal')
    .selectAll()
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ? headAfter(last) : ((await readAnchor(reader)) ?? EMPTY)
}

/** The last link that begins with that record or one before it; undefined if it has expired. */
export async function linkAt(reader: Reader, record: number): Promise<AuditSealTable | undefined> {
  return tables<AuditTables>(reader)
    .selectFrom('audit_seal')
    .selectAll()
    .where('first_record', '<=', record)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Whether the chain ends here. Cheaper than reading where it ends, with all the hashes of a link. */
export async function isEnd(tx: Tx, { sequence }: Head): Promise<boolean> {
  const last = await tables<AuditTables>(tx)
    .selectFrom('audit_seal')
    .select('sequence')
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  return sequence === (last?.sequence ?? (await readAnchor(tx))?.sequence ?? 0)
}

/** Where the chain begins; undefined if nothing has expired yet. */
export function readAnchor(reader: Reader): Promise<AuditAnchorTable | undefined> {
  return tables<AuditTables>(reader).selectFrom('audit_anchor').selectAll().executeTakeFirst()
}

/** The next links after `sequence`: as many as hold about `size` characters, but one at least. */
export async function linksAfter(reader: Reader, sequence: number, size: number): Promise<AuditSealTable[]> {
  const db = tables<AuditTables>(reader)
  const ahead = await db
    .selectFrom('audit_seal')
    .select(['sequence', 'size'])
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .limit(MOST_LINKS)
    .execute()
  let last = ahead[0]
  if (!last) return []
  let left = size - last.size
  for (const link of ahead.slice(1)) {
    left -= link.size
    if (left < 0) break
    last = link
  }
  return db
    .selectFrom('audit_seal')
    .selectAll()
    .where('sequence', '>', sequence)
    .where('sequence', '<=', last.sequence)
    .orderBy('sequence')
    .execute()
}

const MOST_LINKS = 500

/** The sequence of the oldest link that ends at or after a time; one beyond the end if there is none. */
export async function firstLinkSince(reader: Reader, time: string): Promise<number> {
  const db = tables<AuditTables>(reader)
  const row = await db
    .selectFrom('audit_seal')
    .select((eb) => eb.fn.min('sequence').as('sequence'))
    .where('last_at', '>=', time)
    .executeTakeFirst()
  return row?.sequence ?? (await readHead(reader)).sequence + 1
}

/** The texts of these links' entries by id; what is missing is not in it. */
export function entriesOf(
  reader: Reader,
  links: readonly Pick<AuditSealTable, 'entries'>[],
): Promise<Map<string, string>> {
  return textsOf(
    reader,
    links.flatMap(({ entries }) => entries.split(' ')),
  )
}

/** The texts of entries by id; what is missing is not in it. */
export async function textsOf(reader: Reader, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tables<AuditTables>(reader).selectFrom('audit_entry').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, records }) => [id, records]))
}

/** What links are looked for: times of their records, and a mark. */
export interface LinkQuery {
  /** One of these; undefined: any link. */
  readonly marks: readonly number[] | undefined
  /** Inclusive. */
  readonly from: string
  readonly to: string
  readonly oldestFirst: boolean
}

/** Place of a link in the order in which they are looked through: that of their ends. */
export interface LinkPlace {
  readonly last_at: string
  readonly sequence: number
}

/** The places of links that may hold what is looked for, the latest first unless asked otherwise, after `after`. */
export async function findLinks(
  reader: Reader,
  { marks, ...query }: LinkQuery,
  after: LinkPlace | undefined,
  limit: number,
): Promise<LinkPlace[]> {
  // One by one, so that each is a walk along the index.
  const found = await Promise.all((marks ?? [undefined]).map((mark) => linksWith(reader, mark, query, after, limit)))
  if (found.length === 1) return found[0]!
  const earlier = (a: LinkPlace, b: LinkPlace) =>
    a.last_at < b.last_at ? -1 : a.last_at > b.last_at ? 1 : a.sequence - b.sequence
  const order = query.oldestFirst ? earlier : (a: LinkPlace, b: LinkPlace) => earlier(b, a)
  return found.flat().sort(order).slice(0, limit)
}

function linksWith(
  reader: Reader,
  mark: number | undefined,
  { from, to, oldestFirst }: Omit<LinkQuery, 'marks'>,
  after: LinkPlace | undefined,
  limit: number,
): Promise<LinkPlace[]> {
  const db = tables<AuditTables>(reader)
  const [beyond, direction] = oldestFirst ? (['>', 'asc'] as const) : (['<', 'desc'] as const)
  const query =
    mark === undefined
      ? db.selectFrom('audit_seal as l').select(['l.last_at', 'l.sequence'])
      : db.selectFrom('audit_mark as l').select(['l.last_at', 'l.sequence']).where('l.mark', '=', mark)
  return query
    .where('l.last_at', '>=', from)
    .where('l.last_at', '<=', to)
    .$if(after !== undefined, (some) =>
      some.where((eb) =>
        eb.or([
          eb('l.last_at', beyond, after!.last_at),
          eb.and([eb('l.last_at', '=', after!.last_at), eb('l.sequence', beyond, after!.sequence)]),
        ]),
      ),
    )
    .orderBy('l.last_at', direction)
    .orderBy('l.sequence', direction)
    .limit(limit)
    .execute()
}

/** What a search must know of a link; its hashes would be most of what is read. */
export type FoundLink = Pick<AuditSealTable, 'sequence' | 'entries' | 'first_at' | 'filter'>

export async function linksAt(reader: Reader, sequences: readonly number[]): Promise<FoundLink[]> {
  if (sequences.length === 0) return []
  const links = tables<AuditTables>(reader).selectFrom('audit_seal')
  return links.select(['sequence', 'entries', 'first_at', 'filter']).where('sequence', 'in', sequences).execute()
}

/** Takes the oldest links off the chain and notes where it begins from now on. */
export async function expireLinks(
  tx: Tx,
  links: readonly { row: AuditSealTable; marks: ReadonlySet<number> }[],
  anchor: AuditAnchorTable,
): Promise<void> {
  const db = tables<AuditTables>(tx)
  const ids = links.flatMap(({ row }) => row.entries.split(' '))
  await db.deleteFrom('audit_entry').where('id', 'in', ids).execute()
  for (const { row, marks } of links) {
    await db
      .deleteFrom('audit_mark')
      .where('mark', 'in', [...marks])
      .where('last_at', '=', row.last_at)
      .where('sequence', '=', row.sequence)
      .execute()
  }
  await db.deleteFrom('audit_seal').where('sequence', '<=', anchor.sequence).execute()
  await db
    .insertInto('audit_anchor')
    .values(anchor)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(anchor))
    .execute()
}
