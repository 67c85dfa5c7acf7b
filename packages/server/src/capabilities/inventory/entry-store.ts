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
  db.selectFrom('inventory_entry').select(['id', 'hash']).where('hash', 'in', hashes),
)

const contentsBy = statement((db: Kysely<InventoryTables>, ...ids: number[]) =>
  db.selectFrom('inventory_entry').select(['id', 'content']).where('id', 'in', ids),
)

/** The ids of entries, in their order; those that no node reported before are added. */
export async function internEntries(
  tx: Tx,
  scope: Scope,
  typeName: string,
  entries: readonly SharedEntry[],
): Promise<number[]> {
  const known = new Map<string, number>()
  const distinct = new Map(entries.map((entry) => [entry.hash, entry]))
  for (const hashes of inPieces([...distinct.keys()], LOOKED_UP)) {
    for (const { id, hash } of await idsOf(tx, ...hashes)) known.set(hash, id)
  }
  const unknown = [...distinct.values()].filter(({ hash }) => !known.has(hash))
  for (let first = 0; first < unknown.length; first += INSERTED) {
    const rows = unknown
      .slice(first, first + INSERTED)
      .map((entry) => ({ account: scope.account, region: scope.region, type_name: typeName, ...entry }))
    const added = await tables<InventoryTables>(tx)
      .insertInto('inventory_entry')
      .values(rows as never)
      .returning(['id', 'hash'])
      .execute()
    for (const { id, hash } of added) known.set(hash, id)
  }
  return entries.map(({ hash }) => known.get(hash)!)
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
