/** The compliance of a fleet at a glance: by node, by type, by severity, by whatever nodes are grouped by; what fails most, and where. */
import type { ComplianceSeverity, ComplianceStatus } from '@steward/model/generated/ssm.ts'
import type {
  ComplianceGroup,
  ComplianceNodeCounts,
  ComplianceOfType,
  FailingItem,
  NodesBySeverity,
  RegionCompliance,
  WorstNode,
} from '@steward/model/generated/steward.ts'
import { type Expression, type SqlBool, sql } from 'kysely'
import { findNodes } from '#capabilities/nodes/index.ts'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { COUNT_COLUMNS, SEVERITIES } from './compliance.ts'
import type { ComplianceTables } from './tables.ts'

/** The nodes and items that are named; the numbers are of all. */
const NAMED = 20

interface Row {
  readonly node_id: string
  readonly type: string
  readonly status: ComplianceStatus
  readonly severity: ComplianceSeverity
  readonly execution_time: string
  readonly compliant: number
  readonly failing: number
}

/** What one node comes to over all types; undefined: nothing was reported of it. */
export interface NodeStanding {
  readonly nodeId: string
  readonly value: string
  readonly rows: readonly Row[]
  readonly worst: ComplianceSeverity | undefined
}

/** The summaries of the nodes that meet all conditions. */
export function summariesOf(
  reader: Reader,
  scopes: readonly Scope[],
  conditions: readonly Expression<SqlBool>[],
): Promise<readonly Row[]> {
  const sumOf = (prefix: string) =>
    sql.join(
      COUNT_COLUMNS.filter((column) => column.startsWith(prefix)).map((column) => sql.ref(column)),
      sql` + `,
    )
  let query = tables<ComplianceTables>(reader)
    .selectFrom('compliance_summary')
    .select(['node_id', 'type', 'status', 'severity', 'execution_time'])
    .select([sql<number>`${sumOf('compliant')}`.as('compliant'), sql<number>`${sumOf('non_compliant')}`.as('failing')])
    .where(isInOneOf(scopes))
  for (const condition of conditions) query = query.where(condition)
  return query.execute()
}

/** Every node with its summaries; `values` has all nodes, and what they are grouped by. */
export function standings(values: ReadonlyMap<string, string>, rows: readonly Row[]): NodeStanding[] {
  const byNode = Map.groupBy(rows, ({ node_id }) => node_id)
  return [...values].map(([nodeId, value]) => {
    const own = byNode.get(nodeId) ?? []
    const failing = new Set(own.filter(({ status }) => status === 'NON_COMPLIANT').map(({ severity }) => severity))
    return { nodeId, value, rows: own, worst: SEVERITIES.find((severity) => failing.has(severity)) }
  })
}

/** A node is not compliant once it is not with one type. */
export function countNodes(nodes: readonly NodeStanding[]): Required<ComplianceNodeCounts> {
  const failing = nodes.filter(({ worst }) => worst !== undefined)
  const unreported = nodes.filter(({ rows }) => rows.length === 0).length
  return {
    Total: nodes.length,
    Compliant: nodes.length - failing.length - unreported,
    NonCompliant: failing.length,
    Unreported: unreported,
    Severities: bySeverity(failing.map(({ worst }) => worst!)),
  }
}

/** By the value of what the nodes are grouped by, the largest first; nodes that have none are a group without a value. */
export function groups(nodes: readonly NodeStanding[]): ComplianceGroup[] {
  return [...Map.groupBy(nodes, ({ value }) => value)]
    .map(([value, members]) => ({ ...(value && { Value: value }), ...countNodes(members) }))
    .sort((a, b) => b.Total - a.Total || ((a.Value ?? '') < (b.Value ?? '') ? -1 : 1))
}

export function regions(byRegion: ReadonlyMap<string, readonly NodeStanding[]>): RegionCompliance[] {
  return [...byRegion].map(([Region, nodes]) => ({ Region, ...countNodes(nodes) }))
}

