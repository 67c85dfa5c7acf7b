/**
 * Begins the application of an association to its nodes: from here on it will happen, whatever becomes of the server. Everything is one
 * transaction: the execution, a run for each node, and for a time of the schedule the mark that it is served. The nodes of a large
 * fleet begin one after the other, at moments that are their own (`spread`).
 */

import { hash } from 'node:crypto'
import { concurrencyLimit, errorLimit } from '#capabilities/commands/index.ts'
import { removeComplianceItems } from '#capabilities/compliance/index.ts'
import type { TargetNode } from '#capabilities/nodes/index.ts'
import { type Tx, tables } from '#db/database.ts'
import type { Acting } from './acting.ts'
import {
  type Cause,
  DEFAULT_MAX_CONCURRENCY,
  DEFAULT_MAX_ERRORS,
  type Definition,
  definitionOf,
} from './association.ts'
import { type Content, contentOf } from './content.ts'
import { dispatchRuns } from './dispatch-runs.ts'
import type { Outcome } from './finish-run.ts'
import { endImpossible } from './impossible-runs.ts'
import { meantNodes } from './meant-nodes.ts'
import { Progress } from './progress.ts'
import { addRuns } from './run-store.ts'
import { periodMs } from './schedule.ts'
import type { AssociationTable, AssociationTables, ExecutionTable, RunTable } from './tables.ts'

const ROWS_AT_ONCE = 400
/** As many nodes may begin at the same moment. */
const TOGETHER = 50
/** Between the first nodes and the last of a larger fleet: so long for each node, and no longer than a tenth of the period. */
const SPREAD_MS_PER_NODE = 20
const LONGEST_SPREAD_MS = 10 * 60_000
const HOUR_MS = 3_600_000

const MISSED: Outcome = {
  status: 'TimedOut',
  detailedStatus: 'DeliveryTimedOut',
  summary: 'The node did not begin this run before the next one was due.',
}
const REPLACED: Outcome = {
  status: 'Skipped',
  detailedStatus: 'Superseded',
  summary: 'The node had not begun this run when another execution of the association took its place.',
}

export interface Start {
  readonly cause: Cause
  /** The time of the schedule that is served. */
  readonly dueAt?: string
  /** Default: all that the targets mean. */
  readonly nodes?: readonly TargetNode[]
}

export async function startExecution(acting: Acting, association: AssociationTable, start: Start): Promise<void> {
  const { db } = acting
  const definition = definitionOf(association)
  const nodes = start.nodes ?? (await meantNodes(acting, association))
  if (!start.nodes) await leaveOut(acting, association, nodes)
  const content = await contentOf(db, association, definition)
  const execution = newExecution(acting, association, definition, start, nodes.length)
  await tables<AssociationTables>(db).insertInto('association_execution').values(execution).execute()
  await endFormer(acting, association, start)
  const runs = newRuns(acting, execution, definition, nodes)
  await addRuns(db, runs)
  await markPending(db, execution, content)
  const progress = new Progress(acting, execution)
  await endImpossible(acting, association, { runs, nodes, content, progress })
  await progress.save({ ran: false })
  acting.wake(dispatchRuns)
}

function newExecution(
  { ids, now }: Acting,
  { id, account, region, version }: AssociationTable,
  { MaxConcurrency, MaxErrors, Duration }: Definition,
  { cause, dueAt }: Start,
  targets: number,
): ExecutionTable {
  const stop = Duration === undefined ? null : new Date(now.getTime() + Duration * HOUR_MS).toISOString()
  return {
    id: ids.uuid(),
    association_id: id,
    account,
    region,
    version,
    cause,
    created_at: now.toISOString(),
    due_at: dueAt ?? null,
    start_until: stop,
    ended_at: null,
    last_run_at: null,
    status: 'Pending',
    detailed_status: 'Pending',
    target_count: targets,
    in_flight: 0,
    error_count: 0,
    concurrency_limit: concurrencyLimit(MaxConcurrency ?? DEFAULT_MAX_CONCURRENCY, targets),
    error_limit: errorLimit(MaxErrors ?? DEFAULT_MAX_ERRORS, targets),
    ended: '{}',
  }
}

function newRuns(
  { now }: Acting,
  execution: ExecutionTable,
  definition: Definition,
  nodes: readonly TargetNode[],
): RunTable[] {
  const { id, association_id, account, region } = execution
  const longest = Math.min(LONGEST_SPREAD_MS, (periodMs(definition, now) ?? LONGEST_SPREAD_MS) / 10)
  const window = nodes.length > TOGETHER ? Math.min(longest, nodes.length * SPREAD_MS_PER_NODE) : 0
  return nodes.map(({ nodeId }) => ({
    execution_id: id,
    node_id: nodeId,
    association_id,
    account,
    region,
    stage: 'waiting',
    open: 1,
    due_at: new Date(now.getTime() + window * spread(association_id, nodeId)).toISOString(),
    summons: 'none',
    status: 'Pending',
    detailed_status: 'Pending',
    error_code: '',
    summary: '',
    executed_at: null,
    output_url: null,
  }))
}

