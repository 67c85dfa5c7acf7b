/**
 * What the gateway asks of sessions, and tells of them (session-protocol, section 22). The gateway knows sockets and time; states are
 * kept here, and every change is a condition on the state before, so that late and repeated sightings change nothing.
 */
import type { Tx } from '#db/database.ts'
import type { NodeRef, SessionDirectory, SessionEffects, SessionSighting } from '#kernel/declare.ts'
import { beginEnd, completionBy } from './end-session.ts'
import { sessionDoesNotExist, sessionIsTerminated } from './errors.ts'
import { ACTIVE, detailsOf, isOver, toRelayed } from './session.ts'
import { openSessions, sessionById, updateSession } from './store.ts'
import type { SessionRow } from './tables.ts'
import { tellOfForbidden } from './tell-of-forbidden.ts'
import { issueToken, redeemToken } from './tokens.ts'

export const sessionDirectory: SessionDirectory = {
  async admitAgent(tx, node, sessionId, now) {
    const session = await sessionById(tx, sessionId)
    if (session?.node_id !== node.nodeId) throw sessionDoesNotExist(sessionId)
    if (!ACTIVE.includes(session.status)) throw sessionIsTerminated(sessionId)
    // The node has the start; what it was given is not needed any more.
    if (session.job === 'start') await updateSession(tx, sessionId, { job: null, job_due: null, start_payload: null })
    return issueToken(tx, sessionId, 'agent', now)
  },

  async redeem(tx, sessionId, token, now) {
    const side = await redeemToken(tx, sessionId, token, now)
    const session = side && (await sessionById(tx, sessionId))
    if (!session) return undefined
    if (!ACTIVE.includes(session.status)) return { over: session.details ?? '' }
    return { session: toRelayed(session), side }
  },

  async seen(tx, sightings): Promise<SessionEffects> {
    const wakeNodes: NodeRef[] = []
    for (const sighting of sightings) {
      const session = await sessionById(tx, sighting.sessionId)
      if (!session) continue
      if (isOver(session)) await sightTooLate(tx, session, sighting)
      else wakeNodes.push(...(await sight(tx, session, sighting)))
    }
    return { wakeNodes }
  },

  async open(reader) {
    const rows = await openSessions(reader)
    // A session whose node has never come has nothing to relay yet.
    return rows.filter(({ status }) => status === 'Connected' || status === 'Disconnected').map(toRelayed)
  },
}

/** The node may say that a session is complete, because the gateway ended it, before the gateway says why. */
async function sightTooLate(tx: Tx, { id, details }: SessionRow, sighting: SessionSighting): Promise<void> {
  if (sighting.event === 'ended' && details === null)
    await updateSession(tx, id, { details: detailsOf(sighting.output) })
}

/** Answers the node if it has something to fetch now. */
async function sight(tx: Tx, session: SessionRow, sighting: SessionSighting): Promise<NodeRef[]> {
  const { id, status } = session
  const change = (to: Partial<SessionRow>) => updateSession(tx, id, to)
  switch (sighting.event) {
    case 'agent-connected':
      if (status === 'Connecting') await change({ status: 'Connected', deadline: null, job: null, start_payload: null })
      break
    case 'client-connected':
      if (status === 'Disconnected') await change({ status: 'Connected' })
      break
    case 'client-lost':
      if (status === 'Connected') await change({ status: 'Disconnected' })
      break
    case 'agent-terminating':
      // Again while output is still on its way. Who was told to end has its time already.
      if (session.job !== 'end') await change({ status: 'Terminating', deadline: completionBy(sighting.at) })
      break
    case 'acknowledged':
      await change({ acknowledged: JSON.stringify(sighting.frames) })
      break
    case 'forbidden':
      await tellOfForbidden(tx, session, sighting)
      break
    case 'ended':
      if (status === 'Terminating' && session.job === 'end') break
      await beginEnd(tx, session, { ...sighting, now: sighting.at })
      return [{ scope: { account: session.account, region: session.region }, nodeId: session.node_id }]
  }
  return []
}
