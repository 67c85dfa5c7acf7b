/** Compliance in the form of the inventory types `AWS:ComplianceItem` and `AWS:ComplianceSummary`. */
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { COUNT_COLUMNS, countAttribute } from './compliance.ts'
import type { ComplianceTables, ItemTable, SummaryTable } from './tables.ts'

type Entry = Readonly<Record<string, string>>

/** What is known of the compliance of a node. */
export interface NodeCompliance {
  readonly nodeId: string
  /** Another one after each change of its items. */
  readonly revision: string
  /** When the latest of it was found. */
  readonly foundAt: Date
  /** One for each type. */
  readonly summaries: readonly Entry[]
}

/** Of those of the nodes that have any, in no particular order. */
export async function complianceOfNodes(
  reader: Reader,
  { account, region }: Scope,
  nodeIds: readonly string[],
): Promise<NodeCompliance[]> {
  if (nodeIds.length === 0) return []
  const rows = await tables<ComplianceTables>(reader)
    .selectFrom('compliance_summary')
    .selectAll()
    .where((eb) => eb.and({ account, region }))
    .where('node_id', 'in', nodeIds)
    .orderBy('type')
    .execute()
  return [...Map.groupBy(rows, ({ node_id }) => node_id)].map(([nodeId, types]) => ({
    nodeId,
    revision: types.map(({ revision }) => revision).join(),
    foundAt: new Date(Math.max(...types.map(({ execution_time }) => Date.parse(execution_time)))),
    summaries: types.map(summaryEntry),
  }))
}

/** The items of those of the nodes that have any, of each in order of type and id. */
export async function complianceItemsOf(
  reader: Reader,
  { account, region }: Scope,
  nodeIds: readonly string[],
): Promise<Map<string, Entry[]>> {
  if (nodeIds.length === 0) return new Map()
  const rows = await tables<ComplianceTables>(reader)
    .selectFrom('compliance_item')
    .selectAll()
    .where((eb) => eb.and({ account, region }))
    .where('node_id', 'in', nodeIds)
    .orderBy('node_id')
    .orderBy('type')
    .orderBy('item_id')
    .execute()
  const byNode = new Map<string, Entry[]>()
  for (const row of rows) {
    const known = byNode.get(row.node_id)
    if (known) known.push(itemEntry(row))
    else byNode.set(row.node_id, [itemEntry(row)])
  }
  return byNode
}

/** Of each node that has any compliance: another text after each change of its items. */
export async function complianceRevisions(reader: Reader, { account, region }: Scope): Promise<Map<string, string>> {
  const rows = await tables<ComplianceTables>(reader)
    .selectFrom('compliance_summary')
    .select(['node_id', 'revision'])
    .where((eb) => eb.and({ account, region }))
    .orderBy('node_id')
    .orderBy('type')
    .execute()
  const revisions = new Map<string, string>()
  for (const { node_id, revision } of rows) {
    const known = revisions.get(node_id)
    revisions.set(node_id, known === undefined ? revision : `${known},${revision}`)
  }
  return revisions
}

function itemEntry(row: ItemTable): Entry {
  return {
    ...executionEntry(row),
    Id: row.item_id,
    Title: row.title ?? '',
    Status: row.status,
    Severity: row.severity,
    ...(JSON.parse(row.details ?? '{}') as Record<string, string>),
  }
}

function summaryEntry(row: SummaryTable): Entry {
  return {
    ...executionEntry(row),
    PatchGroup: row.patch_group ?? '',
    PatchBaselineId: row.patch_baseline_id ?? '',
    Status: row.status,
    OverallSeverity: row.severity,
    ...Object.fromEntries(COUNT_COLUMNS.map((column) => [countAttribute(column), String(row[column])])),
  }
}

function executionEntry(row: ItemTable | SummaryTable): Entry {
  return {
    ComplianceType: row.type,
    ExecutionId: row.execution_id ?? '',
    ExecutionType: row.execution_type ?? '',
    ExecutionTime: row.execution_time.replace(/\.\d+Z$/, 'Z'),
  }
}
