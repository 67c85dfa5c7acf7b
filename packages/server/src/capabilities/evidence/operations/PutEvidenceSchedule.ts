import { askedScope, readingDemands } from '../asked-scope.ts'
import { checkDestination, writingDemands } from '../destination.ts'
import { tooManySchedules } from '../errors.ts'
import { checkSchedule, MOST_SCHEDULES, nextDue, scheduleArn, toSchedule } from '../schedule.ts'
import { findSchedule, listSchedules, saveSchedule } from '../schedule-store.ts'
import { steward } from '../steward.ts'

/** Our own operation: makes a schedule of reports, or replaces all of one. */
export const PutEvidenceSchedule = steward.write('PutEvidenceSchedule', {
  access: ({ Name, Destination }, call) => [
    {
      action: 'steward:PutEvidenceSchedule',
      resources: [scheduleArn(call.scope, Name)],
      also: async () => (Destination ? writingDemands(call, Name, Destination) : []),
    },
    ...readingDemands(call.scope),
  ],

  async handle(input, call) {
    const { Name: name, ReportName = name, ScheduleExpression, ScheduleTimezone = 'UTC', Destination } = input
    const { db, scope, now } = call
    const at = now.toISOString()
    const timed = { expression: ScheduleExpression, zone: ScheduleTimezone, modified_at: at }
    checkSchedule(timed, now)
    if (Destination) await checkDestination(call, name, Destination)
    const current = await findSchedule(db, scope, name)
    if (!current) {
      const others = await listSchedules(db, scope, { after: '', limit: MOST_SCHEDULES })
      if (others.length >= MOST_SCHEDULES) throw tooManySchedules(MOST_SCHEDULES)
    }
    const row = {
      ...{ id: current?.id ?? call.ids.uuid(), account: scope.account, region: scope.region, name, ...timed },
      ...{ report_name: ReportName, scope: JSON.stringify(askedScope(scope, input)) },
      requested_by: call.principal.arn,
      destination: Destination ? JSON.stringify(Destination) : null,
      created_at: current?.created_at ?? at,
      next_run: nextDue(timed, now)!.toISOString(),
      last_report_id: current?.last_report_id ?? null,
    }
    await saveSchedule(db, row)
    return { Schedule: toSchedule(row) }
  },
})
