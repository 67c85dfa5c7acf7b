import type { Kysely } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { inserter, statement, updater } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import { type Entry, packNumbers, packOwn, unpackNumbers, unpackOwn } from './entry-codec.ts'
import { entriesBy } from './entry-store.ts'
import type { InventoryItemTable, InventoryTables } from './tables.ts'

const itemsOfNode = statement((db: Kysely<InventoryTables>, nodeId: string) =>
  db.selectFrom('inventory_item').selectAll().where('node_id', '=', nodeId).orderBy('type_name'),
)

const contentRow = statement((db: Kysely<InventoryTables>, nodeId: string, typeName: string) =>
  db
    .selectFrom('inventory_content')
    .select(['entries', 'own'])
    .where('node_id', '=', nodeId)
    .where('type_name', '=', typeName),
)

const insertItem = inserter<InventoryTables>('inventory_item')
const insertContent = inserter<InventoryTables>('inventory_content')
const updateItem = updater<InventoryTables>('inventory_item', ['node_id', 'type_name'])
const updateContent = updater<InventoryTables>('inventory_content', ['node_id', 'type_name'])

/** What a node reported, by type. */
export async function itemsOf(reader: Reader, nodeId: string): Promise<Map<string, InventoryItemTable>> {
  return new Map((await itemsOfNode(reader, nodeId)).map((row) => [row.type_name, row]))
}

/** The ids of a node's entries of a type, in the order in which it told them. */
export async function entryIds(reader: Reader, nodeId: string, typeName: string): Promise<number[]> {
  const [row] = await contentRow(reader, nodeId, typeName)
  return row ? unpackNumbers(row.entries) : []
}

/** The entries of a type of a node, in the order in which it told them. */
export async function contentOf(reader: Reader, nodeId: string, typeName: string): Promise<Entry[]> {
  return (await contentsOf(reader, [nodeId], typeName)).get(nodeId) ?? []
}

/** The entries of a type of several nodes; those that reported none are not in the map. */
export async function contentsOf(
  reader: Reader,
  nodeIds: readonly string[],
  typeName: string,
): Promise<Map<string, Entry[]>> {
  if (nodeIds.length === 0) return new Map()
  const reported = (await contentsOfNodes(reader, nodeIds, typeName)).map((row) => ({
    nodeId: row.node_id,
    ids: unpackNumbers(row.entries),
    own: unpackOwn(row.own),
  }))
  const shared = await entriesBy(
    reader,
    reported.flatMap(({ ids }) => ids),
  )
  return new Map(
    reported.map(({ nodeId, ids, own }) => [
      nodeId,
      ids.map((id, index) => ({ ...shared.get(id), ...(own[index] || {}) })),
    ]),
  )
}

/** The node has the content still. */
export async function touchItem(
  tx: Tx,
  nodeId: string,
  typeName: string,
  change: Pick<InventoryItemTable, 'capture_time' | 'changed_at' | 'content_hash' | 'reported_at' | 'schema_version'>,
): Promise<void> {
  await updateItem(tx, [nodeId, typeName], { ...change })
}

/** Replaces what the node reported of the type. */
export async function storeItem(
  tx: Tx,
  scope: Scope,
  item: Omit<InventoryItemTable, 'account' | 'region' | 'entries'>,
  content: { ids: readonly number[]; own: Parameters<typeof packOwn>[0]; isNew: boolean },
): Promise<void> {
  const { node_id, type_name, ...rest } = item
  const row = { ...rest, entries: content.ids.length }
  const packed = { entries: packNumbers(content.ids), own: packOwn(content.own) }
  if (content.isNew) {
    await insertItem(tx, { node_id, type_name, account: scope.account, region: scope.region, ...row })
    await insertContent(tx, { node_id, type_name, ...packed })
  } else {
    await updateItem(tx, [node_id, type_name], row)
    await updateContent(tx, [node_id, type_name], packed)
  }
}

