import type { StreamMessage } from '#sessions/session-channel.ts'

/** How a session ended; `output` is for its user, empty when all went well. */
export type SessionEnd = { status: 'Success' | 'Failed'; output: string }

export const endedWell: SessionEnd = { status: 'Success', output: '' }

/** What goes on in a session of one type, once its channel is open and the handshake, if there is one, is over. */
export type SessionKind = {
  /** Begins, and resolves when it has ended by itself or by `stop`, with all it had to say sent. Rejects with SessionError. */
  run(): Promise<SessionEnd>
  received(message: StreamMessage): void
  /** Ends it at once, and every process it started. */
  stop(): Promise<void>
}
