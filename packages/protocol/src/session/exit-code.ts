import { ProtocolError } from '#protocol-error.ts'
import { decodeText } from '#untrusted-json.ts'

/** Payload type 12, from the agent: how a command without a terminal ended. */
export function formatExitCode(code: number): string {
  return `EXIT_CODE: ${code}`
}

export function parseExitCode(payload: Uint8Array | string): number {
  const text = typeof payload === 'string' ? payload : decodeText(payload, 'ExitCode')
  const code = /^EXIT_CODE: (-?\d{1,10})\s*$/.exec(text)?.[1]
  if (code === undefined) throw new ProtocolError('ExitCode is not EXIT_CODE: and a number.')
  return Number(code)
}
