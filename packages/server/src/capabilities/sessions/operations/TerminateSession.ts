import { ssm } from '#capabilities/ssm.ts'
import { beginEnd } from '../end-session.ts'
import { ACTIVE } from '../session.ts'
import { onSession } from '../session-access.ts'
import { findSession } from '../store.ts'

/** Ends the session on both sides. AWS declares no error for a session that is over or never was; so it is none. */
export const TerminateSession = ssm.write('TerminateSession', {
  access: (input, call) => onSession(call, 'ssm:TerminateSession', input.SessionId),

  async handle(input, call) {
    const session = await findSession(call.db, call.scope, input.SessionId)
    if (session && ACTIVE.includes(session.status)) {
      await beginEnd(call.db, session, { output: '', failed: false, now: call.now })
      call.wakeNodes(call.scope, [session.node_id])
      call.endSession(session.id, '')
    }
    return { SessionId: input.SessionId }
  },
})
