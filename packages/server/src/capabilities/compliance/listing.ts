import type {
  ComplianceItem,
  ComplianceSeverity,
  ComplianceStatus,
  ResourceComplianceSummaryItem,
  SeveritySummary,
} from '@steward/model/generated/ssm.ts'
import { type Expression, type SqlBool, sql } from 'kysely'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { type Counts, countColumn, noCounts } from './compliance.ts'
import { type Filter, passes } from './condition.ts'
import type { ComplianceTables, ItemTable, SummaryTable } from './tables.ts'

/** What a page of items goes on after; the order is that of the key. */
export interface ItemCursor {
  readonly nodeId: string
  readonly type: string
  readonly id: string
}

export type SummaryCursor = Omit<ItemCursor, 'id'>

/** Rows that are looked at together for details, which the database does not look into. */
const ROWS_AT_ONCE = 1000

export interface ItemFilters {
  /** Undefined: of all nodes. */
  readonly nodeId: string | undefined
  readonly conditions: readonly Expression<SqlBool>[]
  /** What the database cannot tell. */
  readonly details: readonly Filter[]
}

/** Items that meet all conditions and whose details pass all filters, in order of node, type and id. */
export async function listItems(
  reader: Reader,
  scope: Scope,
  { nodeId, conditions, details }: ItemFilters,
  after: ItemCursor | undefined,
  limit: number,
): Promise<ItemTable[]> {
  if (details.length === 0) return itemsAfter(reader, scope, { nodeId, conditions }, after, limit)
  const found: ItemTable[] = []
  for (let from = after; ; ) {
    const rows = await itemsAfter(reader, scope, { nodeId, conditions }, from, ROWS_AT_ONCE)
    found.push(...rows.filter((row) => detailsPass(row, details)))
    if (found.length >= limit || rows.length < ROWS_AT_ONCE) return found.slice(0, limit)
    from = itemCursor(rows.at(-1)!)
  }
}

export function itemCursor({ node_id, type, item_id }: ItemTable): ItemCursor {
  return { nodeId: node_id, type, id: item_id }
}

function itemsAfter(
  reader: Reader,
  scope: Scope,
  { nodeId, conditions }: Omit<ItemFilters, 'details'>,
  after: ItemCursor | undefined,
  limit: number,
): Promise<ItemTable[]> {
  let query = tables<ComplianceTables>(reader)
    .selectFrom('compliance_item')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .orderBy('node_id')
    .orderBy('type')
    .orderBy('item_id')
    .limit(limit)
  for (const condition of conditions) query = query.where(condition)
  if (nodeId !== undefined) query = query.where('node_id', '=', nodeId)
  if (after && nodeId !== undefined) query = query.where(sql<SqlBool>`(type, item_id) > (${after.type}, ${after.id})`)
  else if (after)
    query = query.where(sql<SqlBool>`(node_id, type, item_id) > (${after.nodeId}, ${after.type}, ${after.id})`)
  return query.execute()
}

function detailsPass({ details }: ItemTable, filters: readonly Filter[]): boolean {
  const known = JSON.parse(details ?? '{}') as Record<string, string>
  return filters.every((filter) => passes(known[filter.key], filter))
}

export function toItem(row: ItemTable): ComplianceItem {
  return {
    ComplianceType: row.type,
    ResourceType: 'ManagedInstance',
    ResourceId: row.node_id,
    Id: row.item_id,
    ...(row.title !== null && { Title: row.title }),
    Status: row.status,
    Severity: row.severity,
    ExecutionSummary: executionSummary(row),
    Details: JSON.parse(row.details ?? '{}') as Record<string, string>,
  }
}

/** Summaries that meet all conditions, in order of node and type. */
export function listSummaries(
  reader: Reader,
  scope: Scope,
  conditions: readonly Expression<SqlBool>[],
  after: SummaryCursor | undefined,
  limit: number,
): Promise<SummaryTable[]> {
  let query = tables<ComplianceTables>(reader)
    .selectFrom('compliance_summary')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .orderBy('node_id')
    .orderBy('type')
    .limit(limit)
  for (const condition of conditions) query = query.where(condition)
  if (after) query = query.where(sql<SqlBool>`(node_id, type) > (${after.nodeId}, ${after.type})`)
  return query.execute()
}

export function toResourceSummary(row: SummaryTable): ResourceComplianceSummaryItem {
  return {
    ComplianceType: row.type,
    ResourceType: 'ManagedInstance',
    ResourceId: row.node_id,
    Status: row.status,
    OverallSeverity: row.severity,
    ExecutionSummary: executionSummary(row),
    ...countsSummary(row),
  }
}

/** How many nodes are compliant and how many are not, by severity. */
export interface TypeCounts {
  readonly type: string
  readonly counts: Counts
}

/** Counts the nodes whose summaries meet all conditions; in order of type, from the one after `after`. */
export async function countByType(
  reader: Reader,
  scope: Scope,
  conditions: readonly Expression<SqlBool>[],
  after: string | undefined,
): Promise<TypeCounts[]> {
  let query = tables<ComplianceTables>(reader)
    .selectFrom('compliance_summary')
    .select(({ fn }) => ['type', 'status', 'severity', fn.countAll().as('count')])
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .groupBy(['type', 'status', 'severity'])
    .orderBy('type')
  for (const condition of conditions) query = query.where(condition)
  if (after !== undefined) query = query.where('type', '>', after)
  const byType = new Map<string, Counts>()
  for (const { type, status, severity, count } of await query.execute()) {
    const counts = byType.get(type) ?? noCounts()
    counts[countColumn(status, severity)] += Number(count)
    byType.set(type, counts)
  }
  return [...byType].map(([type, counts]) => ({ type, counts }))
}

function executionSummary({ execution_time, execution_id, execution_type }: ItemTable | SummaryTable) {
  return {
    ExecutionTime: new Date(execution_time),
    ...(execution_id !== null && { ExecutionId: execution_id }),
    ...(execution_type !== null && { ExecutionType: execution_type }),
  }
}

/** Counts as the API answers them. */
export function countsSummary(counts: Counts) {
  const compliant = severitySummary(counts, 'COMPLIANT')
  const not = severitySummary(counts, 'NON_COMPLIANT')
  return {
    CompliantSummary: { CompliantCount: sum(compliant), SeveritySummary: compliant },
    NonCompliantSummary: { NonCompliantCount: sum(not), SeveritySummary: not },
  }
}

function severitySummary(counts: Counts, status: ComplianceStatus): Required<SeveritySummary> {
  const of = (severity: ComplianceSeverity) => counts[countColumn(status, severity)]
  return {
    CriticalCount: of('CRITICAL'),
    HighCount: of('HIGH'),
    MediumCount: of('MEDIUM'),
    LowCount: of('LOW'),
    InformationalCount: of('INFORMATIONAL'),
    UnspecifiedCount: of('UNSPECIFIED'),
  }
}

function sum(counts: object): number {
  return Object.values(counts).reduce((all: number, one: number) => all + one, 0)
}