/** Deletes what nodes reported of a type. */
export async function removeItems(tx: Tx, nodeIds: readonly string[], typeName: string): Promise<void> {
  if (nodeIds.length === 0) return
  for (const table of ['inventory_item', 'inventory_content'] as const) {
    await tables<InventoryTables>(tx)
      .deleteFrom(table)
      .where('node_id', 'in', nodeIds)
      .where('type_name', '=', typeName)
      .execute()
  }
}

/** Deletes everything that a node reported, and what is known of its changes. */
export async function forgetNode(tx: Tx, _scope: Scope, nodeId: string): Promise<void> {
  for (const table of ['inventory_item', 'inventory_content', 'inventory_change'] as const) {
    await tables<InventoryTables>(tx).deleteFrom(table).where('node_id', '=', nodeId).execute()
  }
}

/** Of each node that reported the type: what tells one content from another. */
export const digestsOfType = statement(
  (db: Kysely<InventoryTables>, account: string, region: string, typeName: string) =>
    db
      .selectFrom('inventory_item')
      .select(['node_id', 'digest'])
      .where('account', '=', account)
      .where('region', '=', region)
      .where('type_name', '=', typeName)
      .orderBy('node_id'),
)

/** Which entries of a type these nodes have. */
export function listsOfNodes(reader: Reader, nodeIds: readonly string[], typeName: string) {
  return tables<InventoryTables>(reader)
    .selectFrom('inventory_content')
    .select(['node_id', 'entries'])
    .where('type_name', '=', typeName)
    .where('node_id', 'in', nodeIds)
    .execute()
}

/** What these nodes reported of a type. */
export function contentsOfNodes(reader: Reader, nodeIds: readonly string[], typeName: string) {
  return tables<InventoryTables>(reader)
    .selectFrom('inventory_content')
    .select(['node_id', 'entries', 'own'])
    .where('type_name', '=', typeName)
    .where('node_id', 'in', nodeIds)
    .execute()
}

/** That these nodes reported a type, and when. */
export async function itemsOfNodes(
  reader: Reader,
  nodeIds: readonly string[],
  typeName: string,
): Promise<Map<string, InventoryItemTable>> {
  if (nodeIds.length === 0) return new Map()
  const rows = await tables<InventoryTables>(reader)
    .selectFrom('inventory_item')
    .selectAll()
    .where('type_name', '=', typeName)
    .where('node_id', 'in', nodeIds)
    .execute()
  return new Map(rows.map((row) => [row.node_id, row]))
}

/** That nodes reported something, all of it. */
export function reportsOfScope(reader: Reader, { account, region }: Scope): Promise<InventoryItemTable[]> {
  return tables<InventoryTables>(reader)
    .selectFrom('inventory_item')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .execute()
}

/** How many nodes reported something, ever and since a time, and what is there of each type. */
export async function summarizeReports(reader: Reader, { account, region }: Scope, since: Date) {
  const inScope = tables<InventoryTables>(reader)
    .selectFrom('inventory_item')
    .where('account', '=', account)
    .where('region', '=', region)
  const types = await inScope
    .select(({ fn }) => [
      'type_name',
      fn.countAll<number | string>().as('nodes'),
      fn.sum<number | string>('entries').as('entries'),
      fn.max('reported_at').as('last'),
    ])
    .groupBy('type_name')
    .execute()
  const nodes = inScope.select(({ fn }) => fn.count<number | string>('node_id').distinct().as('count'))
  const all = await nodes.executeTakeFirstOrThrow()
  const recent = await nodes.where('reported_at', '>=', since.toISOString()).executeTakeFirstOrThrow()
  return {
    nodes: Number(all.count),
    nodesSince: Number(recent.count),
    types: new Map(
      types.map(({ type_name, nodes, entries, last }) => [
        type_name,
        { nodes: Number(nodes), entries: Number(entries), lastReported: new Date(last) },
      ]),
    ),
  }
}
