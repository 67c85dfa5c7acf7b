/** A recording is an asciicast of version 2: a header and then one event a line. */

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
