/** Reads of a command's whole fleet: thousands of invocations, of which each query takes no more columns than are shown. */
import { type RawBuilder, sql } from 'kysely'
import { type Reader, tables } from '#db/database.ts'
import { hasText } from '#db/has-text.ts'
import type { CommandTables, InvocationRow } from './tables.ts'

export type MatrixRow = Pick<
  InvocationRow,
  | 'node_id'
  | 'node_name'
  | 'status'
  | 'status_details'
  | 'response_code'
  | 'started_at'
  | 'ended_at'
  | 'trace_output'
  | 'output_bytes'
  | 'digests'
  | 'late_status'
  | 'replies'
> & { readonly key: MatrixKey }

type MatrixKey = string | number

export interface MatrixFilters {
  /** Values of `Status` or `StatusDetails`, one of which must hold. */
  readonly states: readonly string[] | undefined
  /** Part of a node's id or name, whatever its case. */
  readonly text: string | undefined
  readonly resultId: string | undefined
}

/** Orders, each with the expression that sorts; equal ones go by node id. */
const ORDERS = {
  Dispatch: sql<MatrixKey>`position`,
  InstanceId: sql<MatrixKey>`node_id`,
  InstanceName: sql<MatrixKey>`node_name`,
  // What needs attention first.
  Status: sql<MatrixKey>`case status when 'Failed' then 0 when 'TimedOut' then 1 when 'Cancelled' then 2 when 'Cancelling' then 3
    when 'InProgress' then 4 when 'Delayed' then 5 when 'Pending' then 6 else 7 end`,
  Started: sql<MatrixKey>`coalesce(started_at, '')`,
  Ended: sql<MatrixKey>`coalesce(ended_at, '')`,
} as const satisfies Record<string, RawBuilder<MatrixKey>>

export interface MatrixOrder {
  readonly by: keyof typeof ORDERS
  readonly descending: boolean
}

export interface MatrixCursor {
  readonly key: MatrixKey
  readonly node: string
}

/** Replies are long; they are read only where the digests are missing. */
const repliesWithoutDigests = sql<string | null>`case when digests is null then replies end`

/** Invocations of a command that match, in an order, after `cursor` and as many more as `skip` says. */
export function matrixRows(
  reader: Reader,
  commandId: string,
  filters: MatrixFilters,
  { by, descending }: MatrixOrder,
  { cursor, skip, limit }: { cursor: MatrixCursor | undefined; skip: number; limit: number },
): Promise<MatrixRow[]> {
  const key = ORDERS[by]
  const direction = descending ? 'desc' : 'asc'
  let query = matching(reader, commandId, filters)
    .select([
      'node_id',
      'node_name',
      'status',
      'status_details',
      'response_code',
      'started_at',
      'ended_at',
      'trace_output',
      'output_bytes',
      'digests',
      'late_status',
    ])
    .select([repliesWithoutDigests.as('replies'), key.as('key')])
  if (cursor) {
    const later = sql.raw(descending ? '<' : '>')
    query = query.where(sql<boolean>`(${key}, node_id) ${later} (${cursor.key}, ${cursor.node})`)
  }
  return query.orderBy(key, direction).orderBy('node_id', direction).limit(limit).offset(skip).execute()
}

function matching(reader: Reader, commandId: string, { states, text, resultId }: MatrixFilters) {
  let query = tables<CommandTables>(reader).selectFrom('command_invocation').where('command_id', '=', commandId)
  if (states) query = query.where((eb) => eb.or([eb('status', 'in', states), eb('status_details', 'in', states)]))
  if (resultId) query = query.where('digests', 'like', `%"${resultId}"%`)
  if (text) query = query.where(hasText(sql`lower(node_id || ' ' || node_name)`, text.toLowerCase()))
  return query
}

/** How many of the command's invocations match. */
export async function countMatching(reader: Reader, commandId: string, filters: MatrixFilters): Promise<number> {
  const { count } = await matching(reader, commandId, filters)
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** How many invocations are in each state, the most frequent first. */
export async function countsByState(
  reader: Reader,
  commandId: string,
): Promise<{ status: string; details: string; count: number }[]> {
  const rows = await tables<CommandTables>(reader)
    .selectFrom('command_invocation')
    .select(['status', 'status_details as details'])
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('command_id', '=', commandId)
    .groupBy(['status', 'status_details'])
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) })).sort((a, b) => b.count - a.count)
}

export type ResultRow = Pick<
  InvocationRow,
  'node_id' | 'status' | 'status_details' | 'response_code' | 'digests' | 'replies'
>

/** Every invocation of a command, with no more than what tells results apart, in the order of dispatch. */
export function resultRows(reader: Reader, commandId: string): Promise<ResultRow[]> {
  return tables<CommandTables>(reader)
    .selectFrom('command_invocation')
    .select(['node_id', 'status', 'status_details', 'response_code', 'digests'])
    .select(repliesWithoutDigests.as('replies'))
    .where('command_id', '=', commandId)
    .orderBy('position')
    .execute()
}

/** The replies of some nodes to a command, by node id. */
export async function repliesOf(
  reader: Reader,
  commandId: string,
  nodeIds: readonly string[],
): Promise<Map<string, Pick<InvocationRow, 'replies'>>> {
  if (nodeIds.length === 0) return new Map()
  const rows = await tables<CommandTables>(reader)
    .selectFrom('command_invocation')
    .select(['node_id', 'replies'])
    .where('command_id', '=', commandId)
    .where('node_id', 'in', nodeIds)
    .execute()
  return new Map(rows.map((row) => [row.node_id, row]))
}

const LATEST_PIECES = 500
const TAIL_BYTES = 1024

/** The end of what some nodes said last while they run: at most so many pieces, the latest first, of each piece the end. */
export function latestOutput(
  reader: Reader,
  commandId: string,
  nodeIds: readonly string[],
): Promise<{ node_id: string; step: string; tail: Uint8Array }[]> {
  if (nodeIds.length === 0) return Promise.resolve([])
  const tail = sql<Uint8Array>`case when length > ${sql.lit(TAIL_BYTES)}
    then substr(data, length - ${sql.lit(TAIL_BYTES - 1)}) else data end`
  return tables<CommandTables>(reader)
    .selectFrom('command_output')
    .select(['node_id', 'step', tail.as('tail')])
    .where('command_id', '=', commandId)
    .where('node_id', 'in', nodeIds)
    .orderBy('sequence', 'desc')
    .limit(LATEST_PIECES)
    .execute()
}
