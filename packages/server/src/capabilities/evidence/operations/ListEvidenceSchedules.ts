import { toSchedule } from '../schedule.ts'
import { listSchedules } from '../schedule-store.ts'
import { steward } from '../steward.ts'

const PAGE = 50

/** Our own operation: schedules of reports, in order of their names. */
export const ListEvidenceSchedules = steward.read('ListEvidenceSchedules', {
  access: () => ({ action: 'steward:ListEvidenceSchedules', resources: ['*'] }),

  async handle({ MaxResults: limit = PAGE }, call) {
    const after = call.cursor<string>() ?? ''
    const rows = await listSchedules(call.db, call.scope, { after, limit: limit + 1 })
    const page = rows.slice(0, limit)
    return {
      Schedules: page.map(toSchedule),
      NextToken: call.nextToken(rows.length > limit ? page.at(-1)!.name : undefined),
    }
  },
})
