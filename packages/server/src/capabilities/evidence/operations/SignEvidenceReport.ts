import { deliverEvents, emitEvent } from '#capabilities/events/index.ts'
import { digestMismatch, notReady, reportNotFound, tooManySignOffs } from '../errors.ts'
import { MOST_SIGN_OFFS, reportArn, signOffState, toSignOff } from '../evidence-report.ts'
import { steward } from '../steward.ts'
import { changeReport, findReport, insertSignOff, signOffsOf } from '../store.ts'

/** Our own operation: the caller says that it accepts, or rejects, what a report says. */
export const SignEvidenceReport = steward.write('SignEvidenceReport', {
  async access({ ReportId }, { db, scope, principal }) {
    const report = await findReport(db, scope, ReportId)
    const isOwn = report?.requested_by === principal.arn
    return {
      action: 'steward:SignEvidenceReport',
      resources: [reportArn(scope, ReportId)],
      // So that a policy can ask for four eyes.
      context: { 'steward:SignerRequestedReport': String(isOwn) },
    }
  },

  async handle({ ReportId: id, Statement, Comment, Digest }, call) {
    const { db, scope } = call
    const report = await findReport(db, scope, id)
    if (!report) throw reportNotFound(id)
    if (report.status !== 'Complete') throw notReady(report.status)
    if (Digest !== undefined && Digest !== report.digest) throw digestMismatch(report.digest!)
    const before = await signOffsOf(db, id)
    if (before.length >= MOST_SIGN_OFFS) throw tooManySignOffs(MOST_SIGN_OFFS)
    const row = {
      ...{ id: call.ids.orderedUuid(), report_id: id, signer: call.principal.arn, signed_at: call.now.toISOString() },
      ...{ statement: Statement, comment: Comment ?? null, digest: report.digest!, source_ip: call.sourceIp },
    }
    await insertSignOff(db, row)
    const state = signOffState([...before, row])
    await changeReport(db, report, { sign_off: state })
    await emitEvent(db, scope, call.now, call.ids, {
      source: 'steward',
      detailType: 'Evidence Report Signed',
      resources: [reportArn(scope, id)],
      detail: {
        ...{ 'report-id': id, name: report.name, signer: row.signer, statement: Statement },
        ...(Comment !== undefined && { comment: Comment }),
        ...{ digest: row.digest, 'sign-off': state },
      },
    })
    call.wake(deliverEvents)
    return { SignOff: toSignOff(row), ReportSignOff: state }
  },
})
