/**
 * Deletes what is kept long enough: what a node reported 30 days after it last said so (INV-16), changes after 90 days, and entries that no
 * node has any more. Of those it first only says so; a report that needs one of them meanwhile says that it is used again. A day later
 * those are deleted of which nobody said so and that still no node has, so what is deleted was out of the hands of every report.
 */
import { type Reader, type Tx, tables } from '#db/database.ts'
import { type TaskReport, task } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { unpackNumbers } from './entry-codec.ts'
import { digestsOfType, listsOfNodes, removeItems } from './item-store.ts'
import type { InventoryTables } from './tables.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const REPORTS_KEPT_MS = 30 * DAY_MS
const CHANGES_KEPT_MS = 90 * DAY_MS
const AT_ONCE = 500

export const forgetOld = task({
  name: 'inventory.forget-old',
  everyMs: 6 * HOUR_MS,
  async run({ read, write, now, clockIsSteady, signal }): Promise<TaskReport> {
    if (!clockIsSteady()) return {}
    const before = (keptMs: number) => new Date(now().getTime() - keptMs).toISOString()
    const all = async (some: (tx: Tx) => Promise<number>) => {
      let total = 0
      for (let done = AT_ONCE; done === AT_ONCE && !signal.aborted; total += done) done = await write(some)
      return total
    }
    const reports = await all((tx) => forgetReports(tx, before(REPORTS_KEPT_MS)))
    const changes = await all((tx) => forgetChanges(tx, before(CHANGES_KEPT_MS)))
    let entries = 0
    for (const type of await read(typesWithEntries)) {
      if (signal.aborted) break
      const { unused, known } = await read((reader) => unusedEntries(reader, type))
      for (const some of inPieces(known)) entries += await write((tx) => forgetEntries(tx, some, unused, now()))
    }
    return { reports, changes, entries }
  },
})

async function forgetReports(tx: Tx, before: string): Promise<number> {
  const rows = await tables<InventoryTables>(tx)
    .selectFrom('inventory_item')
    .select(['node_id', 'type_name'])
    .where('reported_at', '<', before)
    .limit(AT_ONCE)
    .execute()
  for (const [typeName, some] of Map.groupBy(rows, ({ type_name }) => type_name)) {
    const nodeIds = some.map(({ node_id }) => node_id)
    await removeItems(tx, nodeIds, typeName)
  }
  return rows.length
}

async function forgetChanges(tx: Tx, before: string): Promise<number> {
  const db = tables<InventoryTables>(tx)
  const rows = await db.selectFrom('inventory_change').select('id').where('at', '<', before).limit(AT_ONCE).execute()
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0) await db.deleteFrom('inventory_change').where('id', 'in', ids).execute()
  return ids.length
}

type TypeOfScope = Scope & { readonly typeName: string }

function typesWithEntries(reader: Reader): Promise<TypeOfScope[]> {
  return tables<InventoryTables>(reader)
    .selectFrom('inventory_entry')
    .select(['account', 'region', 'type_name as typeName'])
    .distinct()
    .execute()
}

interface KnownEntry {
  readonly id: number
  readonly unused_since: string | null
}

/** All entries of a type, and the ids of those that no node has. */
async function unusedEntries(
  reader: Reader,
  { account, region, typeName }: TypeOfScope,
): Promise<{ known: KnownEntry[]; unused: ReadonlySet<number> }> {
  const known = await tables<InventoryTables>(reader)
    .selectFrom('inventory_entry')
    .select(['id', 'unused_since'])
    .where('account', '=', account)
    .where('region', '=', region)
    .where('type_name', '=', typeName)
    .execute()
  const unused = new Set(known.map(({ id }) => id))
  const nodeIds = (await digestsOfType(reader, account, region, typeName)).map(({ node_id }) => node_id)
  for (const some of inPieces(nodeIds)) {
    for (const { entries } of await listsOfNodes(reader, some, typeName))
      for (const id of unpackNumbers(entries)) unused.delete(id)
  }
  return { known, unused }
}

async function forgetEntries(
  tx: Tx,
  known: readonly KnownEntry[],
  unused: ReadonlySet<number>,
  now: Date,
): Promise<number> {
  const db = tables<InventoryTables>(tx)
  const cutoff = new Date(now.getTime() - DAY_MS).toISOString()
  const idsOf = (wanted: (entry: KnownEntry) => boolean) => known.filter(wanted).map(({ id }) => id)
  const toMark = idsOf(({ id, unused_since }) => unused.has(id) && unused_since === null)
  const toClear = idsOf(({ id, unused_since }) => !unused.has(id) && unused_since !== null)
  const toDelete = idsOf(({ id, unused_since }) => unused.has(id) && unused_since !== null && unused_since < cutoff)
  const mark = (unused_since: string | null, ids: readonly number[]) =>
    db.updateTable('inventory_entry').set({ unused_since }).where('id', 'in', ids).execute()
  if (toMark.length > 0) await mark(now.toISOString(), toMark)
  if (toClear.length > 0) await mark(null, toClear)
  if (toDelete.length === 0) return 0
  const { numDeletedRows } = await db
    .deleteFrom('inventory_entry')
    .where('id', 'in', toDelete)
    .where('unused_since', '<', cutoff)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

function inPieces<T>(values: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(values.length / AT_ONCE) }, (_, piece) =>
    values.slice(piece * AT_ONCE, (piece + 1) * AT_ONCE),
  )
}
