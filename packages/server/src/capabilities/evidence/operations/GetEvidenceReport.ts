import { reportNotFound } from '../errors.ts'
import { reportArn, toReport, toSignOff } from '../evidence-report.ts'
import { steward } from '../steward.ts'
import { findReport, signOffsOf } from '../store.ts'

/** Our own operation: the facts of a report, and who signed it. */
export const GetEvidenceReport = steward.read('GetEvidenceReport', {
  access: ({ ReportId }, { scope }) => ({
    action: 'steward:GetEvidenceReport',
    resources: [reportArn(scope, ReportId)],
  }),

  async handle({ ReportId }, { db, scope }) {
    const report = await findReport(db, scope, ReportId)
    if (!report) throw reportNotFound(ReportId)
    return { Report: toReport(report), SignOffs: (await signOffsOf(db, ReportId)).map(toSignOff) }
  },
})
