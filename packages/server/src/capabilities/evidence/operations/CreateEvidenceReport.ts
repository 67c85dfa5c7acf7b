import { askedScope, readingDemands } from '../asked-scope.ts'
import { reportArn } from '../evidence-report.ts'
import { makeReports } from '../make-reports.ts'
import { steward } from '../steward.ts'
import { insertReport } from '../store.ts'

/** Our own operation: asks for a report of how compliance is now. It is made within moments. */
export const CreateEvidenceReport = steward.write('CreateEvidenceReport', {
  access: (_input, { scope }) => [
    { action: 'steward:CreateEvidenceReport', resources: ['*'] },
    ...readingDemands(scope),
  ],

  async handle(input, call) {
    const { account, region } = call.scope
    const id = call.ids.orderedUuid()
    await insertReport(call.db, {
      ...{ id, account, region, name: input.Name, requested_by: call.principal.arn, destination: null },
      scope: JSON.stringify(askedScope(call.scope, input)),
      created_at: call.now.toISOString(),
      ...{ schedule_id: null, schedule_name: null, due_at: null },
    })
    call.caused('Steward::Evidence::Report', id)
    call.wake(makeReports)
    return { ReportId: id, Arn: reportArn(call.scope, id) }
  },
})
