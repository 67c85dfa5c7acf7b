import type { OrderBy } from '@steward/model/generated/logs.ts'
import { type Expression, type SqlBool, sql } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { noSuchStream } from './errors.ts'
import type { LogStreamRow, LogTables } from './tables.ts'

export function findStream(reader: Reader, groupId: number, name: string): Promise<LogStreamRow | undefined> {
  return tables<LogTables>(reader)
    .selectFrom('log_stream')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** Throws `ResourceNotFoundException`. */
export async function requireStream(reader: Reader, groupId: number, name: string): Promise<LogStreamRow> {
  const stream = await findStream(reader, groupId, name)
  if (!stream) throw noSuchStream()
  return stream
}

export async function addStream(tx: Tx, groupId: number, name: string, now: Date): Promise<void> {
  const row = { group_id: groupId, name, created_at: now.getTime() }
  await tables<LogTables>(tx)
    .insertInto('log_stream')
    .values(row as LogStreamRow)
    .execute()
}

export async function changeStream(tx: Tx, { id }: LogStreamRow, change: Partial<LogStreamRow>): Promise<void> {
  await tables<LogTables>(tx).updateTable('log_stream').set(change).where('id', '=', id).execute()
}

/** Its events go later, bit by bit. */
export async function deleteStream(tx: Tx, { id, group_id }: LogStreamRow): Promise<void> {
  const db = tables<LogTables>(tx)
  await db.deleteFrom('log_stream').where('id', '=', id).execute()
  await db.insertInto('log_deleted').values({ group_id, stream_id: id }).execute()
}

export interface StreamQuery {
  readonly groupId: number
  readonly prefix: string
  readonly orderBy: OrderBy
  readonly descending: boolean
}

/** The last stream of a page: the time of its last event, and its name. */
export type StreamCursor = readonly [time: number, name: string]

export function listStreams(
  reader: Reader,
  { groupId, prefix, orderBy, descending }: StreamQuery,
  after: StreamCursor | undefined,
  limit: number,
): Promise<LogStreamRow[]> {
  const direction = descending ? 'desc' : 'asc'
  const byTime = orderBy === 'LastEventTime'
  const time = sql<number>`coalesce(last_event_at, 0)`
  const beyond = descending ? '<' : '>'
  return tables<LogTables>(reader)
    .selectFrom('log_stream')
    .selectAll()
    .where('group_id', '=', groupId)
    .where(beginsWith(prefix))
    .$if(after !== undefined && !byTime, (query) => query.where('name', beyond, after![1]))
    .$if(after !== undefined && byTime, (query) =>
      query.where(sql<boolean>`(${time}, name) ${sql.raw(beyond)} (${after![0]}, ${after![1]})`),
    )
    .$if(byTime, (query) => query.orderBy(time, direction))
    .orderBy('name', direction)
    .limit(limit)
    .execute()
}

/** The ids of the streams of these names. Throws `ResourceNotFoundException` if there is none of one of them. */
export async function streamIds(reader: Reader, groupId: number, names: readonly string[]): Promise<number[]> {
  const wanted = [...new Set(names)]
  const rows = await tables<LogTables>(reader)
    .selectFrom('log_stream')
    .select('id')
    .where('group_id', '=', groupId)
    .where('name', 'in', wanted)
    .execute()
  if (rows.length < wanted.length) throw noSuchStream()
  return rows.map(({ id }) => id)
}

/** The names of streams by their ids. */
export async function streamNames(reader: Reader, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tables<LogTables>(reader)
    .selectFrom('log_stream')
    .select(['id', 'name'])
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** A condition on groups or streams: their name begins so. */
export function beginsWith(prefix: string): Expression<SqlBool> {
  return sql<boolean>`(name >= ${prefix} and substr(name, 1, ${[...prefix].length}) = ${prefix})`
}
