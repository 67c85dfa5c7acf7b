import type { Access, Call } from '#kernel/declare.ts'
import { sessionArn } from './session.ts'
import { findSession } from './store.ts'

/**
 * A demand on a session. AWS's sample policies speak of one's own sessions as `session/${aws:userid}-*`, though ids begin with a name; so a
 * session is meant by what its id would be with the id of its owner, too.
 */
export async function onSession({ db, scope }: Call, action: string, sessionId: string): Promise<Access> {
  const session = await findSession(db, scope, sessionId)
  const alias = session && sessionArn(scope, `${session.owner_id}-${sessionId.slice(session.owner_name.length + 1)}`)
  return { action, resources: [sessionArn(scope, sessionId)], alias }
}
