import { admitViewer, sessionArn } from '#capabilities/sessions/index.ts'
import { steward } from '../steward.ts'
import { noteViews } from '../views.ts'

/**
 * Our own operation: lets somebody look on while a session goes on (SM-22). The stream is a data channel that carries what is shown from then
 * on; what was shown before is in the recording.
 */
export const WatchSession = steward.write('WatchSession', {
  access: ({ SessionId }, { scope }) => ({ action: 'steward:WatchSession', resources: [sessionArn(scope, SessionId)] }),

  async handle({ SessionId }, call) {
    const { streamUrl, token } = await admitViewer(call, SessionId)
    await noteViews(call.db, call, [SessionId], 'Watch')
    return { SessionId, StreamUrl: streamUrl, TokenValue: token }
  },
})
