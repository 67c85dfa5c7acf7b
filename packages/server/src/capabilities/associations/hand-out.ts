/**
 * What a node is shown of its associations, and what of it is to run now (agent-protocol, 12.2). The server alone decides when: it lists
 * them without their schedules, and a node runs what is `Pending`, once. A run is handed out in the transaction in which the node asks,
 * and for some time the node is shown it as going on, so a node that asks twice does not run it twice. What a node was handed and says
 * nothing of waits again after that (watch-runs.ts).
 */
import type { InstanceAssociationSummary } from '@steward/model/generated/ssm.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Acting } from './acting.ts'
import { checksum, definitionOf, outlook } from './association.ts'
import { usableDocument } from './content.ts'
import { listNodeStates } from './node-state.ts'
import { Progress } from './progress.ts'
import { openRunsOn, writeRun } from './run-store.ts'
import { associationsOfNode } from './store.ts'
import type { AssociationNodeTable, AssociationTable, RunTable } from './tables.ts'

/** Time a node has to say that it began what it was handed. */
export const LEASE_MS = 60_000

/** An association as the node sees it. `state` says what it is to do: only `Pending` is run. */
export interface Shown {
  readonly association: AssociationTable
  readonly node: AssociationNodeTable
  readonly state: string
  /** When what is handed out has to be over (Duration). */
  readonly until: Date | undefined
}

/** The associations of a node in order of their ids, after `cursor`; those whose turn it is are handed out. */
export async function handOut(
  acting: Acting,
  scope: Scope,
  nodeId: string,
  cursor: string | undefined,
  limit: number,
): Promise<{ shown: Shown[]; next: string | undefined }> {
  const nodes = await listNodeStates(acting.db, scope, nodeId, cursor, limit + 1)
  if (nodes.length === 0) return { shown: [], next: undefined }
  const page = nodes.slice(0, limit)
  const associations = await associationsOfNode(acting.db, nodeId)
  const open = Map.groupBy(await openRunsOn(acting.db, nodeId), ({ association_id }) => association_id)
  const shown: Shown[] = []
  for (const node of page) {
    const association = associations.get(node.association_id)!
    const runs = open.get(node.association_id) ?? []
    const state = await stateFor(acting, node, runs)
    if (state !== undefined) shown.push({ association, node, ...state })
  }
  return { shown, next: nodes.length > limit ? page.at(-1)?.association_id : undefined }
}

/** Undefined: the node does not see it, because its turn has not come. */
async function stateFor(
  acting: Acting,
  node: AssociationNodeTable,
  runs: readonly RunTable[],
): Promise<Pick<Shown, 'state' | 'until'> | undefined> {
  if (runs.some(({ stage }) => stage !== 'waiting')) return { state: 'InProgress', until: undefined }
  const [run] = runs
  // What an agent would take for work to do must not be said of what is not.
  if (!run) return outlook(node.status) === 'Pending' ? undefined : { state: node.status, until: undefined }
  const isDue = run.summons !== 'none' || run.due_at <= acting.now.toISOString()
  const progress = await Progress.of(acting, run.execution_id)
  if (!isDue || progress.room === 0) return undefined
  progress.began()
  await progress.save({ ran: false })
  const leaseEnd = new Date(acting.now.getTime() + LEASE_MS).toISOString()
  await writeRun(acting.db, run, { stage: 'handed', summons: 'none', due_at: leaseEnd })
  const { start_until } = progress.row
  return { state: 'Pending', until: start_until === null ? undefined : new Date(start_until) }
}

/** The item of the list. Amazon's agent reads the members up to `DetailedStatus` without looking whether they are there. */
export async function toItem(
  acting: Acting,
  { association, node, state }: Shown,
  parameters: Record<string, string[]> | undefined,
): Promise<InstanceAssociationSummary | undefined> {
  const definition = definitionOf(association)
  const { document } = await usableDocument(acting.db, association, definition)
  // A node would fail to load it, and report that again and again.
  if (!document) return undefined
  return {
    AssociationId: association.id,
    Name: definition.Name,
    InstanceId: node.node_id,
    DocumentVersion: String(document.version),
    Checksum: checksum(association),
    AssociationVersion: String(association.version),
    DetailedStatus: state,
    Status: state,
    LastExecutionDate: node.executed_at === null ? undefined : new Date(node.executed_at),
    Parameters: parameters,
    OutputLocation: definition.OutputLocation,
  }
}
