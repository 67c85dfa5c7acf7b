import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { beginsWith } from './stream-store.ts'
import type { LogEventRow, LogTables } from './tables.ts'

/** Where an event stands among those of its group or stream: by its time, then in order of arrival. */
export interface Position {
  readonly at: number
  readonly seq: number
}

export interface EventRange {
  readonly groupId: number
  /** Ids, or the beginning of names; undefined for all streams of the group. */
  readonly streams?: readonly number[] | undefined
  readonly streamPrefix?: string | undefined
  /** Milliseconds; the first that counts. */
  readonly from: number
  /** Milliseconds; the first that does not count any more. */
  readonly to: number
  readonly after?: Position | undefined
  readonly before?: Position | undefined
}

/** How many bytes of events one answer carries at most: AWS's limit. */
export const ANSWER_BYTES = 1_048_576

const ROWS_PER_INSERT = 250

export async function addEvents(tx: Tx, rows: readonly Omit<LogEventRow, 'seq'>[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) {
    const some = rows.slice(at, at + ROWS_PER_INSERT) as LogEventRow[]
    await tables<LogTables>(tx).insertInto('log_event').values(some).execute()
  }
}

/**
 * The first events of a range, or the last ones, in order of time. No more than `limit`, nor than `room` bytes, but one at least:
 * what it would come to is found out before any message is read.
 */
export async function readEvents(
  reader: Reader,
  range: EventRange,
  end: 'first' | 'last',
  limit: number,
  room = ANSWER_BYTES,
): Promise<LogEventRow[]> {
  const db = tables<LogTables>(reader)
  const direction = end === 'first' ? 'asc' : 'desc'
  const sizes = await db
    .selectFrom('log_event')
    .select(['at', 'seq', 'bytes'])
    .where(within(range))
    .orderBy('at', direction)
    .orderBy('seq', direction)
    .limit(limit)
    .execute()
  const edge = sizes[fitting(sizes, room) - 1]
  if (!edge) return []
  return db
    .selectFrom('log_event')
    .selectAll()
    .where(within(range))
    .where(compare(end === 'first' ? '<=' : '>=', edge))
    .orderBy('at')
    .orderBy('seq')
    .execute()
}

function fitting(sizes: readonly Pick<LogEventRow, 'bytes'>[], room: number): number {
  let left = room
  const beyond = sizes.findIndex(({ bytes }, index) => {
    left -= bytes
    return left < 0 && index > 0
  })
  return beyond < 0 ? sizes.length : beyond
}

function within({ groupId, streams, streamPrefix, from, to, after, before }: EventRange): Expression<SqlBool> {
  const eb = expressionBuilder<LogTables, 'log_event'>()
  const ofPrefix = (prefix: string) =>
    eb.selectFrom('log_stream').select('id').where('log_stream.group_id', '=', groupId).where(beginsWith(prefix))
  return eb.and([
    eb('log_event.group_id', '=', groupId),
    ...(streams ? [eb('stream_id', 'in', streams)] : []),
    ...(streamPrefix === undefined ? [] : [eb('stream_id', 'in', ofPrefix(streamPrefix))]),
    eb('at', '>=', from),
    eb('at', '<', to),
    ...(after ? [compare('>', after)] : []),
    ...(before ? [compare('<', before)] : []),
  ])
}

function compare(operator: '<' | '<=' | '>' | '>=', { at, seq }: Position): Expression<SqlBool> {
  return sql<boolean>`(at, seq) ${sql.raw(operator)} (${at}, ${seq})`
}

/** Takes away the oldest events of a group before a time, some at once; answers how many they were and what they weighed. */
export function dropOlder(tx: Tx, groupId: number, before: number, limit: number): Promise<Dropped> {
  const eb = expressionBuilder<LogTables, 'log_event'>()
  return drop(tx, eb.and([eb('group_id', '=', groupId), eb('at', '<', before)]), limit)
}

/** Takes away events of what was deleted, some at once. */
export function dropDeleted(
  tx: Tx,
  { group_id, stream_id }: LogTables['log_deleted'],
  limit: number,
): Promise<Dropped> {
  const eb = expressionBuilder<LogTables, 'log_event'>()
  return drop(tx, stream_id === null ? eb('group_id', '=', group_id) : eb('stream_id', '=', stream_id), limit)
}

interface Dropped {
  readonly events: number
  readonly bytes: number
}

async function drop(tx: Tx, which: Expression<SqlBool>, limit: number): Promise<Dropped> {
  const db = tables<LogTables>(tx)
  const oldest = db.selectFrom('log_event').select('seq').where(which).orderBy('at').orderBy('seq').limit(limit)
  const gone = await db.deleteFrom('log_event').where('seq', 'in', oldest).returning('bytes').execute()
  return { events: gone.length, bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0) }
}
