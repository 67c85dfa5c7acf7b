/** Makes chained lines of what a session shows. Pure; what it made is taken from it in pieces. */
import { CAST_GENESIS, type CastCode, type CastOrigin, castHash, castLine } from '@steward/protocol/recording/cast.ts'
import { LosslessDecoder } from '@steward/protocol/recording/lossless-text.ts'

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
  readonly text: string
}

/** What is shown within the same millisecond is one line, up to this length. */
const LONGEST_DATA = 64 * 1024

export class CastWriter {
  readonly #origin: CastOrigin
  readonly #startedAt: number
  readonly #decoder = new LosslessDecoder()
  #size = { columns: 80, rows: 24 }
  #place: CastPlace
  /** Lines not taken yet, and their length. */
  #written: string[] = []
  #length = 0
  /** Output that more may be joined to. */
  #output = ''

  /** Goes on behind `place`. `startedAt` in ms since 1970. */
  constructor(origin: CastOrigin, startedAt: number, place: CastPlace = CAST_BEGIN) {
    this.#origin = origin
    this.#startedAt = startedAt
    this.#place = place
  }

  /** How far it has come with everything that was taken. */
  get place(): CastPlace {
    return this.#place
  }

  /** About how many characters there are to take. */
  get length(): number {
    return this.#length + this.#output.length
  }

  output(bytes: Uint8Array, at: number): void {
    this.#moveTo(at)
    this.#output += this.#decoder.decode(bytes)
    this.#place = { ...this.#place, bytes: this.#place.bytes + bytes.length }
    if (this.#output.length >= LONGEST_DATA) this.#endOutput()
  }

  /** The size that is there before anything is shown becomes that of the header. */
  resize(columns: number, rows: number, at: number): void {
    if (this.#place.lines === 0 && this.length === 0) this.#size = { columns, rows }
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
    if (isEnd) this.#output += this.#decoder.end()
    this.#endOutput()
    if (isEnd && this.#place.lines === 0) this.#header()
    if (this.#written.length === 0) return undefined
    const piece = { ...this.#place, text: this.#written.join('\n') }
    this.#written = []
    this.#length = 0
    return piece
  }

  #event(code: CastCode, data: string, at: number): void {
    this.#moveTo(at)
    this.#endOutput()
    this.#line(code, data)
  }

  #endOutput(): void {
    if (this.#output !== '') this.#line('o', this.#output)
    this.#output = ''
  }

  /** Time never runs backwards in a recording, whatever clocks do. */
  #moveTo(at: number): void {
    const milliseconds = at - this.#startedAt
    if (milliseconds <= this.#place.milliseconds) return
    this.#endOutput()
    this.#place = { ...this.#place, milliseconds }
  }

  #line(code: CastCode, data: string): void {
    if (this.#place.lines === 0) this.#header()
    this.#write(castLine({ milliseconds: this.#place.milliseconds, code, data }))
  }

  #header(): void {
    const header = {
      version: 2,
      width: this.#size.columns,
      height: this.#size.rows,
      timestamp: Math.floor(this.#startedAt / 1000),
      title: this.#origin.sessionId,
      steward: this.#origin,
    }
    this.#write(JSON.stringify(header))
  }

  #write(line: string): void {
    const { lines, hash } = this.#place
    this.#place = { ...this.#place, lines: lines + 1, hash: castHash(hash, line) }
    this.#written.push(line)
    this.#length += line.length
  }
}
