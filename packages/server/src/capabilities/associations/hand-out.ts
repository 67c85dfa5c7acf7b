/**
 * What a node is shown of its associations, and what of it is to run now (agent-protocol, 12.2). The server alone decides when: it lists
 * them without their schedules, and a node runs what is `Pending`, once. A run is handed out in the transaction in which the node asks,
 * and for some time the node is shown it as going on, so a node that asks twice does not run it twice. What a node was handed and says
 * nothing of waits again after that (watch-runs.ts).
 */
import type { InstanceAssociationSummary } from '@steward/model/generated/ssm.ts'
import { tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Acting } from './acting.ts'
import { checksum, definitionOf, outlook } from './association.ts'
import { contentOf } from './content.ts'
import { writeRun } from './finish-run.ts'
import { Progress } from './progress.ts'
import type { AssociationNodeTable, AssociationTable, AssociationTables, RunTable } from './tables.ts'

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
  const { associations, nodes } = await ofNode(acting, scope, nodeId, cursor, limit + 1)
  const page = nodes.slice(0, limit)
  const open = await openRuns(acting, nodeId)
  const shown: Shown[] = []
  for (const node of page) {
    const association = associations.get(node.association_id)!
    const runs = open.get(node.association_id) ?? []
    const state = await stateFor(acting, node, runs)
    if (state !== undefined) shown.push({ association, node, ...state })
  }
  return { shown, next: nodes.length > limit ? page.at(-1)?.association_id : undefined }
}

async function ofNode({ db }: Acting, scope: Scope, nodeId: string, cursor: string | undefined, limit: number) {
  const nodes = await tables<AssociationTables>(db)
    .selectFrom('association_node')
    .selectAll()
    .where('node_id', '=', nodeId)
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .$if(cursor !== undefined, (query) => query.where('association_id', '>', cursor!))
    .orderBy('association_id')
    .limit(limit)
    .execute()
  if (nodes.length === 0) return { nodes, associations: new Map<string, AssociationTable>() }
  const rows = await tables<AssociationTables>(db)
    .selectFrom('association')
    .selectAll()
    .where(
      'id',
      'in',
      nodes.map(({ association_id }) => association_id),
    )
    .execute()
  return { nodes, associations: new Map(rows.map((row) => [row.id, row])) }
}

async function openRuns({ db }: Acting, nodeId: string): Promise<Map<string, RunTable[]>> {
  const runs = await tables<AssociationTables>(db)
    .selectFrom('association_run')
    .selectAll()
    .where('open', '=', 1)
    .where('node_id', '=', nodeId)
    .execute()
  return Map.groupBy(runs, ({ association_id }) => association_id)
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
  await writeRun(acting, run, { stage: 'handed', summons: 'none', due_at: leaseEnd })
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
  const { document, hash } = await contentOf(acting.db, association, definition)
  // A node would fail to load it, and report that again and again.
  if (!document) return undefined
  return {
    AssociationId: association.id,
    Name: definition.Name,
    InstanceId: node.node_id,
    DocumentVersion: String(document.version),
    Checksum: checksum({ ...association, content_hash: hash }),
    AssociationVersion: String(association.version),
    DetailedStatus: state,
    Status: state,
    LastExecutionDate: node.executed_at === null ? undefined : new Date(node.executed_at),
    Parameters: parameters,
    OutputLocation: definition.OutputLocation,
  }
}
