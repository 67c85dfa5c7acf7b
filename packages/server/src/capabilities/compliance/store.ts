/**
 * Items of compliance, and what follows from them: the summary of each type on each node, the periods in which it stayed the same, and
 * the event that tells of its change. Everything changes in the one transaction that puts the items.
 */
import type { ComplianceItemEntry } from '@steward/model/generated/ssm.ts'
import { deliverEvents, emitEvent, wholeSeconds } from '#capabilities/events/index.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { bulkInserter } from '#db/statement.ts'
import type { Task } from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Scope } from '#kernel/scope.ts'
import { type Counts, countColumn, type Execution, noCounts, type RollUp, rollUp } from './compliance.ts'
import type { ComplianceTables, SummaryTable } from './tables.ts'

/** Who puts items, and when. */
export interface Putting {
  readonly now: Date
  readonly ids: Ids
  wake(task: Task): void
}

/** What was found of one type on one node. */
export interface ComplianceReport {
  readonly nodeId: string
  readonly type: string
  readonly execution: Execution
  readonly items: readonly ComplianceItemEntry[]
}

const insertRows = bulkInserter<ComplianceTables>('compliance_item')

/**
 * Puts these items in the place of the ones with the same ids and leaves the others. They are the server's own: a node that reports
 * afterwards does not change them, so they stay until {@link removeComplianceItems}. The node must be registered.
 */
export async function putComplianceItems(
  tx: Tx,
  scope: Scope,
  report: ComplianceReport,
  putting: Putting,
): Promise<void> {
  const ids = report.items.map(({ Id = '' }) => Id)
  if (ids.length === 0) return
  await tables<ComplianceTables>(tx)
    .deleteFrom('compliance_item')
    .where((eb) => eb.and(typeKey(scope, report)))
    .where('item_id', 'in', ids)
    .execute()
  await insertItems(tx, scope, report, { lasting: true })
  await refreshSummary(tx, scope, report, {}, putting)
}

/**
 * Puts these items in the place of all of the type on the node. With `keepLasting` what the server keeps stays as it is, and items with
 * the same ids are passed over.
 */
export async function replaceItems(
  tx: Tx,
  scope: Scope,
  report: ComplianceReport,
  { contentHash, keepLasting }: { contentHash: string | null; keepLasting: boolean },
  putting: Putting,
): Promise<void> {
  const kept = keepLasting ? await lastingIds(tx, scope, report) : new Set<string>()
  await tables<ComplianceTables>(tx)
    .deleteFrom('compliance_item')
    .where((eb) => eb.and(typeKey(scope, report)))
    .$if(keepLasting, (query) => query.where('lasting', '=', 0))
    .execute()
  const items = report.items.filter(({ Id = '' }) => !kept.has(Id))
  await insertItems(tx, scope, { ...report, items }, { lasting: false })
  await refreshSummary(tx, scope, report, { content_hash: contentHash }, putting)
}

/** Deletes items that the server put, such as those of an association; of all nodes unless some are named. */
export async function removeComplianceItems(
  tx: Tx,
  scope: Scope,
  removed: { readonly type: string; readonly itemId: string; readonly nodeIds?: readonly string[] },
  putting: Putting,
): Promise<void> {
  const { type, itemId, nodeIds } = removed
  if (nodeIds?.length === 0) return
  const rows = await tables<ComplianceTables>(tx)
    .deleteFrom('compliance_item')
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('type', '=', type)
    .where('item_id', '=', itemId)
    .where('lasting', '=', 1)
    .$if(nodeIds !== undefined, (query) => query.where('node_id', 'in', nodeIds!))
    .returning('node_id as nodeId')
    .execute()
  for (const { nodeId } of rows) await refreshSummary(tx, scope, { nodeId, type }, {}, putting)
}

