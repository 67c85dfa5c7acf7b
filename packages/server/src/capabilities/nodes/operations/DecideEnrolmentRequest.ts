import { decideRequest } from '../enrolment-request-store.ts'
import { enrolmentRequestNotFound } from '../errors.ts'
import { steward } from '../steward.ts'

const STATES = { Approve: 'Approved', Refuse: 'Refused' } as const

/** Our own operation: lets a machine in that waits, or keeps it out. Until it has registered it can be decided otherwise. */
export const DecideEnrolmentRequest = steward.write('DecideEnrolmentRequest', {
  access: () => ({ action: 'steward:DecideEnrolmentRequest', resources: ['*'] }),

  async handle({ RequestId, Decision }, call) {
    const { db, scope, principal, now } = call
    const key = await decideRequest(db, scope, RequestId, STATES[Decision], { by: principal.arn, at: now })
    if (key === undefined) throw enrolmentRequestNotFound(RequestId)
    return {}
  },
})
