import { rejectSession } from '../approval.ts'
import { sessionArn } from '../session.ts'
import { steward } from '../steward.ts'

/** Our own operation: ends a session that waits for a second person. */
export const RejectSession = steward.write('RejectSession', {
  access: (input, call) => ({ action: 'steward:RejectSession', resources: [sessionArn(call.scope, input.SessionId)] }),
  handle: async (input, call) => ({ Approval: await rejectSession(call, input) }),
})
