import { type TaskReport, task } from '#kernel/declare.ts'
import { removeRequestsBefore } from './enrolment-request-store.ts'

const HOUR_MS = 3_600_000
/** As long as an activation may be good for. */
const KEPT_MS = 30 * 24 * HOUR_MS

/**
 * Forgets machines that have not asked for 30 days and of which nobody decided in that time (HYB-14). One that asks again waits anew;
 * so an approval that was not used lets nobody in years later.
 */
export const forgetEnrolmentRequests = task({
  name: 'nodes.forget-enrolment-requests',
  everyMs: HOUR_MS,
  async run({ write, now, clockIsSteady }): Promise<TaskReport> {
    if (!clockIsSteady()) return {}
    const before = new Date(now().getTime() - KEPT_MS)
    return { forgotten: await write((tx) => removeRequestsBefore(tx, before)) }
  },
})
