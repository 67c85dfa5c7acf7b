import { ProtocolError } from '#protocol-error.ts'
import { integer, parseJsonObject } from '#untrusted-json.ts'

/** Payload type 3, from the client: the size of its terminal in characters. */
export type TerminalSize = { cols: number; rows: number }

const most = 65_535

export function formatTerminalSize({ cols, rows }: TerminalSize): string {
  return JSON.stringify({ cols, rows })
}

export function parseTerminalSize(payload: Uint8Array | string): TerminalSize {
  const what = 'Size'
  const from = parseJsonObject(payload, what)
  const size = { cols: integer(from, 'cols', what), rows: integer(from, 'rows', what) }
  for (const value of [size.cols, size.rows]) {
    if (value < 0 || value > most) throw new ProtocolError(`${what}: cols and rows must be between 0 and ${most}.`)
  }
  return size
}
