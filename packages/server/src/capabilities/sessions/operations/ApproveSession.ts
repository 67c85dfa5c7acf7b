import { approveSession } from '../approval.ts'
import { sessionArn } from '../session.ts'
import { steward } from '../steward.ts'

/** Our own operation: lets a session begin that waits for a second person (SM-22). */
export const ApproveSession = steward.write('ApproveSession', {
  access: (input, call) => ({ action: 'steward:ApproveSession', resources: [sessionArn(call.scope, input.SessionId)] }),
  handle: async (input, call) => ({ Approval: await approveSession(call, input) }),
})