/** Says whether the compliance of an association is what callers put; `false` also when it is deleted. */
export async function setManualAssociation(
  tx: Tx,
  { account, region }: Scope,
  associationId: string,
  isManual: boolean,
): Promise<void> {
  const db = tables<ComplianceTables>(tx)
  const row = { account, region, association_id: associationId }
  if (isManual)
    await db
      .insertInto('compliance_manual_association')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  else
    await db
      .deleteFrom('compliance_manual_association')
      .where((eb) => eb.and(row))
      .execute()
}

export async function isManualAssociation(
  reader: Reader,
  { account, region }: Scope,
  associationId: string,
): Promise<boolean> {
  const row = await tables<ComplianceTables>(reader)
    .selectFrom('compliance_manual_association')
    .select('association_id')
    .where((eb) => eb.and({ account, region, association_id: associationId }))
    .executeTakeFirst()
  return row !== undefined
}

/** Deletes what is kept of a node; what it was in the past stays for the trend. */
export async function forgetNode(tx: Tx, scope: Scope, nodeId: string, now: Date): Promise<void> {
  const db = tables<ComplianceTables>(tx)
  await db
    .deleteFrom('compliance_item')
    .where((eb) => eb.and(nodeKey(scope, nodeId)))
    .execute()
  await db
    .deleteFrom('compliance_summary')
    .where((eb) => eb.and(nodeKey(scope, nodeId)))
    .execute()
  await db
    .updateTable('compliance_period')
    .set({ until: now.toISOString() })
    .where((eb) => eb.and(nodeKey(scope, nodeId)))
    .where('until', 'is', null)
    .execute()
  noteChange(tx, { kind: 'compliance', ids: [nodeId], region: scope.region })
}

/** The types that the node has items of. */
export async function typesOf(reader: Reader, scope: Scope, nodeId: string): Promise<string[]> {
  const rows = await tables<ComplianceTables>(reader)
    .selectFrom('compliance_summary')
    .select('type')
    .where((eb) => eb.and(nodeKey(scope, nodeId)))
    .execute()
  return rows.map(({ type }) => type)
}

/** The hash that came with the items, if there are any. */
export async function contentHashOf(reader: Reader, scope: Scope, of: OfType): Promise<string | undefined> {
  return (await findSummary(reader, scope, of))?.content_hash ?? undefined
}

type OfType = Pick<ComplianceReport, 'nodeId' | 'type'>

async function insertItems(
  tx: Tx,
  scope: Scope,
  { nodeId, type, execution, items }: ComplianceReport,
  { lasting }: { lasting: boolean },
): Promise<void> {
  const rows = items.map(({ Id = '', Title, Status, Severity, Details }) => ({
    ...typeKey(scope, { nodeId, type }),
    item_id: Id,
    title: Title ?? null,
    status: Status!,
    severity: Severity!,
    details: Details && Object.keys(Details).length > 0 ? JSON.stringify(Details) : null,
    lasting: lasting ? 1 : 0,
    execution_time: execution.time.toISOString(),
    execution_id: execution.id ?? null,
    execution_type: execution.type ?? null,
  }))
  await insertRows(tx, rows)
}

async function lastingIds(tx: Tx, scope: Scope, of: OfType): Promise<Set<string>> {
  const rows = await tables<ComplianceTables>(tx)
    .selectFrom('compliance_item')
    .select('item_id')
    .where((eb) => eb.and(typeKey(scope, of)))
    .where('lasting', '=', 1)
    .execute()
  return new Set(rows.map(({ item_id }) => item_id))
}

