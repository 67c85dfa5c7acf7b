import { noResource, ssm } from '#capabilities/ssm.ts'
import { readFilters } from '../filters.ts'
import { toSession } from '../session.ts'
import { listSessions, type SessionCursor } from '../store.ts'

const PAGE = 50

export const DescribeSessions = ssm.read('DescribeSessions', {
  access: (_input, call) => ({ action: 'ssm:DescribeSessions', resources: noResource(call.scope) }),

  async handle(input, call) {
    const filters = readFilters(input.State, input.Filters ?? [])
    if (filters === 'none') return { Sessions: [] }
    const limit = input.MaxResults ?? PAGE
    const rows = await listSessions(call.db, call.scope, filters, call.cursor<SessionCursor>(), limit + 1)
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    return {
      Sessions: page.map(toSession),
      NextToken: call.nextToken(last && { at: last.started_at, id: last.id }),
    }
  },
})
