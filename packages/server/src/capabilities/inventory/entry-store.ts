import type { Kysely } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Entry, SharedEntry } from './entry-codec.ts'
import type { InventoryTables } from './tables.ts'

/** Values of one `in`: always as many, so that the query is put together once. */
const LOOKED_UP = 150
const INSERTED = 100

const idsOf = statement((db: Kysely<InventoryTables>, ...hashes: string[]) =>
  db.selectFrom('inventory_entry').select(['id', 'hash', 'unused_since']).where('hash', 'in', hashes),
)

const contentsBy = statement((db: Kysely<InventoryTables>, ...ids: number[]) =>
  db.selectFrom('inventory_entry').select(['id', 'content']).where('id', 'in', ids),
)

/**
 * The ids of those of the entries that are stored, by their hashes, but for those that may be deleted soon. Looked up before the
 * transaction that needs them, because there it would conflict with everybody who adds entries.
 */
export async function knownEntries(reader: Reader, entries: readonly SharedEntry[]): Promise<Map<string, number>> {
  const known = new Map<string, number>()
  for (const { id, hash, unused_since } of await lookUp(reader, entries)) if (!unused_since) known.set(hash, id)
  return known
}

async function lookUp(reader: Reader, entries: readonly SharedEntry[]) {
  const rows = []
  const hashes = [...new Set(entries.map(({ hash }) => hash))]
  for (const some of inPieces(hashes, LOOKED_UP)) rows.push(...(await idsOf(reader, ...some)))
  return rows
}

/** The ids of entries, in their order; those that no node reported before are added. `known` is what `knownEntries` found. */
export async function internEntries(
  tx: Tx,
  scope: Scope,
  typeName: string,
  entries: readonly SharedEntry[],
  known: ReadonlyMap<string, number>,
): Promise<number[]> {
  const ids = new Map(known)
  const unknown = new Map(entries.filter(({ hash }) => !ids.has(hash)).map((entry) => [entry.hash, entry]))
  for (const { id, hash } of await addEntries(tx, scope, typeName, [...unknown.values()])) {
    ids.set(hash, id)
    unknown.delete(hash)
  }
  const unused = await lookUp(tx, [...unknown.values()])
  for (const { id, hash } of unused) ids.set(hash, id)
  if (unused.length > 0) {
    const used = unused.map(({ id }) => id)
    await tables<InventoryTables>(tx)
      .updateTable('inventory_entry')
      .set({ unused_since: null })
      .where('id', 'in', used)
      .execute()
  }
  return entries.map(({ hash }) => ids.get(hash)!)
}

/** Adds those that are not there yet, and resolves with their ids. */
async function addEntries(tx: Tx, { account, region }: Scope, typeName: string, entries: readonly SharedEntry[]) {
  const added: { id: number; hash: string }[] = []
  for (let first = 0; first < entries.length; first += INSERTED) {
    const rows = entries
      .slice(first, first + INSERTED)
      .map((entry) => ({ account, region, type_name: typeName, unused_since: null, ...entry }))
    const some = await tables<InventoryTables>(tx)
      .insertInto('inventory_entry')
      .values(rows as never)
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .returning(['id', 'hash'])
      .execute()
    added.push(...some)
  }
  return added
}

/** The entries with these ids, without the attributes of a node's own. */
export async function entriesBy(reader: Reader, ids: Iterable<number>): Promise<Map<number, Entry>> {
  const found = new Map<number, Entry>()
  for (const some of inPieces([...new Set(ids)], LOOKED_UP)) {
    for (const { id, content } of await contentsBy(reader, ...some)) found.set(id, JSON.parse(content) as Entry)
  }
  return found
}

/** All entries of a type behind an id, in order of their ids; up to `limit`. */
export const entriesAfter = statement(
  (db: Kysely<InventoryTables>, account: string, region: string, typeName: string, after: number, limit: number) =>
    db
      .selectFrom('inventory_entry')
      .select(['id', 'content'])
      .where('account', '=', account)
      .where('region', '=', region)
      .where('type_name', '=', typeName)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit),
)

/** Pieces of the same length; the last one is filled up with its last value. */
function inPieces<T>(values: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / length) }, (_, piece) => {
    const some = values.slice(piece * length, (piece + 1) * length)
    return [...some, ...Array<T>(length - some.length).fill(some.at(-1)!)]
  })
}
