/**
 * What nodes say of their runs (agent-protocol, 12.3): `Pending`, `InProgress` as often as they like, and how it ended. There is no id of
 * an execution in it, so a report is about the run that the node was handed. `Pending` without one is a run that somebody began on the
 * node, and gets an execution of its own.
 */
import { executionTimeoutSeconds } from '#capabilities/documents/index.ts'
import { findNodes } from '#capabilities/nodes/index.ts'
import { tables } from '#db/database.ts'
import type { Acting } from './acting.ts'
import { definitionOf, outlook } from './association.ts'
import { usableDocument } from './content.ts'
import { dispatchRuns } from './dispatch-runs.ts'
import { finishRun, noteNode, type Outcome, settleNode, waitsForMore } from './finish-run.ts'
import { LEASE_MS } from './hand-out.ts'
import { Progress } from './progress.ts'
import { holdHanded, openRunsOf, writeRun } from './run-store.ts'
import { startExecution } from './start-execution.ts'
import type { AssociationNodeTable, AssociationTable, AssociationTables, RunTable } from './tables.ts'

/** An agent gives up a run that says nothing for two hours. */
const LEAST_RUN_MS = 2 * 3_600_000
const MARGIN_MS = 10 * 60_000

export const LONGEST_SUMMARY = 512

export interface Report {
  readonly status: string
  readonly errorCode: string
  readonly summary: string
  readonly at: Date
  readonly outputUrl: string | undefined
}

export async function takeReport(
  acting: Acting,
  association: AssociationTable,
  node: AssociationNodeTable,
  report: Report,
): Promise<void> {
  const run = await openRun(acting, association.id, node.node_id)
  if (outlook(report.status) !== 'Pending') await ended(acting, association, node, run, report)
  else if (run) await goesOn(acting, association, run, report)
  else if (report.status === 'Pending') await beganByItself(acting, association, node.node_id, report)
}

async function openRun({ db }: Acting, associationId: string, nodeId: string): Promise<RunTable | undefined> {
  const runs = await openRunsOf(db, associationId, nodeId)
  return runs.find(({ stage }) => stage !== 'waiting') ?? runs[0]
}

async function goesOn(acting: Acting, association: AssociationTable, run: RunTable, report: Report): Promise<void> {
  const { stage, node_id } = run
  if (stage === 'waiting' || stage === 'handed') {
    const progress = await Progress.of(acting, run.execution_id)
    if (stage === 'waiting') progress.began()
    await progress.save({ ran: true })
  }
  const { document } = await usableDocument(acting.db, association, definitionOf(association))
  const seconds = document
    ? executionTimeoutSeconds(document.content.steps, definitionOf(association).Parameters ?? {})
    : 0
  const until = acting.now.getTime() + Math.max(LEAST_RUN_MS, seconds * 1000 + MARGIN_MS)
  const seen = {
    status: report.status,
    detailed_status: report.status,
    summary: report.summary,
    executed_at: report.at.toISOString(),
  }
  const running = { stage: 'running', summons: 'none', due_at: new Date(until).toISOString() } as const
  // What is to stop is still to stop.
  await writeRun(acting.db, run, stage === 'stopping' ? seen : { ...seen, ...running })
  if (!(await waitsForMore(acting, association.id, run)))
    await noteNode(acting, association, node_id, { ...seen, error_code: '', execution_id: run.execution_id })
  await holdOthers(acting, node_id)
}

/** Nodes run one association after the other: what else the node was handed is not lost while it says something. */
async function holdOthers({ db, now }: Acting, nodeId: string): Promise<void> {
  await holdHanded(db, new Date(now.getTime() + LEASE_MS).toISOString(), nodeId)
}

async function beganByItself(
  acting: Acting,
  association: AssociationTable,
  nodeId: string,
  report: Report,
): Promise<void> {
  const nodes = await findNodes(acting.db, association, [nodeId])
  await startExecution(acting, association, { cause: 'NodeRefreshed', nodes })
  const run = await openRun(acting, association.id, nodeId)
  if (run) await goesOn(acting, association, run, report)
}

async function ended(
  acting: Acting,
  association: AssociationTable,
  node: AssociationNodeTable,
  run: RunTable | undefined,
  report: Report,
): Promise<void> {
  if (!run) {
    // Said twice, or of a run that was given up: what the node says now is true.
    if (node.status === report.status && node.summary === report.summary) return
    return settleNode(
      acting,
      association,
      { node_id: node.node_id, execution_id: node.execution_id! },
      { ...report, detailedStatus: report.status },
      node.version,
    )
  }
  const progress = await Progress.of(acting, run.execution_id)
  await finishRun(acting, association, run, outcomeOf(report, progress), progress)
  if (progress.tooManyErrors) await giveUpWaiting(acting, association, progress)
  await progress.save({ ran: true })
  if (progress.room > 0) await callNext(acting, progress)
  await holdOthers(acting, node.node_id)
}

/** What did not succeed before the time of the association was up did not because of that. */
function outcomeOf(report: Report, { isOver }: Progress): Outcome {
  if (!isOver || report.status === 'Success') return { ...report, detailedStatus: report.status }
  if (report.status === 'Skipped') return { ...report, detailedStatus: 'DurationExceeded' }
  const summary = `The Duration of the association ended while this ran, so it was stopped. ${report.summary}`
  return {
    ...report,
    status: 'TimedOut',
    errorCode: '',
    detailedStatus: 'DurationExceeded',
    summary: summary.slice(0, LONGEST_SUMMARY),
  }
}

const TERMINATED: Outcome = {
  status: 'Skipped',
  detailedStatus: 'Terminated',
  summary: 'The execution stopped because more nodes failed than MaxErrors allows.',
}

/** No node begins any more (T-12). */
async function giveUpWaiting(acting: Acting, association: AssociationTable, progress: Progress): Promise<void> {
  for (const run of await waitingRuns(acting, progress.row.id)) {
    await finishRun(acting, association, run, TERMINATED, progress)
  }
}

/** Ends what still waits in an execution, with the reason. */
export async function skipWaiting(
  acting: Acting,
  association: AssociationTable,
  executionId: string,
  outcome: Outcome,
): Promise<void> {
  const progress = await Progress.of(acting, executionId)
  for (const run of await waitingRuns(acting, executionId)) await finishRun(acting, association, run, outcome, progress)
  await progress.save({ ran: false })
}

function waitingRuns({ db }: Acting, executionId: string): Promise<RunTable[]> {
  return tables<AssociationTables>(db)
    .selectFrom('association_run')
    .selectAll()
    .where('execution_id', '=', executionId)
    .where('stage', '=', 'waiting')
    .execute()
}

/** There is room in the execution again: the nodes whose turn had come, but for the room, are looked at again now. */
async function callNext(acting: Acting, { row, room }: Progress): Promise<void> {
  // With room for all there is nobody who waits for it.
  if (row.ended_at !== null || row.concurrency_limit >= row.target_count) return
  const db = tables<AssociationTables>(acting.db)
  const next = await db
    .selectFrom('association_run')
    .select(['node_id'])
    .where('execution_id', '=', row.id)
    .where('stage', '=', 'waiting')
    .orderBy('due_at')
    .limit(Math.min(room, 100))
    .execute()
  if (next.length === 0) return
  await db
    .updateTable('association_run')
    .set({ due_at: acting.now.toISOString() })
    .where('execution_id', '=', row.id)
    .where('stage', '=', 'waiting')
    .where(
      'node_id',
      'in',
      next.map(({ node_id }) => node_id),
    )
    .execute()
  acting.wake(dispatchRuns)
}
