import { optionalText, parseJsonObject, text } from '#untrusted-json.ts'

/** agent_session_state: what an agent tells the server of its session. Other states than these two are possible. */
export type AgentSessionState = { sessionId: string; state: 'Connected' | 'Terminating' | (string & {}) }

export function formatAgentSessionState({ sessionId, state }: AgentSessionState): string {
  return JSON.stringify({ SchemaVersion: 1, SessionState: state, SessionId: sessionId })
}

export function parseAgentSessionState(payload: Uint8Array | string): AgentSessionState {
  const what = 'agent_session_state'
  const from = parseJsonObject(payload, what)
  return { sessionId: optionalText(from, 'SessionId', what), state: text(from, 'SessionState', what) }
}
