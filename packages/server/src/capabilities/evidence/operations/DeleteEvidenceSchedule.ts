import { scheduleNotFound } from '../errors.ts'
import { scheduleArn } from '../schedule.ts'
import { deleteSchedule, findSchedule } from '../schedule-store.ts'
import { steward } from '../steward.ts'

/** Our own operation: ends a schedule. The reports that it made stay. */
export const DeleteEvidenceSchedule = steward.write('DeleteEvidenceSchedule', {
  access: ({ Name }, { scope }) => ({
    action: 'steward:DeleteEvidenceSchedule',
    resources: [scheduleArn(scope, Name)],
  }),

  async handle({ Name }, { db, scope }) {
    const schedule = await findSchedule(db, scope, Name)
    if (!schedule) throw scheduleNotFound(Name)
    await deleteSchedule(db, schedule)
    return {}
  },
})
