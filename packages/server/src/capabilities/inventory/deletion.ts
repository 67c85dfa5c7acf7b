/** The deletion of what nodes reported of a custom type (INV-15): asked for at once, done in pieces. */
import type {
  InventoryDeletionStatusItem,
  InventoryDeletionSummary,
  InventorySchemaDeleteOption,
} from '@steward/model/generated/ssm.ts'
import type { Selectable } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { removeItems } from './item-store.ts'
import type { InventoryDeletionTable, InventoryTables } from './tables.ts'
import { compareVersions } from './value-order.ts'

/** How long deletions are listed. */
const LISTED_MS = 30 * 86_400_000
const NODES_AT_ONCE = 500

/** Reports of each version of the type. */
export type VersionCounts = Readonly<Record<string, number>>

export interface Deletion {
  readonly id: string
  readonly scope: Scope
  readonly typeName: string
  readonly option: InventorySchemaDeleteOption | undefined
  readonly counts: VersionCounts
  readonly remaining: VersionCounts
  readonly isComplete: boolean
  readonly startedAt: Date
  readonly updatedAt: Date
}

/** How many nodes reported each version of the type. */
export async function countReports(reader: Reader, scope: Scope, typeName: string): Promise<VersionCounts> {
  const rows = await tables<InventoryTables>(reader)
    .selectFrom('inventory_item')
    .select((eb) => ['schema_version', eb.fn.countAll<number | string>().as('count')])
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('type_name', '=', typeName)
    .groupBy('schema_version')
    .execute()
  return Object.fromEntries(rows.map(({ schema_version, count }) => [schema_version, Number(count)]))
}

export function summaryOf(counts: VersionCounts, remaining: VersionCounts = counts): InventoryDeletionSummary {
  const versions = Object.keys(counts).sort(compareVersions)
  const sum = (of: VersionCounts) => versions.reduce((total, version) => total + (of[version] ?? 0), 0)
  return {
    TotalCount: sum(counts),
    RemainingCount: sum(remaining),
    SummaryItems: versions.map((Version) => ({
      Version,
      Count: counts[Version],
      RemainingCount: remaining[Version] ?? 0,
    })),
  }
}

export function toStatusItem(deletion: Deletion): InventoryDeletionStatusItem {
  return {
    DeletionId: deletion.id,
    TypeName: deletion.typeName,
    DeletionStartTime: deletion.startedAt,
    LastStatus: deletion.isComplete ? 'Complete' : 'InProgress',
    LastStatusMessage: deletion.isComplete ? 'Deletion is successful' : 'The Delete is in progress',
    DeletionSummary: summaryOf(deletion.counts, deletion.remaining),
    LastStatusUpdateTime: deletion.updatedAt,
  }
}

export async function addDeletion(
  tx: Tx,
  { scope, ...deletion }: Pick<Deletion, 'id' | 'scope' | 'typeName' | 'option' | 'counts' | 'startedAt'>,
  clientToken: string | undefined,
): Promise<void> {
  const counts = JSON.stringify(deletion.counts)
  await tables<InventoryTables>(tx)
    .insertInto('inventory_deletion')
    .values({
      id: deletion.id,
      account: scope.account,
      region: scope.region,
      type_name: deletion.typeName,
      client_token: clientToken ?? null,
      option: deletion.option ?? null,
      counts,
      remaining: counts,
      status: 'InProgress',
      started_at: deletion.startedAt.toISOString(),
      updated_at: deletion.startedAt.toISOString(),
    })
    .execute()
}

/** The deletion with this id, or that was asked for with this token. */
export async function findDeletion(
  reader: Reader,
  scope: Scope,
  by: { readonly id: string } | { readonly client_token: string },
): Promise<Deletion | undefined> {
  const row = await inScope(reader, scope)
    .where((eb) => eb.and(by))
    .executeTakeFirst()
  return row && toDeletion(row)
}

/** Deletions of the last 30 days, the latest first. */
export async function listDeletions(
  reader: Reader,
  scope: Scope,
  now: Date,
  { before, limit }: { before: { at: string; id: string } | undefined; limit: number },
): Promise<Deletion[]> {
  let query = inScope(reader, scope).where('started_at', '>', new Date(now.getTime() - LISTED_MS).toISOString())
  if (before)
    query = query.where((eb) =>
      eb.or([eb('started_at', '<', before.at), eb.and([eb('started_at', '=', before.at), eb('id', '<', before.id)])]),
    )
  const rows = await query.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toDeletion)
}

/** Of all accounts and Regions. */
export async function openDeletions(reader: Reader): Promise<Deletion[]> {
  const rows = await tables<InventoryTables>(reader)
    .selectFrom('inventory_deletion')
    .selectAll()
    .where('status', '=', 'InProgress')
    .orderBy('started_at')
    .execute()
  return rows.map(toDeletion)
}

/**
 * Deletes what some nodes had reported when the deletion began, and resolves with it as it is then, and their ids. It is complete when
 * there are none left; what was reported in full since then stays.
 */
export async function deleteSome(
  tx: Tx,
  deletion: Deletion,
  now: Date,
): Promise<{ deletion: Deletion; nodeIds: readonly string[] }> {
  const { scope, typeName, counts } = deletion
  const rows = await tables<InventoryTables>(tx)
    .selectFrom('inventory_item')
    .select(['node_id', 'schema_version'])
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('type_name', '=', typeName)
    .where('changed_at', '<=', deletion.startedAt.toISOString())
    .orderBy('node_id')
    .limit(NODES_AT_ONCE)
    .execute()
  const nodeIds = rows.map(({ node_id }) => node_id)
  await removeItems(tx, nodeIds, typeName)
  const isComplete = nodeIds.length < NODES_AT_ONCE
  const left: Record<string, number> = isComplete ? {} : { ...deletion.remaining }
  for (const { schema_version: version } of isComplete ? [] : rows)
    left[version] = Math.max(0, (left[version] ?? 0) - 1)
  await tables<InventoryTables>(tx)
    .updateTable('inventory_deletion')
    .set({
      remaining: JSON.stringify(left),
      status: isComplete ? 'Complete' : 'InProgress',
      updated_at: now.toISOString(),
    })
    .where('id', '=', deletion.id)
    .execute()
  return { nodeIds, deletion: { ...deletion, counts, remaining: left, isComplete, updatedAt: now } }
}

function inScope(reader: Reader, { account, region }: Scope) {
  return tables<InventoryTables>(reader)
    .selectFrom('inventory_deletion')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
}

function toDeletion(row: Selectable<InventoryDeletionTable>): Deletion {
  return {
    id: row.id,
    scope: { account: row.account, region: row.region },
    typeName: row.type_name,
    option: row.option ?? undefined,
    counts: JSON.parse(row.counts),
    remaining: JSON.parse(row.remaining),
    isComplete: row.status === 'Complete',
    startedAt: new Date(row.started_at),
    updatedAt: new Date(row.updated_at),
  }
}
