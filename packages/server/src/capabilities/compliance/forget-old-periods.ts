import { tables } from '#db/database.ts'
import { type TaskReport, task } from '#kernel/declare.ts'
import type { ComplianceTables } from './tables.ts'

const HOUR = 3600 * 1000
const KEPT_DAYS = 400

/** Deletes how compliance was more than 400 days ago; what is still so is kept, however long it has been. */
export const forgetOldPeriods = task({
  name: 'compliance.forget-old-periods',
  everyMs: 6 * HOUR,
  async run({ write, now, clockIsSteady }): Promise<TaskReport> {
    if (!clockIsSteady()) return {}
    const before = new Date(now().getTime() - KEPT_DAYS * 24 * HOUR).toISOString()
    const { numDeletedRows } = await write((tx) =>
      tables<ComplianceTables>(tx)
        .deleteFrom('compliance_period')
        .where('until', '<', before)
        .executeTakeFirstOrThrow(),
    )
    return { deleted: Number(numDeletedRows) }
  },
})
