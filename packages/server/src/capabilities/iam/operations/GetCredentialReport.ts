import { findAccount } from '../account-store.ts'
import { noCredentialReport, oldCredentialReport } from '../errors.ts'
import { iam } from '../iam.ts'
import { REPORT_HOURS } from './GenerateCredentialReport.ts'

export const GetCredentialReport = iam.read('GetCredentialReport', {
  access: () => ({ action: 'iam:GetCredentialReport', resources: ['*'] }),

  async handle(_input, { db, scope, now }) {
    const { credentialReport: report } = await findAccount(db, scope.account)
    if (!report) throw noCredentialReport()
    if (now.getTime() - report.at.getTime() >= REPORT_HOURS * 3_600_000) throw oldCredentialReport()
    return { Content: Buffer.from(report.content), ReportFormat: 'text/csv', GeneratedTime: report.at }
  },
})
