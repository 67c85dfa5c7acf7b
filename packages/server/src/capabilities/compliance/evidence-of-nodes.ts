/** What is known of the compliance of nodes, as evidence: how each type stands, what is not compliant, and since when. */
import type { ComplianceSeverity, ComplianceStatus } from '@steward/model/generated/ssm.ts'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { COUNT_COLUMNS } from './compliance.ts'
import type { ComplianceTables } from './tables.ts'

/** Everything is of one state of the node: figures and items belong together. */
export interface NodeEvidence {
  readonly types: readonly TypeEvidence[]
  readonly failing: readonly FailingItemEvidence[]
}

export interface TypeEvidence {
  readonly type: string
  readonly status: ComplianceStatus
  readonly severity: ComplianceSeverity
  /** Since when status and severity are these. */
  readonly since: string
  readonly executionTime: string
  readonly executionId: string
  readonly compliantItems: number
  readonly failingItems: number
}

export interface FailingItemEvidence {
  readonly type: string
  readonly id: string
  readonly title: string
  readonly severity: ComplianceSeverity
  /** Empty if it has been so since before this was kept. */
  readonly since: string
  readonly executionTime: string
  readonly executionId: string
}

/** Items of so many are held at once; a node's own stay together. */
const ITEMS_AT_ONCE = 5_000
/** A node that changes whenever it is looked at is told as it was seen last. */
const LOOKS = 5

/**
 * The evidence of those of the nodes that have any, node by node in no particular order; of these types, if some are named. Holds
 * about as much as is not compliant on a few nodes.
 */
export async function* evidenceOfNodes(
  read: <T>(work: (reader: Reader) => Promise<T>) => Promise<T>,
  scope: Scope,
  nodeIds: readonly string[],
  types: readonly string[],
): AsyncGenerator<[nodeId: string, NodeEvidence]> {
  if (nodeIds.length === 0) return
  const sizes = new Map<string, number>()
  for (const row of await read((reader) => standings(reader, scope, nodeIds, types)))
    sizes.set(row.node_id, (sizes.get(row.node_id) ?? 0) + countOf(row, 'non_compliant'))
  let some: string[] = []
  let items = 0
  for (const [nodeId, size] of sizes) {
    if (some.length > 0 && items + size > ITEMS_AT_ONCE) {
      yield* await read((reader) => lookAt(reader, scope, some, types))
      some = []
      items = 0
    }
    some.push(nodeId)
    items += size
  }
  if (some.length > 0) yield* await read((reader) => lookAt(reader, scope, some, types))
}

/** Looks again as long as something changed between the look at the types and that at the items. */
async function lookAt(
  reader: Reader,
  scope: Scope,
  nodeIds: readonly string[],
  types: readonly string[],
): Promise<Map<string, NodeEvidence>> {
  let rows = await standings(reader, scope, nodeIds, types)
  for (let look = 1; ; look++) {
    const failing = await failingItems(reader, scope, nodeIds, types)
    const after = await standings(reader, scope, nodeIds, types)
    if (look === LOOKS || revisions(after) === revisions(rows)) return together(after, failing)
    rows = after
  }
}

function revisions(rows: readonly { readonly revision: string }[]): string {
  return rows.map(({ revision }) => revision).join()
}

type Standing = Awaited<ReturnType<typeof standings>>[number]
type Failing = Awaited<ReturnType<typeof failingItems>>[number]

function together(rows: readonly Standing[], items: readonly Failing[]): Map<string, NodeEvidence> {
  const failing = Map.groupBy(items, ({ node_id }) => node_id)
  const byNode = Map.groupBy(rows, ({ node_id }) => node_id)
  return new Map(
    [...byNode].map(([nodeId, ofNode]) => [
      nodeId,
      { types: ofNode.map(toTypeEvidence), failing: (failing.get(nodeId) ?? []).map(toItemEvidence) },
    ]),
  )
}

/** In order of node and type. */
function standings(reader: Reader, { account, region }: Scope, nodeIds: readonly string[], types: readonly string[]) {
  let query = tables<ComplianceTables>(reader)
    .selectFrom('compliance_summary')
    .leftJoin('compliance_period', (join) =>
      join
        .onRef('compliance_period.account', '=', 'compliance_summary.account')
        .onRef('compliance_period.region', '=', 'compliance_summary.region')
        .onRef('compliance_period.node_id', '=', 'compliance_summary.node_id')
        .onRef('compliance_period.type', '=', 'compliance_summary.type')
        .on('compliance_period.until', 'is', null),
    )
    .selectAll('compliance_summary')
    .select('compliance_period.since')
    .where('compliance_summary.account', '=', account)
    .where('compliance_summary.region', '=', region)
    .where('compliance_summary.node_id', 'in', nodeIds)
    .orderBy('compliance_summary.node_id')
    .orderBy('compliance_summary.type')
  if (types.length > 0) query = query.where('compliance_summary.type', 'in', types)
  return query.execute()
}

/** In order of node, type and id. */
function failingItems(
  reader: Reader,
  { account, region }: Scope,
  nodeIds: readonly string[],
  types: readonly string[],
) {
  let query = tables<ComplianceTables>(reader)
    .selectFrom('compliance_item')
    .select(['node_id', 'type', 'item_id', 'title', 'severity', 'failing_since', 'execution_time', 'execution_id'])
    .where((eb) => eb.and({ account, region, status: 'NON_COMPLIANT' }))
    .where('node_id', 'in', nodeIds)
    .orderBy('node_id')
    .orderBy('type')
    .orderBy('item_id')
  if (types.length > 0) query = query.where('type', 'in', types)
  return query.execute()
}

function toTypeEvidence(row: Standing): TypeEvidence {
  return {
    type: row.type,
    status: row.status,
    severity: row.severity,
    since: row.since ?? '',
    executionTime: row.execution_time,
    executionId: row.execution_id ?? '',
    compliantItems: countOf(row, 'compliant'),
    failingItems: countOf(row, 'non_compliant'),
  }
}

function toItemEvidence(row: Failing): FailingItemEvidence {
  return {
    type: row.type,
    id: row.item_id,
    title: row.title ?? '',
    severity: row.severity,
    since: row.failing_since ?? '',
    executionTime: row.execution_time,
    executionId: row.execution_id ?? '',
  }
}

function countOf(row: Standing, status: 'compliant' | 'non_compliant'): number {
  const columns = COUNT_COLUMNS.filter((column) => column.startsWith(`${status}_`))
  return columns.reduce((sum, column) => sum + Number(row[column]), 0)
}
