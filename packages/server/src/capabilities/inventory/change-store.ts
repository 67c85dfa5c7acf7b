/** What changed on nodes, and when (INV-18). */
import type { InventoryChange } from '@steward/model/generated/steward.ts'
import type { Selectable } from 'kysely'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { ChangeKindName, InventoryChangeTable, InventoryTables } from './tables.ts'

export interface ChangeFilter {
  readonly nodeId: string | undefined
  readonly typeName: string | undefined
  readonly name: string | undefined
  readonly kinds: readonly ChangeKindName[] | undefined
  readonly since: Date | undefined
  readonly until: Date | undefined
}

/** Changes that satisfy the filter, the latest first, before the change with the id `before`. */
export async function listChanges(
  reader: Reader,
  scope: Scope,
  { nodeId, typeName, name, kinds, since, until }: ChangeFilter,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<Selectable<InventoryChangeTable>[]> {
  let query = inScope(reader, scope).selectAll()
  if (nodeId !== undefined) query = query.where('node_id', '=', nodeId)
  if (typeName !== undefined) query = query.where('type_name', '=', typeName)
  if (name !== undefined) query = query.where('name', '=', name)
  if (kinds) query = query.where('kind', 'in', kinds)
  if (since) query = query.where('at', '>=', since.toISOString())
  if (until) query = query.where('at', '<', until.toISOString())
  if (before !== undefined) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

/** The latest changes since a time, up to `limit`. */
export function changesSince(
  reader: Reader,
  scope: Scope,
  since: Date,
  limit: number,
): Promise<Selectable<InventoryChangeTable>[]> {
  return inScope(reader, scope)
    .selectAll()
    .where('at', '>=', since.toISOString())
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** How many changes of each kind there were since a time, and on how many nodes. */
export async function countChanges(
  reader: Reader,
  scope: Scope,
  since: Date,
): Promise<{ kinds: ReadonlyMap<ChangeKindName, number>; nodes: number }> {
  const recent = inScope(reader, scope).where('at', '>=', since.toISOString())
  const kinds = await recent
    .select((eb) => ['kind', eb.fn.countAll<number | string>().as('count')])
    .groupBy('kind')
    .execute()
  const nodes = await recent
    .select((eb) => eb.fn.count<number | string>('node_id').distinct().as('count'))
    .executeTakeFirstOrThrow()
  return { kinds: new Map(kinds.map(({ kind, count }) => [kind, Number(count)])), nodes: Number(nodes.count) }
}

export function toChange(row: Selectable<InventoryChangeTable>): InventoryChange {
  return {
    InstanceId: row.node_id,
    TypeName: row.type_name,
    Time: new Date(row.at),
    Kind: row.kind,
    Name: row.name,
    ...(row.before !== null && { Before: JSON.parse(row.before) }),
    ...(row.after !== null && { After: JSON.parse(row.after) }),
  }
}

function inScope(reader: Reader, { account, region }: Scope) {
  return tables<InventoryTables>(reader)
    .selectFrom('inventory_change')
    .where('account', '=', account)
    .where('region', '=', region)
}
