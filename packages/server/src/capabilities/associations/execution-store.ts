import { type Reader, tables } from '#db/database.ts'
import type { AssociationTables, ExecutionTable, RunTable } from './tables.ts'

export interface ExecutionFilter {
  readonly column: 'id' | 'status' | 'created_at'
  readonly operator: '=' | '<' | '>'
  readonly value: string
}

export interface ExecutionCursor {
  readonly at: string
  readonly id: string
}

/** Executions of an association, newest first, after `cursor`. All filters must hold. */
export function listExecutions(
  reader: Reader,
  associationId: string,
  filters: readonly ExecutionFilter[],
  cursor: ExecutionCursor | undefined,
  limit: number,
): Promise<ExecutionTable[]> {
  let query = tables<AssociationTables>(reader)
    .selectFrom('association_execution')
    .selectAll()
    .where('association_id', '=', associationId)
  for (const { column, operator, value } of filters) query = query.where(column, operator, value)
  if (cursor) query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(cursor.at, cursor.id)))
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** An execution of the association by its id, in whatever case. */
export async function findExecution(
  reader: Reader,
  associationId: string,
  id: string,
): Promise<ExecutionTable | undefined> {
  const byId: ExecutionFilter = { column: 'id', operator: '=', value: id.toLowerCase() }
  return (await listExecutions(reader, associationId, [byId], undefined, 1))[0]
}

export interface RunFilter {
  readonly column: 'status' | 'node_id'
  readonly value: string
}

/** An execution on its nodes, in order of their ids, after `cursor`. All filters must hold. */
export function listRuns(
  reader: Reader,
  executionId: string,
  filters: readonly RunFilter[],
  cursor: string | undefined,
  limit: number,
): Promise<RunTable[]> {
  let query = tables<AssociationTables>(reader)
    .selectFrom('association_run')
    .selectAll()
    .where('execution_id', '=', executionId)
  for (const { column, value } of filters) query = query.where(column, '=', value)
  if (cursor !== undefined) query = query.where('node_id', '>', cursor)
  return query.orderBy('node_id').limit(limit).execute()
}
