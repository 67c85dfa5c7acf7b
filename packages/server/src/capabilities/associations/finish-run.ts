/** The end of a run, and what follows from it: all in the transaction that the node's word came in, or the server's verdict. */
import type { Acting } from './acting.ts'
import { dispatchRuns } from './dispatch-runs.ts'
import { changeNodeState, findNodeState } from './node-state.ts'
import type { Progress } from './progress.ts'
import { openRunsOf, tellAgain, writeRun } from './run-store.ts'
import type { AssociationNodeTable, AssociationTable, RunTable } from './tables.ts'
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
  await writeRun(acting.db, run, { ...toColumns(outcome), stage: 'ended', open: 0 })
  progress.ended(outcome.status, outcome.detailedStatus, { inFlight })
  await settleNode(acting, association, run, outcome, progress.row.version)
  // A node that was told of the next run while this one was going on was not handed it.
  if (inFlight && (await tellAgain(acting.db, acting.now.toISOString(), run))) acting.wake(dispatchRuns)
}

/** Makes what became of a run what is known of the node. */
export async function settleNode(
  acting: Acting,
  association: AssociationTable,
  run: Pick<RunTable, 'node_id' | 'execution_id'>,
  outcome: Outcome,
  version: number,
): Promise<void> {
  const before = await findNodeState(acting.db, association.id, run.node_id)
  // A node that matches no more has nothing to show.
  if (!before) return
  const succeeded = outcome.status === 'Success' ? { succeeded_at: acting.now.toISOString() } : {}
  // What the node is to do next is not done by what it did before.
  const isPast = await waitsForMore(acting, association.id, run)
  const change = isPast
    ? { executed_at: outcome.at?.toISOString() ?? null, ...succeeded }
    : { ...toColumns(outcome), ...succeeded, version, execution_id: run.execution_id }
  const node = await changeNodeState(acting.db, before, change)
  if (isPast) return
  await recordCompliance(acting, association, node)
  await tellNode(acting, association, node)
}

/** Whether another run of the association is open on the node. */
export async function waitsForMore(
  { db }: Acting,
  associationId: string,
  { node_id, execution_id }: Pick<RunTable, 'node_id' | 'execution_id'>,
): Promise<boolean> {
  const open = await openRunsOf(db, associationId, node_id)
  return open.some((run) => run.execution_id !== execution_id)
}

/** The node goes on, without having ended. */
export async function noteNode(
  acting: Acting,
  association: AssociationTable,
  nodeId: string,
  change: Partial<AssociationNodeTable>,
): Promise<void> {
  const before = await findNodeState(acting.db, association.id, nodeId)
  if (!before) return
  const node = await changeNodeState(acting.db, before, change)
  if (node.status !== before.status) await tellNode(acting, association, node)
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
