import type { InteractiveShell } from '@steward/protocol/session/index.ts'
import type { SessionSettings } from '#configuration.ts'

/** What the agent tells a worker on its standard input. */
export type WorkerOrder = {
  start: InteractiveShell
  /** Of CreateDataChannel, for the first connection; absent: ask for one. */
  token: string | undefined
  nodeId: string
  url: string
  region: string
  ca: string | undefined
  /** How far the server's clock is ahead, in milliseconds. */
  aheadMs: number
  settings: SessionSettings
  /** The agent's credentials file. */
  credentials: string
  /** Where sessions have their folders. */
  sessions: string
  /** Where the terminal addon may be written. */
  compiled: string
  limits: SessionLimits
}

/** All in milliseconds. */
export type SessionLimits = {
  /** How long a session lives without the server. */
  patienceMs: number
  handshakeMs: number
  /** How long the last output may wait for a client that is there but takes nothing. */
  drainMs: number
}

export const defaultSessionLimits: SessionLimits = { patienceMs: 300_000, handshakeMs: 15_000, drainMs: 2000 }
