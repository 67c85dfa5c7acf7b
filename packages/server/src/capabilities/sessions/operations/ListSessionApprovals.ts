import { toApproval } from '../approval.ts'
import { steward } from '../steward.ts'
import { listSessions, type SessionCursor } from '../store.ts'

const PAGE = 50

/** Our own operation: sessions that wait for a second person, or waited, newest first. */
export const ListSessionApprovals = steward.read('ListSessionApprovals', {
  access: () => ({ action: 'steward:ListSessionApprovals', resources: ['*'] }),

  async handle({ State, MaxResults = PAGE }, call) {
    const filters = { approval: State ?? 'any' } as const
    const rows = await listSessions(call.db, call.scope, filters, call.cursor<SessionCursor>(), MaxResults + 1)
    const page = rows.slice(0, MaxResults)
    const last = rows.length > MaxResults ? page.at(-1) : undefined
    return { Approvals: page.map(toApproval), NextToken: call.nextToken(last && { at: last.started_at, id: last.id }) }
  },
})
