import { capability } from '#kernel/declare.ts'
import { sessionChannel } from './channel.ts'
import { sessionDirectory } from './directory.ts'
import { sessions0001 } from './migrations/0001-sessions.ts'
import { sessionResources } from './session-resources.ts'
import { forgetOldSessions, watchSessions } from './watch-sessions.ts'

export { sessionInBrief } from './brief.ts'
export { sessionArn } from './session.ts'
export { summarizeSessions } from './session-summary.ts'
export { sessionsThatAreOver } from './store.ts'
export { admitViewer } from './viewers.ts'

/** Session Manager: terminals, commands and ports of nodes, over data channels that the gateway relays (SM-01 … SM-23). */
export const sessionsCapability = capability({
  name: 'sessions',
  url: import.meta.url,
  changeKinds: [{ kind: 'sessions', read: 'ssm:DescribeSessions' }],
  migrations: { 'sessions-0001': sessions0001 },
  tasks: [watchSessions, forgetOldSessions],
  channels: [sessionChannel],
  resources: sessionResources,
  sessionDirectory,
})
