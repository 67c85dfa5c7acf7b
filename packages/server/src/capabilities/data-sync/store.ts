import type { TypeOfNode } from '#capabilities/inventory/index.ts'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { TO_DESTINATION } from './sync.ts'
import type { DataSyncRow, DataSyncTables, SyncedObjectRow } from './tables.ts'

export function findSync(reader: Reader, { account, region }: Scope, name: string): Promise<DataSyncRow | undefined> {
  return tables<DataSyncTables>(reader)
    .selectFrom('data_sync')
    .selectAll()
    .where((eb) => eb.and({ account, region, name }))
    .executeTakeFirst()
}

/** In order of their names, after `after`. */
export function listSyncs(
  reader: Reader,
  { account, region }: Scope,
  { type, after, limit }: { type: string | undefined; after: string; limit: number },
): Promise<DataSyncRow[]> {
  let query = tables<DataSyncTables>(reader)
    .selectFrom('data_sync')
    .selectAll()
    .where((eb) => eb.and({ account, region }))
    .where('name', '>', after)
  if (type !== undefined) query = query.where('type', '=', type as DataSyncRow['type'])
  return query.orderBy('name').limit(limit).execute()
}

/** Those of all accounts and Regions that write into buckets. */
export function syncsToDestinations(reader: Reader): Promise<DataSyncRow[]> {
  const syncs = tables<DataSyncTables>(reader).selectFrom('data_sync').selectAll()
  return syncs.where('type', '=', TO_DESTINATION).orderBy('created_at').execute()
}

export async function insertSync(tx: Tx, row: DataSyncRow): Promise<void> {
  await tables<DataSyncTables>(tx).insertInto('data_sync').values(row).execute()
  noteSync(tx, row)
}

/** Harmless if it was deleted. */
export async function changeSync(tx: Tx, sync: DataSyncRow, change: Partial<DataSyncRow>): Promise<void> {
  await tables<DataSyncTables>(tx).updateTable('data_sync').set(change).where('id', '=', sync.id).execute()
  if (change.status !== undefined) noteSync(tx, sync)
}

/** Whether nobody deleted it. */
export async function isThere(reader: Reader, { id }: DataSyncRow): Promise<boolean> {
  const syncs = tables<DataSyncTables>(reader).selectFrom('data_sync').select('id')
  return (await syncs.where('id', '=', id).executeTakeFirst()) !== undefined
}

/** What it wrote stays in its bucket. */
export async function deleteSync(tx: Tx, row: DataSyncRow): Promise<void> {
  await forgetObjects(tx, row.id)
  await tables<DataSyncTables>(tx).deleteFrom('data_sync').where('id', '=', row.id).execute()
  noteSync(tx, row)
}

function noteSync(tx: Tx, { name, region }: DataSyncRow): void {
  noteChange(tx, { kind: 'resource-data-syncs', ids: [name], region })
}

// ---------------------------------------------------------------------------------------------------------------------

/** What the bucket holds of nodes whose ids are above `after`, and up to `upTo` if that is given, in order of the nodes. */
export function objectsOfNodes(
  reader: Reader,
  syncId: string,
  { after, upTo }: { after: string; upTo: string | undefined },
): Promise<SyncedObjectRow[]> {
  let query = tables<DataSyncTables>(reader)
    .selectFrom('data_sync_object')
    .selectAll()
    .where('sync_id', '=', syncId)
    .where('node_id', '>', after)
  if (upTo !== undefined) query = query.where('node_id', '<=', upTo)
  return query.orderBy('node_id').orderBy('type_name').execute()
}

/** Takes in that these objects were written. */
export async function recordObjects(tx: Tx, sync_id: string, written: readonly TypeOfNode[]): Promise<void> {
  if (written.length === 0) return
  const rows = written.map(({ nodeId, typeName, fingerprint }) => ({
    sync_id,
    node_id: nodeId,
    type_name: typeName,
    fingerprint,
  }))
  await tables<DataSyncTables>(tx)
    .insertInto('data_sync_object')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['sync_id', 'node_id', 'type_name'])
        .doUpdateSet((eb) => ({ fingerprint: eb.ref('excluded.fingerprint') })),
    )
    .execute()
}

/** Takes in that these objects were deleted. */
export async function dropObjects(tx: Tx, rows: readonly SyncedObjectRow[]): Promise<void> {
  for (const { sync_id, node_id, type_name } of rows)
    await tables<DataSyncTables>(tx)
      .deleteFrom('data_sync_object')
      .where((eb) => eb.and({ sync_id, node_id, type_name }))
      .execute()
}

export async function forgetObjects(tx: Tx, syncId: string): Promise<void> {
  await tables<DataSyncTables>(tx).deleteFrom('data_sync_object').where('sync_id', '=', syncId).execute()
}
