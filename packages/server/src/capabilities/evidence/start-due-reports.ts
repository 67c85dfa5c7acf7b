/**
 * Keeps the schedules: one whose time has come asks for a report and moves on to its next time, in one transaction that is guarded by the
 * time that was served. So each time is served exactly once, also if the server is killed in between. Times that were missed are made
 * up for by one report. When the clock goes back, times that were served are not served again (a report states its time, and no
 * two of a schedule state the same); a next time that a wrong clock left too far ahead is corrected.
 */
import { type TaskContext, task } from '#kernel/declare.ts'
import { makeReports } from './make-reports.ts'
import { nextDue } from './schedule.ts'
import { livingSchedules, moveOn, setLastReport } from './schedule-store.ts'
import { insertReport } from './store.ts'
import type { ScheduleTable } from './tables.ts'

export const startDueReports = task({
  name: 'evidence.start-due-reports',
  everyMs: 5_000,
  async run(context) {
    const now = context.now()
    const done = { started: 0, moved: 0 }
    for (const schedule of await context.read(livingSchedules)) {
      if (schedule.next_run! <= now.toISOString()) done.started += await serve(schedule, now, context)
      else done.moved += await moveBack(schedule, now, context)
    }
    if (done.started > 0) context.wake(makeReports)
    return done
  },
})

async function serve(schedule: ScheduleTable, now: Date, { write, ids }: TaskContext): Promise<number> {
  const { id, name, report_name, next_run, account, region, scope, requested_by, destination } = schedule
  const nextTime = nextDue(schedule, now)?.toISOString() ?? null
  const reportId = ids.orderedUuid()
  const isNew = await write(async (tx) => {
    if (!(await moveOn(tx, schedule, { next_run: nextTime }))) return false
    const isNew = await insertReport(tx, {
      ...{ id: reportId, account, region, name: report_name, scope, requested_by, destination },
      ...{ created_at: now.toISOString(), schedule_id: id, schedule_name: name, due_at: next_run },
    })
    if (isNew) await setLastReport(tx, schedule, reportId)
    return isNew
  })
  return isNew ? 1 : 0
}

async function moveBack(schedule: ScheduleTable, now: Date, { write }: TaskContext): Promise<number> {
  const next = nextDue(schedule, now)?.toISOString()
  if (next === undefined || next >= schedule.next_run!) return 0
  return (await write((tx) => moveOn(tx, schedule, { next_run: next }))) ? 1 : 0
}
