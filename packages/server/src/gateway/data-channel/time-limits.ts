import type { RelayedSession } from '#kernel/declare.ts'

/** What a relay has seen of its two sides. */
export interface Presence {
  /** When this server first knew of the session. */
  readonly since: Date
  /** A server before this one relayed it. */
  readonly restored: boolean
  readonly clientCame: boolean
  /** Undefined while it is there. */
  readonly agentGoneSince: Date | undefined
  /** The agent is ours, which comes back for minutes. */
  readonly agentIsPatient: boolean
  /** When a side last sent something new while the client was there. */
  readonly lastUse: Date
}

export interface Ending {
  /** For the user. */
  readonly output: string
  readonly failed: boolean
}

/** Amazon's agents try for six seconds at most (session-protocol, 2.3). */
const AGENT_COMES_BACK_MS = 15_000
const OUR_AGENT_COMES_BACK_MS = 5 * 60_000
const AFTER_RESTART_MS = 30_000
const CLIENT_COMES_MS = 60_000

/** Why the session has to end now, if it has to. While the clock may be wrong, only an agent that is gone is a reason. */
export function overdue(
  session: RelayedSession,
  seen: Presence,
  now: Date,
  clockIsSteady: boolean,
): Ending | undefined {
  const passed = (from: Date, milliseconds: number) => now.getTime() - from.getTime() >= milliseconds
  const { agentGoneSince, lastUse } = seen
  if (agentGoneSince && passed(agentGoneSince, agentMayBeGoneMs(seen))) {
    return { output: 'The connection to the node was lost.', failed: true }
  }
  if (!clockIsSteady) return undefined
  if (session.endsAt && now >= session.endsAt) {
    return { output: 'Your session timed out because it reached its maximum duration.', failed: false }
  }
  if (passed(lastUse, session.idleMs)) {
    return { output: 'Your session timed out due to inactivity.', failed: false }
  }
  if (!seen.clientCame && passed(seen.since, CLIENT_COMES_MS)) {
    return { output: 'No client connected to the session.', failed: false }
  }
  return undefined
}

function agentMayBeGoneMs({ agentIsPatient, restored }: Presence): number {
  if (agentIsPatient) return OUR_AGENT_COMES_BACK_MS
  return restored ? AFTER_RESTART_MS : AGENT_COMES_BACK_MS
}