export function types(rows: readonly Row[]): Required<ComplianceOfType>[] {
  return [...Map.groupBy(rows, ({ type }) => type)]
    .map(([type, ofType]) => {
      const failing = ofType.filter(({ status }) => status === 'NON_COMPLIANT')
      return {
        ComplianceType: type,
        Compliant: ofType.length - failing.length,
        NonCompliant: failing.length,
        CompliantItems: sum(ofType.map(({ compliant }) => compliant)),
        NonCompliantItems: sum(ofType.map(({ failing }) => failing)),
        Severities: bySeverity(failing.map(({ severity }) => severity)),
        LatestExecution: latestExecution(ofType),
      }
    })
    .sort((a, b) => (a.ComplianceType < b.ComplianceType ? -1 : 1))
}

/** The nodes to look at first: by severity, then by how much is not compliant. */
export async function worstNodes(
  reader: Reader,
  scopes: readonly Scope[],
  nodes: readonly NodeStanding[],
): Promise<WorstNode[]> {
  const failingItems = ({ rows }: NodeStanding) => sum(rows.map(({ failing }) => failing))
  const rank = ({ worst }: NodeStanding) => SEVERITIES.indexOf(worst!)
  const worst = nodes
    .filter(({ worst }) => worst !== undefined)
    .sort((a, b) => rank(a) - rank(b) || failingItems(b) - failingItems(a) || (a.nodeId < b.nodeId ? -1 : 1))
    .slice(0, NAMED)
  const ids = worst.map(({ nodeId }) => nodeId)
  const found = new Map<string, { name: string | undefined; region: string }>()
  for (const scope of scopes)
    for (const { nodeId, name } of await findNodes(reader, scope, ids))
      found.set(nodeId, { name, region: scope.region })
  return worst.map((node) => ({
    InstanceId: node.nodeId,
    ...(scopes.length > 1 && { Region: found.get(node.nodeId)?.region }),
    ...(found.get(node.nodeId)?.name && { Name: found.get(node.nodeId)!.name }),
    Severity: node.worst!,
    NonCompliantItems: failingItems(node),
    ComplianceTypes: node.rows.filter(({ failing }) => failing > 0).map(({ type }) => type),
  }))
}

/** What is not compliant on most nodes. */
export async function failingItems(
  reader: Reader,
  scopes: readonly Scope[],
  conditions: readonly Expression<SqlBool>[],
): Promise<FailingItem[]> {
  let query = tables<ComplianceTables>(reader)
    .selectFrom('compliance_item')
    .select(({ fn }) => [
      'type',
      'item_id',
      'severity',
      fn.max('title').as('title'),
      fn.countAll<number | string>().as('nodes'),
    ])
    .where(isInOneOf(scopes))
    // Written out, so that the database sees that its index of these will do.
    .where(sql<SqlBool>`status = 'NON_COMPLIANT'`)
    .groupBy(['type', 'item_id', 'severity'])
    .orderBy('nodes', 'desc')
    .orderBy('type')
    .orderBy('item_id')
    .limit(NAMED)
  for (const condition of conditions) query = query.where(condition)
  return (await query.execute()).map(({ type, item_id, severity, title, nodes }) => ({
    ComplianceType: type,
    Id: item_id,
    ...(title && { Title: title }),
    Severity: severity,
    Nodes: Number(nodes),
  }))
}

/** All are of one account. */
export function isInOneOf(scopes: readonly Scope[]): Expression<SqlBool> {
  const [{ account, region }, ...others] = scopes as [Scope, ...Scope[]]
  if (others.length === 0) return sql`account = ${account} and region = ${region}`
  return sql`account = ${account} and region in (${sql.join(scopes.map((scope) => scope.region))})`
}

function latestExecution(rows: readonly Row[]): Date {
  let latest = ''
  for (const { execution_time } of rows) if (execution_time > latest) latest = execution_time
  return new Date(latest)
}

function bySeverity(severities: readonly ComplianceSeverity[]): NodesBySeverity[] {
  return SEVERITIES.map((Severity) => ({
    Severity,
    Nodes: severities.filter((severity) => severity === Severity).length,
  })).filter(({ Nodes }) => Nodes > 0)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + Number(one), 0)
}