/** Where between 0 and 1 a node begins: always the same, so that its runs keep their distance. */
function spread(associationId: string, nodeId: string): number {
  return Number.parseInt(hash('sha256', `${associationId} ${nodeId}`).slice(0, 8), 16) / 2 ** 32
}

/** What is known of the nodes is of the past now. */
async function markPending(db: Tx, { id, version }: ExecutionTable, { document }: Content): Promise<void> {
  const pending = { status: 'Pending', detailed_status: 'Pending', error_code: '', summary: '' }
  const anew = { ...pending, version, document_version: String(document?.version ?? ''), execution_id: id }
  const never = { executed_at: null, succeeded_at: null, output_url: null }
  const constant = { ...anew, ...never }
  const columns = Object.keys(constant) as (keyof typeof constant)[]
  await tables<AssociationTables>(db)
    .insertInto('association_node')
    .columns(['association_id', 'node_id', 'account', 'region', ...columns])
    .expression((eb) =>
      eb
        .selectFrom('association_run')
        .select(['association_id', 'node_id', 'account', 'region'])
        .select((of) => columns.map((column) => of.val(constant[column]).as(column)))
        .where('execution_id', '=', id),
    )
    .onConflict((conflict) => conflict.columns(['association_id', 'node_id']).doUpdateSet(anew))
    .execute()
}

/** Ends the runs of earlier executions that the nodes did not begin, in a few statements. */
async function endFormer(acting: Acting, { id }: AssociationTable, { cause, nodes }: Start): Promise<void> {
  const { status, detailedStatus, summary } = cause === 'Scheduled' ? MISSED : REPLACED
  for (let at = 0; at < (nodes?.length ?? 1); at += ROWS_AT_ONCE) {
    const some = nodes?.slice(at, at + ROWS_AT_ONCE).map(({ nodeId }) => nodeId)
    const missed = await tables<AssociationTables>(acting.db)
      .updateTable('association_run')
      .set({ stage: 'ended', open: 0, status, detailed_status: detailedStatus, summary })
      .where('association_id', '=', id)
      .where('open', '=', 1)
      .where('stage', '=', 'waiting')
      .$if(some !== undefined, (query) => query.where('node_id', 'in', some!))
      .returning('execution_id')
      .execute()
    for (const [executionId, runs] of Map.groupBy(missed, ({ execution_id }) => execution_id)) {
      const progress = await Progress.of(acting, executionId)
      progress.ended(status, detailedStatus, { inFlight: false, count: runs.length })
      await progress.save({ ran: false })
    }
  }
}

/** Forgets the nodes that the association is not for any more. */
async function leaveOut(acting: Acting, association: AssociationTable, nodes: readonly TargetNode[]): Promise<void> {
  const meant = new Set(nodes.map(({ nodeId }) => nodeId))
  const known = await tables<AssociationTables>(acting.db)
    .selectFrom('association_node')
    .select('node_id')
    .where('association_id', '=', association.id)
    .execute()
  await dropNodes(
    acting,
    association,
    known.map(({ node_id }) => node_id).filter((nodeId) => !meant.has(nodeId)),
  )
}

/** The association is no longer for these nodes, or they are gone: what it came to there is forgotten, and what is open given up. */
export async function dropNodes(
  acting: Acting,
  association: AssociationTable,
  nodeIds: readonly string[],
): Promise<void> {
  for (let at = 0; at < nodeIds.length; at += ROWS_AT_ONCE) {
    const some = nodeIds.slice(at, at + ROWS_AT_ONCE)
    const dropped = await tables<AssociationTables>(acting.db)
      .deleteFrom('association_run')
      .where('association_id', '=', association.id)
      .where('open', '=', 1)
      .where('node_id', 'in', some)
      .returning(['execution_id', 'stage'])
      .execute()
    for (const [executionId, runs] of Map.groupBy(dropped, ({ execution_id }) => execution_id)) {
      const progress = await Progress.of(acting, executionId)
      progress.left(runs.length, { inFlight: runs.filter(({ stage }) => stage !== 'waiting').length })
      await progress.save({ ran: false })
    }
    await tables<AssociationTables>(acting.db)
      .deleteFrom('association_node')
      .where('association_id', '=', association.id)
      .where('node_id', 'in', some)
      .execute()
    const item = { type: 'Association', itemId: association.id, nodeIds: some }
    await removeComplianceItems(acting.db, association, item, acting)
  }
}
