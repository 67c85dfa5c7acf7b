import { ProtocolError } from '#protocol-error.ts'

/**
 * Payload type 10. In port sessions: what became of a connection or of the session. From 16 on ours, for commands whose
 * standard input the client sends: its end, and signals to the command.
 */
export const sessionFlag = {
  disconnectToPort: 1,
  terminateSession: 2,
  connectToPortError: 3,
  endOfInput: 16,
  interrupt: 17,
  quit: 18,
  terminate: 19,
  hangUp: 20,
} as const

export function formatFlag(flag: number): Uint8Array {
  const payload = new Uint8Array(4)
  new DataView(payload.buffer).setUint32(0, flag)
  return payload
}

export function parseFlag(payload: Uint8Array): number {
  if (payload.length < 4) throw new ProtocolError('Flag has fewer than four bytes.')
  return new DataView(payload.buffer, payload.byteOffset).getUint32(0)
}
