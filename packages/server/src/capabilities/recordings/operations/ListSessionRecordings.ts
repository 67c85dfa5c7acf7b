import { filterOf, toRecording } from '../recording.ts'
import { steward } from '../steward.ts'
import { listRecordings, type RecordingPlace } from '../store.ts'

const PAGE_SIZE = 50

/** Our own operation: the recordings of sessions, the latest first (SM-12). */
export const ListSessionRecordings = steward.read('ListSessionRecordings', {
  access: () => ({ action: 'steward:ListSessionRecordings', resources: ['*'] }),

  async handle({ MaxResults = PAGE_SIZE, ...input }, call) {
    const from = call.cursor<RecordingPlace>()
    const rows = await listRecordings(call.db, call.scope, filterOf(input), from, MaxResults + 1)
    const page = rows.slice(0, MaxResults)
    const last = page.at(-1)
    return {
      Recordings: page.map(toRecording),
      NextToken: call.nextToken(
        rows.length > MaxResults ? { startedAt: last!.started_at, sessionId: last!.session_id } : undefined,
      ),
    }
  },
})
