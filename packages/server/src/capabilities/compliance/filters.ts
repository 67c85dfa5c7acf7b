/** The keys by which the lists are filtered (CMP-03 … CMP-05). Those of AWS are the attributes of its inventory types. Pure. */
import type { ComplianceStringFilter, InventoryFilter } from '@steward/model/generated/ssm.ts'
import { type Expression, type SqlBool, sql } from 'kysely'
import { type NodeCondition, nodeIds } from '#capabilities/nodes/index.ts'
import type { Call } from '#kernel/declare.ts'
import { COUNT_COLUMNS, countAttribute } from './compliance.ts'
import { type ComparedAs, columnPasses, type Filter, passes, readFilter } from './condition.ts'
import { invalidFilter } from './errors.ts'
import { inventoryFilter, nodeCondition } from './node-filters.ts'
import type { ItemTable, SummaryTable } from './tables.ts'

interface Column<Name> {
  readonly column: Name
  readonly as?: ComparedAs
}

/** What both lists have. */
const COMMON = {
  ComplianceType: { column: 'type' },
  InstanceId: { column: 'node_id' },
  ResourceId: { column: 'node_id' },
  ExecutionId: { column: 'execution_id' },
  ExecutionType: { column: 'execution_type' },
  ExecutionTime: { column: 'execution_time', as: 'time' },
} as const

const ITEM_COLUMNS: Readonly<Record<string, Column<keyof ItemTable>>> = {
  ...COMMON,
  Id: { column: 'item_id' },
  Title: { column: 'title' },
  Status: { column: 'status' },
  Severity: { column: 'severity' },
}

const DETAILS = [
  'DocumentName',
  'DocumentVersion',
  'Classification',
  'PatchBaselineId',
  'PatchSeverity',
  'PatchState',
  'PatchGroup',
  'InstalledTime',
  'InstallOverrideList',
  'DetailedText',
  'DetailedLink',
  'CVEIds',
]

const SUMMARY_COLUMNS: Readonly<Record<string, Column<keyof SummaryTable>>> = {
  ...COMMON,
  Status: { column: 'status' },
  OverallSeverity: { column: 'severity' },
  Severity: { column: 'severity' },
  PatchGroup: { column: 'patch_group' },
  PatchBaselineId: { column: 'patch_baseline_id' },
  ...Object.fromEntries(COUNT_COLUMNS.map((column) => [countAttribute(column), { column, as: 'number' as const }])),
}

/** Conditions on items, and filters on their details. Throws `InvalidFilter`. */
export function itemFilters(filters: readonly ComplianceStringFilter[] = []) {
  const conditions: Expression<SqlBool>[] = []
  const details: Filter[] = []
  for (const filter of filters.map(readFilter)) {
    const key = filter.key.replace(/^AWS:ComplianceItem\./, '')
    const condition = conditionOf(ITEM_COLUMNS, key, filter)
    if (condition) conditions.push(condition)
    else if (DETAILS.includes(key)) details.push({ ...filter, key })
    else refuseKey(filter.key)
  }
  return { conditions, details }
}

/** Conditions on summaries, some by the nodes that they are of. Throws `InvalidFilter`. */
export async function summaryFilters(
  call: Pick<Call, 'db' | 'scope' | 'now' | 'inventory'>,
  filters: readonly ComplianceStringFilter[] = [],
): Promise<Expression<SqlBool>[]> {
  const conditions: Expression<SqlBool>[] = []
  const ofNodes: NodeCondition[] = []
  const ofInventory: InventoryFilter[] = []
  for (const filter of filters.map(readFilter)) {
    const condition = conditionOf(SUMMARY_COLUMNS, filter.key.replace(/^AWS:ComplianceSummary\./, ''), filter)
    const ofNode = nodeCondition(filter)
    if (condition) conditions.push(condition)
    else if (ofNode) ofNodes.push(ofNode)
    else if (/^(?:AWS|Custom):/.test(filter.key)) ofInventory.push(inventoryFilter(filter))
    else refuseKey(filter.key)
  }
  if (ofNodes.length > 0) conditions.push(sql<SqlBool>`node_id in ${nodeIds(call.scope, ofNodes, call.now)}`)
  if (ofInventory.length > 0) conditions.push(isOneOf(await call.inventory.nodesReporting(call, ofInventory)))
  return conditions
}

function isOneOf(nodes: ReadonlySet<string>): Expression<SqlBool> {
  return nodes.size > 0 ? sql<SqlBool>`node_id in (${sql.join([...nodes])})` : sql<SqlBool>`1 = 0`
}

function conditionOf<Name extends string>(
  columns: Readonly<Record<string, Column<Name>>>,
  key: string,
  filter: Filter,
): Expression<SqlBool> | undefined {
  // All resources are of the same type.
  if (key === 'ResourceType') return sql<SqlBool>`1 = ${sql.lit(passes('ManagedInstance', filter) ? 1 : 0)}`
  const found = Object.hasOwn(columns, key) ? columns[key] : undefined
  return found && columnPasses(found.column, found.as ?? 'text', filter)
}

function refuseKey(key: string): never {
  throw invalidFilter(`There is no filter ${key}.`)
}
