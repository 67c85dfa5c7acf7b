import type { HandshakeAction, SessionType } from '@steward/protocol/session/index.ts'
import type { JsonObject } from '@steward/protocol/untrusted-json.ts'
import { isNewer } from '#agent-version.ts'

/**
 * How a port session carries connections: many at a time in a multiplexer; one after another as plain bytes; or a single
 * one as plain bytes, whose end is the session's (SSH).
 */
export type PortMode = 'multiplexed' | 'one-by-one' | 'single'

/** What a client knows of its session once it may send. */
export type StartedSession = {
  /** Without a handshake Standard_Stream, which looks the same as a command with a terminal. */
  sessionType: SessionType
  /** The document's properties, of port sessions; empty otherwise. */
  properties: JsonObject
  /** Empty without a handshake. */
  agentVersion: string
  encrypted: boolean
  /** Of port sessions only. */
  portMode: PortMode | undefined
  /** Extensions of ours that the agent knows. */
  features: string[]
}

export const shellSession: StartedSession = {
  sessionType: 'Standard_Stream',
  properties: {},
  agentVersion: '',
  encrypted: false,
  portMode: undefined,
  features: [],
}

const lastWithoutMultiplexing = '3.0.196.0'

export function portModeOf(action: HandshakeAction & { actionType: 'SessionType' }, agentVersion: string) {
  if (action.sessionType !== 'Port') return undefined
  if (action.properties.type !== 'LocalPortForwarding') return 'single'
  return isNewer(agentVersion, lastWithoutMultiplexing) ? 'multiplexed' : 'one-by-one'
}
