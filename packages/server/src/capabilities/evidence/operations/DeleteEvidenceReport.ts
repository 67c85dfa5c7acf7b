import { reportNotFound } from '../errors.ts'
import { reportArn } from '../evidence-report.ts'
import { steward } from '../steward.ts'
import { deleteReport, findReport } from '../store.ts'

/** Our own operation: deletes a report with its sign-offs. What was written into a bucket stays, and so does the audit trail. */
export const DeleteEvidenceReport = steward.write('DeleteEvidenceReport', {
  access: ({ ReportId }, { scope }) => ({
    action: 'steward:DeleteEvidenceReport',
    resources: [reportArn(scope, ReportId)],
  }),

  async handle({ ReportId }, { db, scope }) {
    const report = await findReport(db, scope, ReportId)
    if (!report) throw reportNotFound(ReportId)
    await deleteReport(db, report)
    return {}
  },
})
