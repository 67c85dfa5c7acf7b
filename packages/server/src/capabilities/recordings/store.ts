import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { ChunkTable, RecordingTable, RecordingTables, ViewTable } from './tables.ts'

/** A recording that is there already is left as it is. */
export async function insertRecording(tx: Tx, row: RecordingTable): Promise<void> {
  await tables<RecordingTables>(tx)
    .insertInto('session_recording')
    .values(row)
    .onConflict((conflict) => conflict.column('session_id').doNothing())
    .execute()
}

/** Of a write whose end nobody saw, chunks may be there already. */
export async function insertChunks(tx: Tx, chunks: readonly ChunkTable[]): Promise<void> {
  for (const chunk of chunks) {
    await tables<RecordingTables>(tx)
      .insertInto('session_recording_chunk')
      .values(chunk)
      .onConflict((conflict) => conflict.columns(['session_id', 'number']).doNothing())
      .execute()
  }
}

export async function setTransferred(tx: Tx, sessionId: string, toNode: number, fromNode: number): Promise<void> {
  await tables<RecordingTables>(tx)
    .updateTable('session_recording')
    .set({ to_node: toNode, from_node: fromNode })
    .where('session_id', '=', sessionId)
    .where('ended_at', 'is', null)
    .execute()
}

/** False if it was sealed before. */
export async function sealRecording(tx: Tx, sessionId: string, ending: Partial<RecordingTable>): Promise<boolean> {
  const { numUpdatedRows } = await tables<RecordingTables>(tx)
    .updateTable('session_recording')
    .set(ending)
    .where('session_id', '=', sessionId)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow()
  noteChange(tx, { kind: 'recordings', ids: [sessionId] })
  return numUpdatedRows > 0n
}

export function findRecording(reader: Reader, scope: Scope, sessionId: string): Promise<RecordingTable | undefined> {
  return tables<RecordingTables>(reader)
    .selectFrom('session_recording')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .executeTakeFirst()
}

export async function isOpen(reader: Reader, sessionId: string): Promise<boolean> {
  const recordings = tables<RecordingTables>(reader).selectFrom('session_recording').select('session_id')
  return !!(await recordings.where('session_id', '=', sessionId).where('ended_at', 'is', null).executeTakeFirst())
}

/** How far a recording has come; undefined before its first chunk. */
export function lastChunk(reader: Reader, sessionId: string): Promise<Omit<ChunkTable, 'data'> | undefined> {
  return tables<RecordingTables>(reader)
    .selectFrom('session_recording_chunk')
    .select(['session_id', 'number', 'lines', 'bytes', 'hash', 'until_ms', 'next_frame'])
    .where('session_id', '=', sessionId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The next chunks after `number`. */
export function chunksAfter(reader: Reader, sessionId: string, number: number, limit: number): Promise<ChunkTable[]> {
  return tables<RecordingTables>(reader)
    .selectFrom('session_recording_chunk')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('number', '>', number)
    .orderBy('number')
    .limit(limit)
    .execute()
}

export interface RecordingFilter {
  readonly sessionId?: string | undefined
  readonly nodeId?: string | undefined
  readonly ownerArn?: string | undefined
  /** ISO. */
  readonly after?: string | undefined
  readonly before?: string | undefined
}

/** Place in the order of lists: the latest first. */
export interface RecordingPlace {
  readonly startedAt: string
  readonly sessionId: string
}

/** Recordings that the filter lets through, the latest first. */
export function listRecordings(
  reader: Reader,
  scope: Scope,
  filter: RecordingFilter,
  from: RecordingPlace | undefined,
  limit: number,
): Promise<RecordingTable[]> {
  let query = tables<RecordingTables>(reader)
    .selectFrom('session_recording')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
  if (filter.sessionId) query = query.where('session_id', '=', filter.sessionId)
  if (filter.nodeId) query = query.where('node_id', '=', filter.nodeId)
  if (filter.ownerArn) query = query.where('owner_arn', '=', filter.ownerArn)
  if (filter.after) query = query.where('started_at', '>', filter.after)
  if (filter.before) query = query.where('started_at', '<', filter.before)
  if (from) {
    query = query.where((eb) =>
      eb.or([
        eb('started_at', '<', from.startedAt),
        eb.and([eb('started_at', '=', from.startedAt), eb('session_id', '<', from.sessionId)]),
      ]),
    )
  }
  return query.orderBy('started_at', 'desc').orderBy('session_id', 'desc').limit(limit).execute()
}

/** Notes that the session of an open recording is over. */
export async function noteOver(tx: Tx, sessionId: string, at: string): Promise<void> {
  await tables<RecordingTables>(tx)
    .updateTable('session_recording')
    .set({ over_since: at })
    .where('session_id', '=', sessionId)
    .execute()
}

/** Recordings without an end, of all accounts, in the order of their ids. */
export function openRecordings(reader: Reader, after: string, limit: number): Promise<RecordingTable[]> {
  return tables<RecordingTables>(reader)
    .selectFrom('session_recording')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('session_id', '>', after)
    .orderBy('session_id')
    .limit(limit)
    .execute()
}

export function recordingsEndedBefore(reader: Reader, time: string, limit: number): Promise<RecordingTable[]> {
  return tables<RecordingTables>(reader)
    .selectFrom('session_recording')
    .selectAll()
    .where('ended_at', '<', time)
    .orderBy('ended_at')
    .limit(limit)
    .execute()
}

/** Deletes some of a recording's chunks; once none are left, what else there is of it. True then. */
export async function deleteSome(tx: Tx, sessionId: string, chunks: number): Promise<boolean> {
  const db = tables<RecordingTables>(tx)
  const numbers = await db
    .selectFrom('session_recording_chunk')
    .select('number')
    .where('session_id', '=', sessionId)
    .limit(chunks)
    .execute()
  if (numbers.length === 0) {
    await db.deleteFrom('session_recording_view').where('session_id', '=', sessionId).execute()
    await db.deleteFrom('session_recording').where('session_id', '=', sessionId).execute()
    return true
  }
  await db
    .deleteFrom('session_recording_chunk')
    .where('session_id', '=', sessionId)
    .where(
      'number',
      'in',
      numbers.map(({ number }) => number),
    )
    .execute()
  return false
}

export async function insertView(tx: Tx, view: ViewTable): Promise<void> {
  await tables<RecordingTables>(tx).insertInto('session_recording_view').values(view).execute()
}

/** Who was shown something of a recording, the latest first. */
export function listViews(
  reader: Reader,
  sessionId: string,
  before: string | undefined,
  limit: number,
): Promise<ViewTable[]> {
  return tables<RecordingTables>(reader)
    .selectFrom('session_recording_view')
    .selectAll()
    .where('session_id', '=', sessionId)
    .$if(before !== undefined, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
