import { sessionArn } from '#capabilities/sessions/index.ts'
import { mustFind } from '../reading.ts'

import { steward } from '../steward.ts'
import { listViews } from '../store.ts'

const PAGE_SIZE = 50

/** Our own operation: who was shown what of a session, the latest first. */
export const ListSessionRecordingViews = steward.read('ListSessionRecordingViews', {
  access: ({ SessionId }, { scope }) => ({
    action: 'steward:ListSessionRecordingViews',
    resources: [sessionArn(scope, SessionId)],
  }),

  async handle({ SessionId, MaxResults = PAGE_SIZE }, call) {
    await mustFind(call.db, call.scope, SessionId)
    const rows = await listViews(call.db, SessionId, call.cursor<string>(), MaxResults + 1)
    const page = rows.slice(0, MaxResults)
    return {
      Views: page.map(({ viewed_at, viewer_arn, kind, source_ip }) => ({
        Date: new Date(viewed_at),
        Viewer: viewer_arn,
        Kind: kind,
        SourceIp: source_ip,
      })),
      NextToken: call.nextToken(rows.length > MaxResults ? page.at(-1)!.id : undefined),
    }
  },
})