/** Makes the summary what its items say, and tells of it if status or severity are others now. */
async function refreshSummary(
  tx: Tx,
  scope: Scope,
  of: OfType,
  more: Partial<Pick<SummaryTable, 'content_hash'>>,
  putting: Putting,
): Promise<void> {
  const { nodeId, type } = of
  const db = tables<ComplianceTables>(tx)
  const before = await findSummary(tx, scope, of)
  const counts = await countItems(tx, scope, of)
  const now = rollUp(counts)
  noteChange(tx, { kind: 'compliance', ids: [nodeId], region: scope.region })
  if (!now) {
    await db
      .deleteFrom('compliance_summary')
      .where((eb) => eb.and(typeKey(scope, of)))
      .execute()
    await beginPeriod(tx, scope, of, undefined, putting.now)
    return
  }
  const revision = putting.ids.uuid()
  const row = { ...counts, ...now, ...(await latestExecution(tx, scope, of)), ...more, revision }
  await db
    .insertInto('compliance_summary')
    .values({ ...typeKey(scope, of), content_hash: null, ...row })
    .onConflict((conflict) => conflict.columns(['account', 'region', 'node_id', 'type']).doUpdateSet(row))
    .execute()
  if (before?.status === now.status && before.severity === now.severity) return
  await beginPeriod(tx, scope, of, now, putting.now)
  await emitEvent(tx, scope, putting.now, putting.ids, {
    detailType: 'Configuration Compliance State Change',
    resources: [nodeArn(scope, nodeId)],
    detail: {
      'last-runtime': wholeSeconds(new Date(row.execution_time)),
      'compliance-status': now.status.toLowerCase(),
      'resource-type': 'managed-instance',
      'resource-id': nodeId,
      'compliance-type': type,
      ...(row.patch_baseline_id !== null && { 'patch-baseline-id': row.patch_baseline_id }),
      severity: now.severity.toLowerCase(),
    },
  })
  putting.wake(deliverEvents)
}

function findSummary(reader: Reader, scope: Scope, of: OfType) {
  return tables<ComplianceTables>(reader)
    .selectFrom('compliance_summary')
    .select(['status', 'severity', 'content_hash'])
    .where((eb) => eb.and(typeKey(scope, of)))
    .executeTakeFirst()
}

async function countItems(tx: Tx, scope: Scope, of: OfType): Promise<Counts> {
  const rows = await tables<ComplianceTables>(tx)
    .selectFrom('compliance_item')
    .select(({ fn }) => ['status', 'severity', fn.countAll().as('count')])
    .where((eb) => eb.and(typeKey(scope, of)))
    .groupBy(['status', 'severity'])
    .execute()
  const counts = noCounts()
  for (const { status, severity, count } of rows) counts[countColumn(status, severity)] = Number(count)
  return counts
}

/** What the summary takes over from the item that was found last. */
async function latestExecution(tx: Tx, scope: Scope, of: OfType) {
  const { details, ...execution } = await tables<ComplianceTables>(tx)
    .selectFrom('compliance_item')
    .select(['execution_time', 'execution_id', 'execution_type', 'details'])
    .where((eb) => eb.and(typeKey(scope, of)))
    .orderBy('execution_time', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const { PatchGroup, PatchBaselineId } = JSON.parse(details ?? '{}') as Record<string, string>
  return { ...execution, patch_group: PatchGroup ?? null, patch_baseline_id: PatchBaselineId ?? null }
}

/** Ends the period that is open and begins one with another roll-up; with none if there is nothing any more. */
async function beginPeriod(tx: Tx, scope: Scope, of: OfType, rollUp: RollUp | undefined, now: Date): Promise<void> {
  const key = typeKey(scope, of)
  const db = tables<ComplianceTables>(tx)
  const since = now.toISOString()
  await db
    .updateTable('compliance_period')
    .set({ until: since })
    .where((eb) => eb.and(typeKey(scope, of)))
    .where('until', 'is', null)
    .execute()
  if (!rollUp) return
  // Two changes in one millisecond: the later one counts.
  await db
    .insertInto('compliance_period')
    .values({ ...key, since, until: null, ...rollUp })
    .onConflict((conflict) =>
      conflict.columns(['account', 'region', 'node_id', 'type', 'since']).doUpdateSet({ until: null, ...rollUp }),
    )
    .execute()
}

function nodeKey({ account, region }: Scope, nodeId: string) {
  return { account, region, node_id: nodeId }
}

function typeKey(scope: Scope, { nodeId, type }: OfType) {
  return { ...nodeKey(scope, nodeId), type }
}
