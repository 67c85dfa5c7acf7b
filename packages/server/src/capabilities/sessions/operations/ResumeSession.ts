import { ssm } from '#capabilities/ssm.ts'
import { sessionDoesNotExist } from '../errors.ts'
import { ACTIVE, streamUrl } from '../session.ts'
import { onSession } from '../session-access.ts'
import { findSession } from '../store.ts'
import { issueToken } from '../tokens.ts'

/**
 * A new token for the same session. Of one that is over there is none, which is how clients learn it: at an error they would try again.
 * A client may ask before its lost connection was noticed here, so it need not be `Disconnected`.
 */
export const ResumeSession = ssm.write('ResumeSession', {
  access: (input, call) => onSession(call, 'ssm:ResumeSession', input.SessionId),

  async handle(input, call) {
    const session = await findSession(call.db, call.scope, input.SessionId)
    if (!session) throw sessionDoesNotExist(input.SessionId)
    if (!ACTIVE.includes(session.status)) return { SessionId: session.id }
    return {
      SessionId: session.id,
      TokenValue: await issueToken(call.db, session.id, 'client', call.now, call.ids),
      StreamUrl: streamUrl(call.origin, session.id),
    }
  },
})
