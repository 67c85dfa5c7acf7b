import type { WriteCall } from '#kernel/declare.ts'
import { sessionDoesNotExist } from './errors.ts'
import { ACTIVE, streamUrl } from './session.ts'
import { findSession } from './store.ts'
import { issueToken } from './tokens.ts'

/**
 * Lets somebody watch a session: where, and with which token, good once. Throws `DoesNotExistException` if there is no such session, or
 * it is over.
 */
export async function admitViewer(
  call: Pick<WriteCall, 'db' | 'scope' | 'now' | 'ids' | 'origin'>,
  sessionId: string,
): Promise<{ readonly streamUrl: string; readonly token: string }> {
  const session = await findSession(call.db, call.scope, sessionId)
  if (!session || !ACTIVE.includes(session.status)) throw sessionDoesNotExist(sessionId)
  return {
    streamUrl: streamUrl(call.origin, sessionId),
    token: await issueToken(call.db, sessionId, 'viewer', call.now, call.ids),
  }
}
