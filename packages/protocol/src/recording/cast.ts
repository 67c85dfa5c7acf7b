/**
 * A recording is an asciicast of version 2: a header and then one event a line. The lines are chained: the hash of a line covers
 * the hash of the one before, so the last hash stands for the whole file, however it was cut into pieces. The header has a random
 * salt, so that nobody who sees hashes only can try what was shown.
 */
import * as crypto from 'node:crypto'

/** `o` was shown, `r` the size became, `m` a remark, `x` the command ended with. Players pass over what they do not know. */
export type CastCode = 'o' | 'r' | 'm' | 'x'

export interface CastHeader {
  readonly version: 2
  readonly width: number
  readonly height: number
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly title: string
  readonly steward: CastOrigin
}

/** What was recorded, and where. */
export interface CastOrigin {
  readonly sessionId: string
  readonly nodeId: string
  readonly owner: string
  readonly documentName: string
  readonly sessionType: string
  readonly destination?: string
  readonly salt: string
}

export interface CastEvent {
  /** Since the session began. */
  readonly milliseconds: number
  readonly code: string
  readonly data: string
}

export function castLine({ milliseconds, code, data }: CastEvent): string {
  return `[${(milliseconds / 1000).toFixed(3)}, "${code}", ${JSON.stringify(data)}]`
}

/** Undefined if the line is no event: the header, or nothing that a recording has. */
export function parseCastLine(line: string): CastEvent | undefined {
  if (!line.startsWith('[')) return undefined
  let event: unknown
  try {
    event = JSON.parse(line)
  } catch {
    return undefined
  }
  const [seconds, code, data] = event as unknown[]
  if (typeof seconds !== 'number' || typeof code !== 'string' || typeof data !== 'string') return undefined
  return { milliseconds: Math.round(seconds * 1000), code, data }
}

/** What stands before the header. */
export const CAST_GENESIS = '0'.repeat(64)

/** Hexadecimal SHA-256 of the hash before, a line feed, and the line, whose bytes are UTF-8. */
export function castHash(previous: string, line: string | Uint8Array): string {
  return crypto.createHash('sha256').update(`${previous}\n`).update(line).digest('hex')
}
