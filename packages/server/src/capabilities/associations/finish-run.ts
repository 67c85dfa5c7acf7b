/** The end of a run, and what follows from it: all in the transaction that the node's word came in, or the server's verdict. */
import { tables } from '#db/database.ts'
import type { Acting } from './acting.ts'
import type { Progress } from './progress.ts'
import type { AssociationNodeTable, AssociationTable, AssociationTables, RunTable } from './tables.ts'
import { recordCompliance, tellNode } from './tell-changes.ts'

/** What a run has come to. */
export interface Outcome {
  readonly status: string
  readonly detailedStatus: string
  readonly errorCode?: string
  readonly summary: string
  readonly at?: Date
  readonly outputUrl?: string | undefined
}

/** Ends one run. The progress is the caller's to save. */
export async function finishRun(
  acting: Acting,
  association: AssociationTable,
  run: RunTable,
  outcome: Outcome,
  progress: Progress,
): Promise<void> {
  const inFlight = run.stage !== 'waiting'
  await writeRun(acting, run, { ...toColumns(outcome), stage: 'ended', open: 0 })
  progress.ended(outcome.status, outcome.detailedStatus, { inFlight })
  await settleNode(acting, association, run, outcome, progress.row.version)
}

/** Makes what became of a run what is known of the node. */
export async function settleNode(
  acting: Acting,
  association: AssociationTable,
  run: Pick<RunTable, 'node_id' | 'execution_id'>,
  outcome: Outcome,
  version: number,
): Promise<void> {
  const succeeded = outcome.status === 'Success' ? { succeeded_at: acting.now.toISOString() } : {}
  // What the node is to do next is not done by what it did before.
  const isPast = await waitsForMore(acting, association.id, run)
  const change = isPast
    ? { executed_at: outcome.at?.toISOString() ?? null, ...succeeded }
    : { ...toColumns(outcome), ...succeeded, version, execution_id: run.execution_id }
  const node = await tables<AssociationTables>(acting.db)
    .updateTable('association_node')
    .set(change)
    .where('association_id', '=', association.id)
    .where('node_id', '=', run.node_id)
    .returningAll()
    .executeTakeFirst()
  // A node that matches no more has nothing to show.
  if (!node || isPast) return
  await recordCompliance(acting, association, node)
  await tellNode(acting, association, node)
}

/** Whether another run of the association is open on the node. */
export async function waitsForMore(
  { db }: Acting,
  associationId: string,
  { node_id, execution_id }: Pick<RunTable, 'node_id' | 'execution_id'>,
): Promise<boolean> {
  const waiting = await tables<AssociationTables>(db)
    .selectFrom('association_run')
    .select('execution_id')
    .where('open', '=', 1)
    .where('node_id', '=', node_id)
    .where('association_id', '=', associationId)
    .where('execution_id', '!=', execution_id)
    .executeTakeFirst()
  return waiting !== undefined
}

/** The node goes on, without having ended. */
export async function noteNode(
  acting: Acting,
  association: AssociationTable,
  nodeId: string,
  change: Partial<AssociationNodeTable>,
): Promise<void> {
  const before = await tables<AssociationTables>(acting.db)
    .selectFrom('association_node')
    .selectAll()
    .where('association_id', '=', association.id)
    .where('node_id', '=', nodeId)
    .executeTakeFirst()
  if (!before) return
  await tables<AssociationTables>(acting.db)
    .updateTable('association_node')
    .set(change)
    .where('association_id', '=', association.id)
    .where('node_id', '=', nodeId)
    .execute()
  if (change.status !== undefined && change.status !== before.status)
    await tellNode(acting, association, { ...before, ...change })
}

export async function writeRun(
  acting: Acting,
  { execution_id, node_id }: Pick<RunTable, 'execution_id' | 'node_id'>,
  change: Partial<RunTable>,
): Promise<void> {
  await tables<AssociationTables>(acting.db)
    .updateTable('association_run')
    .set(change)
    .where('execution_id', '=', execution_id)
    .where('node_id', '=', node_id)
    .execute()
}

function toColumns({ status, detailedStatus, errorCode = '', summary, at, outputUrl }: Outcome) {
  return {
    status,
    detailed_status: detailedStatus,
    error_code: errorCode,
    summary,
    ...(at ? { executed_at: at.toISOString() } : {}),
    ...(outputUrl ? { output_url: outputUrl } : {}),
  }
}
