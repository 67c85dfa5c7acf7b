import { sessionArn } from '#capabilities/sessions/index.ts'
import { filterOf } from '../recording.ts'
import { type SearchPlace, search } from '../search.ts'
import { steward } from '../steward.ts'
import { noteViews } from '../views.ts'

const PAGE_SIZE = 50

/** Our own operation: lines that sessions showed and that have a text in them, whatever its case; the latest session first (SM-12). */
export const SearchSessionRecordings = steward.open('SearchSessionRecordings', {
  access: ({ SessionId }, { scope }) => ({
    action: 'steward:SearchSessionRecordings',
    resources: [SessionId === undefined ? '*' : sessionArn(scope, SessionId)],
  }),
  recordedFirst: () => true,

  async handle({ Query: query, MaxResults: limit = PAGE_SIZE, ...input }, call) {
    const wanted = { scope: call.scope, filter: filterOf(input), query, limit }
    const { matches, next } = await search(call, wanted, call.cursor<SearchPlace>())
    const shown = new Set(matches.map(({ recording }) => recording.session_id))
    if (shown.size > 0) await call.write((tx) => noteViews(tx, call, shown, 'Search'))
    return {
      Matches: matches.map(({ recording, milliseconds, text }) => ({
        SessionId: recording.session_id,
        Target: recording.node_id,
        Owner: recording.owner_arn,
        Date: new Date(Date.parse(recording.started_at) + milliseconds),
        Milliseconds: milliseconds,
        Text: text.toWellFormed(),
      })),
      NextToken: call.nextToken(next),
    }
  },
})
