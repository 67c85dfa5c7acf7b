import { invalidFilter } from '../errors.ts'
import { toReport } from '../evidence-report.ts'
import { steward } from '../steward.ts'
import { listReports, type ReportCursor } from '../store.ts'

const PAGE = 50

/** Our own operation: reports, the latest first. */
export const ListEvidenceReports = steward.read('ListEvidenceReports', {
  access: () => ({ action: 'steward:ListEvidenceReports', resources: ['*'] }),

  async handle({ MaxResults: limit = PAGE, NextToken: _, ...wanted }, call) {
    const { CreatedAfter, CreatedBefore } = wanted
    if (CreatedAfter && CreatedBefore && CreatedAfter >= CreatedBefore)
      throw invalidFilter('CreatedAfter is not before CreatedBefore.')
    const after = call.cursor<ReportCursor>()
    const rows = await listReports(call.db, call.scope, wanted, { after, limit: limit + 1 })
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    return {
      Reports: page.map(toReport),
      NextToken: call.nextToken(last && { at: last.created_at, id: last.id }),
    }
  },
})
