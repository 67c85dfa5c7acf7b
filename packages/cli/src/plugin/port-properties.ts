import type { StartedSession } from '@steward/session-client'
import type { LocalEnd } from '#sessions/forward-spec.ts'

/** Where a port session's document wants its local end; any free port if it says none. */
export function localEnd(properties: StartedSession['properties']): LocalEnd {
  const { localPortNumber, localConnectionType, localUnixSocket } = properties
  if (localConnectionType === 'unix' && typeof localUnixSocket === 'string') return { socket: localUnixSocket }
  const port = Number(localPortNumber || 0)
  return { address: 'localhost', port: Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : 0 }
}
