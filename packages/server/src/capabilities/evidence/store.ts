/** Reports and what people say of them. */
import type { ListEvidenceReportsRequest } from '@steward/model/generated/steward.ts'
import { type SqlBool, sql } from 'kysely'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { hasText } from '#db/has-text.ts'
import type { Scope } from '#kernel/scope.ts'
import { dropContent } from './content-store.ts'
import type { EvidenceTables, ReportTable, SignOffTable } from './tables.ts'

/** What a page goes on after; the latest come first. */
export interface ReportCursor {
  readonly at: string
  readonly id: string
}

export type NewReport = Omit<
  ReportTable,
  | 'status'
  | 'message'
  | 'completed_at'
  | 'figures'
  | 'digest'
  | 'size'
  | 'parts'
  | 'audit_records'
  | 'audit_hash'
  | 'sign_off'
  | 'delivery'
  | 'delivery_message'
>

/** Resolves with false if there is one already for that time of the schedule. */
export async function insertReport(tx: Tx, asked: NewReport): Promise<boolean> {
  const row: ReportTable = {
    ...asked,
    status: 'Pending',
    message: null,
    completed_at: null,
    figures: null,
    digest: null,
    size: null,
    parts: null,
    audit_records: null,
    audit_hash: null,
    sign_off: 'Unsigned',
    delivery: null,
    delivery_message: null,
  }
  const { numInsertedOrUpdatedRows } = await tables<EvidenceTables>(tx)
    .insertInto('evidence_report')
    .values(row)
    .onConflict((conflict) => conflict.columns(['schedule_id', 'due_at']).doNothing())
    .executeTakeFirstOrThrow()
  note(tx, row)
  return Number(numInsertedOrUpdatedRows) > 0
}

export function findReport(reader: Reader, { account, region }: Scope, id: string): Promise<ReportTable | undefined> {
  return tables<EvidenceTables>(reader)
    .selectFrom('evidence_report')
    .selectAll()
    .where((eb) => eb.and({ account, region, id }))
    .executeTakeFirst()
}

export function listReports(
  reader: Reader,
  { account, region }: Scope,
  wanted: Omit<ListEvidenceReportsRequest, 'MaxResults' | 'NextToken'>,
  { after, limit }: { after: ReportCursor | undefined; limit: number },
): Promise<ReportTable[]> {
  const { Status, SignOff, ScheduleName, NameContains, RequestedBy, CreatedAfter, CreatedBefore } = wanted
  let query = tables<EvidenceTables>(reader)
    .selectFrom('evidence_report')
    .selectAll()
    .where((eb) => eb.and({ account, region }))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
  if (after) query = query.where(sql<SqlBool>`(created_at, id) < (${after.at}, ${after.id})`)
  if (Status) query = query.where('status', '=', Status)
  if (SignOff) query = query.where('sign_off', '=', SignOff)
  if (ScheduleName) query = query.where('schedule_name', '=', ScheduleName)
  if (RequestedBy) query = query.where('requested_by', '=', RequestedBy)
  if (NameContains) query = query.where(hasText(sql`lower(name)`, NameContains.toLowerCase()))
  if (CreatedAfter) query = query.where('created_at', '>=', CreatedAfter.toISOString())
  if (CreatedBefore) query = query.where('created_at', '<', CreatedBefore.toISOString())
  return query.execute()
}

/** Of all accounts and Regions: what is to be made, or to be written into a bucket. */
export function openReports(reader: Reader, wanted: 'made' | 'delivered', limit: number): Promise<ReportTable[]> {
  return tables<EvidenceTables>(reader)
    .selectFrom('evidence_report')
    .selectAll()
    .where(sql<SqlBool>`(status = 'Pending' or delivery = 'Pending')`)
    .where(wanted === 'made' ? 'status' : 'delivery', '=', 'Pending')
    .orderBy('created_at')
    .limit(limit)
    .execute()
}

/** Harmless if it was deleted, or if it is not as it was thought to be; resolves with whether it changed. */
export async function changeReport(
  tx: Tx,
  report: ReportTable,
  change: Partial<ReportTable>,
  whileIt: Partial<Pick<ReportTable, 'status' | 'delivery'>> = {},
): Promise<boolean> {
  const { numUpdatedRows } = await tables<EvidenceTables>(tx)
    .updateTable('evidence_report')
    .set(change)
    .where((eb) => eb.and({ id: report.id, ...whileIt }))
    .executeTakeFirstOrThrow()
  note(tx, report)
  return numUpdatedRows > 0n
}

export async function deleteReport(tx: Tx, report: ReportTable): Promise<void> {
  const db = tables<EvidenceTables>(tx)
  await dropContent(tx, report.id)
  await db.deleteFrom('evidence_sign_off').where('report_id', '=', report.id).execute()
  await db.deleteFrom('evidence_report').where('id', '=', report.id).execute()
  note(tx, report)
}

/** From the first. */
export function signOffsOf(reader: Reader, reportId: string): Promise<SignOffTable[]> {
  return tables<EvidenceTables>(reader)
    .selectFrom('evidence_sign_off')
    .selectAll()
    .where('report_id', '=', reportId)
    .orderBy('signed_at')
    .orderBy('id')
    .execute()
}

export async function insertSignOff(tx: Tx, row: SignOffTable): Promise<void> {
  await tables<EvidenceTables>(tx).insertInto('evidence_sign_off').values(row).execute()
}

function note(tx: Tx, { id, region }: Pick<ReportTable, 'id' | 'region'>): void {
  noteChange(tx, { kind: 'evidence', ids: [id], region })
}
