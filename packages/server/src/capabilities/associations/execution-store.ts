import { type Reader, tables } from '#db/database.ts'
import type { AssociationTables, ExecutionTable, RunTable } from './tables.ts'

export interface ExecutionFilters {
  readonly id?: string
  readonly status?: string
  readonly at?: string
  readonly before?: string
  readonly after?: string
}

export interface ExecutionCursor {
  readonly at: string
  readonly id: string
}

/** Executions of an association, newest first, after `cursor`. */
export function listExecutions(
  reader: Reader,
  associationId: string,
  filters: ExecutionFilters,
  cursor: ExecutionCursor | undefined,
  limit: number,
): Promise<ExecutionTable[]> {
  let query = tables<AssociationTables>(reader)
    .selectFrom('association_execution')
    .selectAll()
    .where('association_id', '=', associationId)
  if (filters.id !== undefined) query = query.where('id', '=', filters.id)
  if (filters.status !== undefined) query = query.where('status', '=', filters.status)
  if (filters.at !== undefined) query = query.where('created_at', '=', filters.at)
  if (filters.before !== undefined) query = query.where('created_at', '<', filters.before)
  if (filters.after !== undefined) query = query.where('created_at', '>', filters.after)
  if (cursor) query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(cursor.at, cursor.id)))
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export interface RunFilters {
  readonly status?: string
  readonly nodeId?: string
  readonly resourceType?: string
}

/** An execution on its nodes, in order of their ids, after `cursor`. */
export function listRuns(
  reader: Reader,
  executionId: string,
  filters: RunFilters,
  cursor: string | undefined,
  limit: number,
): Promise<RunTable[]> {
  let query = tables<AssociationTables>(reader)
    .selectFrom('association_run')
    .selectAll()
    .where('execution_id', '=', executionId)
  if (filters.status !== undefined) query = query.where('status', '=', filters.status)
  if (filters.nodeId !== undefined) query = query.where('node_id', '=', filters.nodeId)
  if (cursor !== undefined) query = query.where('node_id', '>', cursor)
  return query.orderBy('node_id').limit(limit).execute()
}
