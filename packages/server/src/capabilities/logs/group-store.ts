import type { LogGroupClass } from '@steward/model/generated/logs.ts'
import { sql } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { noSuchGroup } from './errors.ts'
import { beginsWith } from './stream-store.ts'
import type { LogGroupKeyRow, LogGroupRow, LogTables } from './tables.ts'

export function findGroup(reader: Reader, { account, region }: Scope, name: string): Promise<LogGroupRow | undefined> {
  return tables<LogTables>(reader)
    .selectFrom('log_group')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** Throws `ResourceNotFoundException`. */
export async function requireGroup(reader: Reader, scope: Scope, name: string): Promise<LogGroupRow> {
  const group = await findGroup(reader, scope, name)
  if (!group) throw noSuchGroup()
  return group
}

export interface GroupFilter {
  readonly prefix?: string | undefined
  /** Text that the name contains. */
  readonly part?: string | undefined
  readonly class?: LogGroupClass | undefined
  readonly names?: readonly string[] | undefined
}

/** In order of their names, after `after`. */
export function listGroups(
  reader: Reader,
  { account, region }: Scope,
  filter: GroupFilter,
  after: string,
  limit: number,
): Promise<LogGroupRow[]> {
  const { prefix = '', part = '', names } = filter
  return (
    tables<LogTables>(reader)
      .selectFrom('log_group')
      .selectAll()
      .where('account', '=', account)
      .where('region', '=', region)
      .where('name', '>', after)
      .where(beginsWith(prefix))
      // Unlike LIKE, it tells capitals from small letters in both databases.
      .$if(part !== '', (query) => query.where(sql<boolean>`replace(name, ${part}, '') <> name`))
      .$if(filter.class !== undefined, (query) => query.where('class', '=', filter.class!))
      .$if(names !== undefined, (query) => query.where('name', 'in', names!))
      .orderBy('name')
      .limit(limit)
      .execute()
  )
}

/** Answers the id that it got. */
export async function addGroup(tx: Tx, row: Omit<LogGroupRow, 'id'>): Promise<number> {
  const { id } = await tables<LogTables>(tx)
    .insertInto('log_group')
    .values(row as LogGroupRow)
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function changeGroup(
  tx: Tx,
  { id }: Pick<LogGroupRow, 'id'>,
  change: Partial<LogGroupRow>,
): Promise<void> {
  await tables<LogTables>(tx).updateTable('log_group').set(change).where('id', '=', id).execute()
}

/** Counts bytes that came or, if negative, went. */
export async function addStoredBytes(tx: Tx, groupId: number, bytes: number): Promise<void> {
  await tables<LogTables>(tx)
    .updateTable('log_group')
    .set((eb) => ({ stored_bytes: eb('stored_bytes', '+', bytes) }))
    .where('id', '=', groupId)
    .execute()
}

/** Deletes the group with all but its events, which go later, bit by bit. */
export async function deleteGroup(tx: Tx, { id }: LogGroupRow): Promise<void> {
  const db = tables<LogTables>(tx)
  await db.deleteFrom('log_group').where('id', '=', id).execute()
  await db.deleteFrom('log_group_key').where('group_id', '=', id).execute()
  await db.deleteFrom('log_group_tag').where('group_id', '=', id).execute()
  await db.deleteFrom('log_stream').where('group_id', '=', id).execute()
  await db.insertInto('log_deleted').values({ group_id: id, stream_id: null }).execute()
}

export async function addKey(tx: Tx, row: LogGroupKeyRow): Promise<void> {
  await tables<LogTables>(tx).insertInto('log_group_key').values(row).execute()
}

export function findKeyRow(reader: Reader, groupId: number, number: number): Promise<LogGroupKeyRow> {
  return tables<LogTables>(reader)
    .selectFrom('log_group_key')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('number', '=', number)
    .executeTakeFirstOrThrow()
}
