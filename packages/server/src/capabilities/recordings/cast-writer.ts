/** Makes chained lines of what a session shows. Pure; what it made is taken from it in pieces. */
import { type CastCode, type CastHeader, type CastOrigin, castLine } from '@steward/protocol/recording/cast.ts'
import { CAST_GENESIS, castHash } from '@steward/protocol/recording/cast-chain.ts'
import { openCharacter } from '@steward/protocol/recording/lossless-text.ts'
import { outputLine } from './cast-output.ts'

/** How far a recording has come. */
export interface CastPlace {
  readonly lines: number
  /** Bytes of output. */
  readonly bytes: number
  readonly hash: string
  readonly milliseconds: number
}

export const CAST_BEGIN: CastPlace = { lines: 0, bytes: 0, hash: CAST_GENESIS, milliseconds: 0 }

/** Some lines, and how far the recording has come with them. */
export interface CastPiece extends CastPlace {
  /** Separated by line feeds. */
  readonly written: Buffer
}

/** What is shown within the same millisecond is one line, up to this length. */
const LONGEST_DATA = 64 * 1024
const LINE_FEED = Buffer.from('\n')
const NOTHING = Buffer.alloc(0)

export class CastWriter {
  readonly #origin: CastOrigin
  readonly #startedAt: number
  #size = { columns: 80, rows: 24 }
  #lines: number
  #bytes: number
  #hash: string
  #milliseconds: number
  /** Lines not taken yet, and their length. */
  #written: Buffer[] = []
  #length = 0
  /** Output that more may be joined to. */
  #output: Uint8Array[] = []
  #outputLength = 0
  /** The beginning of a character. */
  #rest: Buffer = NOTHING

  /** Goes on behind `place`. `startedAt` in ms since 1970. */
  constructor(origin: CastOrigin, startedAt: number, place: CastPlace = CAST_BEGIN) {
    this.#origin = origin
    this.#startedAt = startedAt
    this.#lines = place.lines
    this.#bytes = place.bytes
    this.#hash = place.hash
    this.#milliseconds = place.milliseconds
  }

  /** How far it has come with everything that was taken. */
  get place(): CastPlace {
    return { lines: this.#lines, bytes: this.#bytes, hash: this.#hash, milliseconds: this.#milliseconds }
  }

  /** About how many bytes there are to take. */
  get length(): number {
    return this.#length + this.#outputLength
  }

  output(bytes: Uint8Array, at: number): void {
    this.#moveTo(at)
    this.#output.push(bytes)
    this.#outputLength += bytes.length
    this.#bytes += bytes.length
    if (this.#outputLength >= LONGEST_DATA) this.#endOutput()
  }

  /** The size that is there before anything is shown becomes that of the header. */
  resize(columns: number, rows: number, at: number): void {
    if (this.#lines === 0 && this.length === 0) this.#size = { columns, rows }
    else this.#event('r', `${columns}x${rows}`, at)
  }

  remark(text: string, at: number): void {
    this.#event('m', text, at)
  }

  ended(exitCode: string, at: number): void {
    this.#event('x', exitCode, at)
  }

  /** What was written since the last time; undefined if nothing was. At the end bytes that make no character are taken too. */
  take(isEnd = false): CastPiece | undefined {
    this.#endOutput()
    if (isEnd) this.#endRest()
    if (isEnd && this.#lines === 0) this.#header()
    if (this.#written.length === 0) return undefined
    const written = Buffer.concat(this.#written.flatMap((line, index) => (index === 0 ? line : [LINE_FEED, line])))
    this.#written = []
    this.#length = 0
    return { ...this.place, written }
  }

  #event(code: CastCode, data: string, at: number): void {
    this.#moveTo(at)
    this.#endOutput()
    this.#write(Buffer.from(castLine({ milliseconds: this.#milliseconds, code, data })))
  }

  /** Makes a line of what was shown, but for a character that is not whole yet. */
  #endOutput(): void {
    if (this.#outputLength === 0) return
    const all = Buffer.concat([this.#rest, ...this.#output])
    const whole = all.length - openCharacter(all)
    this.#rest = all.subarray(whole)
    this.#output = []
    this.#outputLength = 0
    if (whole > 0) this.#write(outputLine(this.#milliseconds, all.subarray(0, whole)))
  }

  #endRest(): void {
    if (this.#rest.length > 0) this.#write(outputLine(this.#milliseconds, this.#rest))
    this.#rest = NOTHING
  }

  /** Time never runs backwards in a recording, whatever clocks do. */
  #moveTo(at: number): void {
    const milliseconds = at - this.#startedAt
    if (milliseconds <= this.#milliseconds) return
    this.#endOutput()
    this.#milliseconds = milliseconds
  }

  #header(): void {
    const header: CastHeader = {
      version: 2,
      width: this.#size.columns,
      height: this.#size.rows,
      timestamp: Math.floor(this.#startedAt / 1000),
      title: this.#origin.sessionId,
      steward: this.#origin,
    }
    this.#add(Buffer.from(JSON.stringify(header)))
  }

  #write(line: Buffer): void {
    if (this.#lines === 0) this.#header()
    this.#add(line)
  }

  #add(line: Buffer): void {
    this.#lines++
    this.#hash = castHash(this.#hash, line)
    this.#written.push(line)
    this.#length += line.length
  }
}
