/**
 * What follows from the items of one type on one node: their summary, the period in which it stays the same, and the event that tells of
 * its change. Every run of an association and every report comes through here, so these are queries that are put together once.
 */
import type { Kysely } from 'kysely'
import { deliverEvents, emitEvent, wholeSeconds } from '#capabilities/events/index.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import { noteChange } from '#db/changes.ts'
import type { Reader, Tx } from '#db/database.ts'
import { inserter, statement, updater } from '#db/statement.ts'
import type { Task } from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Scope } from '#kernel/scope.ts'
import { type Counts, countColumn, noCounts, type RollUp, rollUp } from './compliance.ts'
import type { ComplianceTables, SummaryTable } from './tables.ts'

/** Who puts items, and when. */
export interface Putting {
  readonly now: Date
  readonly ids: Ids
  wake(task: Task): void
}

/** One type on one node. */
export interface OfType {
  readonly nodeId: string
  readonly type: string
}

const KEY = ['account', 'region', 'node_id', 'type'] as const

export function keyOf({ account, region }: Scope, { nodeId, type }: OfType): [string, string, string, string] {
  return [account, region, nodeId, type]
}

type Db = Kysely<ComplianceTables>

const selectSummary = statement((db: Db, account: string, region: string, node_id: string, type: string) =>
  db
    .selectFrom('compliance_summary')
    .select(['status', 'severity', 'content_hash'])
    .where((eb) => eb.and({ account, region, node_id, type })),
)

const selectCounts = statement((db: Db, account: string, region: string, node_id: string, type: string) =>
  db
    .selectFrom('compliance_item')
    .select(({ fn }) => ['status', 'severity', fn.countAll().as('count')])
    .where((eb) => eb.and({ account, region, node_id, type }))
    .groupBy(['status', 'severity']),
)

const selectLatest = statement((db: Db, account: string, region: string, node_id: string, type: string) =>
  db
    .selectFrom('compliance_item')
    .select(['execution_time', 'execution_id', 'execution_type', 'details'])
    .where((eb) => eb.and({ account, region, node_id, type }))
    .orderBy('execution_time', 'desc')
    .limit(1),
)

const deleteSummary = statement((db: Db, account: string, region: string, node_id: string, type: string) =>
  db.deleteFrom('compliance_summary').where((eb) => eb.and({ account, region, node_id, type })),
)

const endPeriod = statement((db: Db, account: string, region: string, node_id: string, type: string, until: string) =>
  db
    .updateTable('compliance_period')
    .set({ until })
    .where((eb) => eb.and({ account, region, node_id, type }))
    .where('until', 'is', null),
)

const deleteEmptyPeriod = statement(
  (db: Db, account: string, region: string, node_id: string, type: string, since: string) =>
    db.deleteFrom('compliance_period').where((eb) => eb.and({ account, region, node_id, type, since })),
)

const insertSummary = inserter<ComplianceTables>('compliance_summary')
const updateSummary = updater<ComplianceTables>('compliance_summary', KEY)
const insertPeriod = inserter<ComplianceTables>('compliance_period')

export async function findSummary(reader: Reader, scope: Scope, of: OfType) {
  return (await selectSummary(reader, ...keyOf(scope, of)))[0]
}

/** Makes the summary what its items say, and tells of it if status or severity are others now. */
export async function refreshSummary(
  tx: Tx,
  scope: Scope,
  of: OfType,
  more: Partial<Pick<SummaryTable, 'content_hash'>>,
  putting: Putting,
): Promise<void> {
  const key = keyOf(scope, of)
  const before = await findSummary(tx, scope, of)
  const counts = await countItems(tx, scope, of)
  const now = rollUp(counts)
  noteChange(tx, { kind: 'compliance', ids: [of.nodeId], region: scope.region })
  if (!now) {
    await deleteSummary(tx, ...key)
    await beginPeriod(tx, scope, of, undefined, putting.now)
    return
  }
  const latest = await latestItem(tx, scope, of)
  const row = { ...counts, ...now, ...latest, ...more, revision: putting.ids.uuid() }
  if (before) await updateSummary(tx, key, row)
  else await insertSummary(tx, { content_hash: null, ...row, ...columnsOf(key) })
  if (before?.status === now.status && before.severity === now.severity) return
  await beginPeriod(tx, scope, of, now, putting.now)
  await tell(tx, scope, of, { ...now, ...latest }, putting)
}

async function countItems(tx: Tx, scope: Scope, of: OfType): Promise<Counts> {
  const counts = noCounts()
  for (const { status, severity, count } of await selectCounts(tx, ...keyOf(scope, of)))
    counts[countColumn(status, severity)] = Number(count)
  return counts
}

/** What the summary takes over from the item that was found last. */
async function latestItem(tx: Tx, scope: Scope, of: OfType) {
  const { details, ...execution } = (await selectLatest(tx, ...keyOf(scope, of)))[0]!
  const { PatchGroup, PatchBaselineId } = JSON.parse(details ?? '{}') as Record<string, string>
  return { ...execution, patch_group: PatchGroup ?? null, patch_baseline_id: PatchBaselineId ?? null }
}

/** Ends the period that is open and begins one with another roll-up; with none if there is nothing any more. */
async function beginPeriod(tx: Tx, scope: Scope, of: OfType, rollUp: RollUp | undefined, now: Date): Promise<void> {
  const key = keyOf(scope, of)
  const since = now.toISOString()
  await endPeriod(tx, ...key, since)
  if (!rollUp) return
  // Two changes in one millisecond: the later one counts.
  await deleteEmptyPeriod(tx, ...key, since)
  await insertPeriod(tx, { ...columnsOf(key), since, until: null, ...rollUp })
}

async function tell(
  tx: Tx,
  scope: Scope,
  { nodeId, type }: OfType,
  now: RollUp & Pick<SummaryTable, 'execution_time' | 'patch_baseline_id'>,
  putting: Putting,
): Promise<void> {
  await emitEvent(tx, scope, putting.now, putting.ids, {
    detailType: 'Configuration Compliance State Change',
    resources: [nodeArn(scope, nodeId)],
    detail: {
      'last-runtime': wholeSeconds(new Date(now.execution_time)),
      'compliance-status': now.status.toLowerCase(),
      'resource-type': 'managed-instance',
      'resource-id': nodeId,
      'compliance-type': type,
      ...(now.patch_baseline_id !== null && { 'patch-baseline-id': now.patch_baseline_id }),
      severity: now.severity.toLowerCase(),
    },
  })
  putting.wake(deliverEvents)
}

function columnsOf(key: readonly string[]): Record<string, string> {
  return Object.fromEntries(KEY.map((column, index) => [column, key[index]!]))
}
