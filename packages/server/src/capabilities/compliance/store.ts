/** Items of compliance. What follows from them changes in the one transaction that puts them: see `summary.ts`. */
import type { ComplianceItemEntry } from '@steward/model/generated/ssm.ts'
import type { Kysely } from 'kysely'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { bulkInserter, statement } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Execution } from './compliance.ts'
import { findSummary, keyOf, type OfType, type Putting, refreshSummary } from './summary.ts'
import type { ComplianceTables } from './tables.ts'

/** What was found of one type on one node. */
export interface ComplianceReport {
  readonly nodeId: string
  readonly type: string
  readonly execution: Execution
  readonly items: readonly ComplianceItemEntry[]
}

const insertRows = bulkInserter<ComplianceTables>('compliance_item')

const deleteItem = statement(
  (db: Kysely<ComplianceTables>, account: string, region: string, nodeId: string, type: string, id: string) =>
    db.deleteFrom('compliance_item').where((eb) => eb.and({ account, region, node_id: nodeId, type, item_id: id })),
)

const selectFailing = statement(
  (db: Kysely<ComplianceTables>, account: string, region: string, nodeId: string, type: string) =>
    db
      .selectFrom('compliance_item')
      .select(['item_id', 'failing_since'])
      .where((eb) => eb.and({ account, region, node_id: nodeId, type, status: 'NON_COMPLIANT' })),
)

/** With `lasting` 0 only what the server does not keep. */
const deleteItems = statement(
  (db: Kysely<ComplianceTables>, account: string, region: string, nodeId: string, type: string, lasting: number) =>
    db
      .deleteFrom('compliance_item')
      .where((eb) => eb.and({ account, region, node_id: nodeId, type }))
      .where('lasting', '<=', lasting),
)

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
  const since = await failingSince(tx, scope, report, putting.now)
  if (ids.length === 1) await deleteItem(tx, ...keyOf(scope, report), ids[0]!)
  else
    await tables<ComplianceTables>(tx)
      .deleteFrom('compliance_item')
      .where((eb) => eb.and(typeKey(scope, report)))
      .where('item_id', 'in', ids)
      .execute()
  await insertItems(tx, scope, report, { lasting: true, since })
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
  const since = await failingSince(tx, scope, report, putting.now)
  await deleteItems(tx, ...keyOf(scope, report), keepLasting ? 0 : 1)
  const items = report.items.filter(({ Id = '' }) => !kept.has(Id))
  await insertItems(tx, scope, { ...report, items }, { lasting: false, since })
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

async function insertItems(
  tx: Tx,
  scope: Scope,
  { nodeId, type, execution, items }: ComplianceReport,
  { lasting, since }: { lasting: boolean; since: FailingSince },
): Promise<void> {
  const rows = items.map(({ Id = '', Title, Status, Severity, Details }) => ({
    ...typeKey(scope, { nodeId, type }),
    item_id: Id,
    title: Title ?? null,
    status: Status!,
    severity: Severity!,
    details: Details && Object.keys(Details).length > 0 ? JSON.stringify(Details) : null,
    lasting: lasting ? 1 : 0,
    failing_since: Status === 'NON_COMPLIANT' ? since(Id) : null,
    execution_time: execution.time.toISOString(),
    execution_id: execution.id ?? null,
    execution_type: execution.type ?? null,
  }))
  await insertRows(tx, rows)
}

type FailingSince = (itemId: string) => string | null

/** Since when the items that a report finds not compliant are so: what was so before goes on. */
async function failingSince(tx: Tx, scope: Scope, report: ComplianceReport, now: Date): Promise<FailingSince> {
  const fails = report.items.some(({ Status }) => Status === 'NON_COMPLIANT')
  const before = fails ? await selectFailing(tx, ...keyOf(scope, report)) : []
  const known = new Map(before.map(({ item_id, failing_since }) => [item_id, failing_since]))
  return (id) => (known.has(id) ? known.get(id)! : now.toISOString())
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

function nodeKey({ account, region }: Scope, nodeId: string) {
  return { account, region, node_id: nodeId }
}

function typeKey(scope: Scope, { nodeId, type }: OfType) {
  return { ...nodeKey(scope, nodeId), type }
}
