import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { EvidenceTables, ScheduleTable } from './tables.ts'

export function findSchedule(
  reader: Reader,
  { account, region }: Scope,
  name: string,
): Promise<ScheduleTable | undefined> {
  return tables<EvidenceTables>(reader)
    .selectFrom('evidence_schedule')
    .selectAll()
    .where((eb) => eb.and({ account, region, name }))
    .executeTakeFirst()
}

/** In order of their names, after `after`. */
export function listSchedules(
  reader: Reader,
  { account, region }: Scope,
  { after, limit }: { after: string; limit: number },
): Promise<ScheduleTable[]> {
  return tables<EvidenceTables>(reader)
    .selectFrom('evidence_schedule')
    .selectAll()
    .where((eb) => eb.and({ account, region }))
    .where('name', '>', after)
    .orderBy('name')
    .limit(limit)
    .execute()
}

/** Those of all accounts and Regions that are due some time. */
export function livingSchedules(reader: Reader): Promise<ScheduleTable[]> {
  const schedules = tables<EvidenceTables>(reader).selectFrom('evidence_schedule').selectAll()
  return schedules.where('next_run', 'is not', null).orderBy('next_run').execute()
}

/** Makes it, or puts it in the place of the one with its id. */
export async function saveSchedule(tx: Tx, row: ScheduleTable): Promise<void> {
  await tables<EvidenceTables>(tx)
    .insertInto('evidence_schedule')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
  note(tx, row)
}

/** Moves a schedule on from the time that it was due; resolves with false if somebody else did, or changed it. */
export async function moveOn(tx: Tx, row: ScheduleTable, change: Pick<ScheduleTable, 'next_run'>): Promise<boolean> {
  const { numUpdatedRows } = await tables<EvidenceTables>(tx)
    .updateTable('evidence_schedule')
    .set(change)
    .where((eb) => eb.and({ id: row.id, modified_at: row.modified_at, next_run: row.next_run }))
    .executeTakeFirstOrThrow()
  note(tx, row)
  return numUpdatedRows > 0n
}

export async function setLastReport(tx: Tx, { id }: ScheduleTable, reportId: string): Promise<void> {
  await tables<EvidenceTables>(tx)
    .updateTable('evidence_schedule')
    .set({ last_report_id: reportId })
    .where('id', '=', id)
    .execute()
}

/** Its reports stay. */
export async function deleteSchedule(tx: Tx, row: ScheduleTable): Promise<void> {
  await tables<EvidenceTables>(tx).deleteFrom('evidence_schedule').where('id', '=', row.id).execute()
  note(tx, row)
}

function note(tx: Tx, { region }: ScheduleTable): void {
  noteChange(tx, { kind: 'evidence', ids: [], region })
}
