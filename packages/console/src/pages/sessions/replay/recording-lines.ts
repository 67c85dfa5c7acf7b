/** The lines of a recording as they come from the server, and what they add up to. */
import { parseCastLine } from '@steward/protocol/recording/cast.ts'
import { ShownText } from '@steward/protocol/recording/shown-text.ts'
import { Sha256 } from '@steward/session-client/sha256.ts'
import { clockText } from './clock-text.ts'

export interface CastMoment {
  readonly milliseconds: number
  /** `o` was shown, `r` the size became, `m` a remark, `x` the command ended with. */
  readonly code: string
  readonly data: string
}

const GENESIS = '0'.repeat(64)
const encoder = new TextEncoder()

export class RecordingLines {
  readonly lines: string[] = []
  readonly moments: CastMoment[] = []
  /** Of the terminal at the beginning. */
  size = { cols: 80, rows: 24 }

  add(lines: readonly string[]): void {
    for (const line of lines) {
      if (this.lines.length === 0) this.#header(line)
      this.lines.push(line)
      const moment = parseCastLine(line)
      if (moment) this.moments.push(moment)
    }
  }

  /** In milliseconds, as far as it is here. */
  get length(): number {
    return this.moments.at(-1)?.milliseconds ?? 0
  }

  /** As a file for any player of asciicasts. */
  get cast(): string {
    return this.lines.map((line) => `${line}\n`).join('')
  }

  /** What was shown as plain lines, each with its time. */
  get text(): string {
    const shown = new ShownText()
    const lines = this.moments.flatMap(({ code, data, milliseconds }) =>
      code === 'o' ? shown.add(data, milliseconds) : [],
    )
    return [...lines, ...shown.end()]
      .map(({ milliseconds, text }) => `${clockText(milliseconds).padStart(7)}  ${text.toWellFormed()}\n`)
      .join('')
  }

  /** The hash that stands for all lines, worked out here: each line's covers the one before. */
  get hash(): string {
    return this.lines.reduce((hash, line) => new Sha256().update(encoder.encode(`${hash}\n${line}`)).hex(), GENESIS)
  }

  #header(line: string): void {
    const { width, height } = JSON.parse(line) as { width?: number; height?: number }
    if (width && height) this.size = { cols: width, rows: height }
  }
}
