export type { GenerateDataKey } from '#handshake.ts'
export * from '#session-client.ts'
export * from '#socket.ts'
export type { PortMode, StartedSession } from '#started-session.ts'
