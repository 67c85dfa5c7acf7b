/**
 * Deletes what is kept long enough: what a node reported 30 days after it last said so (INV-16), changes after 90 days, and entries that no
 * node has any more. The last takes a look at all reports of a type in the transaction that deletes: a report that comes meanwhile and
 * needs one of the entries either sees it gone or keeps it.
 */
import { type Reader, type Tx, tables } from '#db/database.ts'
import { type TaskReport, task } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { unpackNumbers } from './entry-codec.ts'
import { contentsOfNodes, digestsOfType, removeItems } from './item-store.ts'
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
      if (!signal.aborted) entries += await write((tx) => forgetEntries(tx, type))
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

async function forgetEntries(tx: Tx, { account, region, typeName }: TypeOfScope): Promise<number> {
  const db = tables<InventoryTables>(tx)
  const nodeIds = (await digestsOfType(tx, account, region, typeName)).map(({ node_id }) => node_id)
  const used = new Set<number>()
  for (let first = 0; first < nodeIds.length; first += AT_ONCE) {
    for (const { entries } of await contentsOfNodes(tx, nodeIds.slice(first, first + AT_ONCE), typeName))
      for (const id of unpackNumbers(entries)) used.add(id)
  }
  const known = await db
    .selectFrom('inventory_entry')
    .select('id')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('type_name', '=', typeName)
    .execute()
  const unused = known.map(({ id }) => id).filter((id) => !used.has(id))
  for (let first = 0; first < unused.length; first += AT_ONCE)
    await db
      .deleteFrom('inventory_entry')
      .where('id', 'in', unused.slice(first, first + AT_ONCE))
      .execute()
  return unused.length
}
