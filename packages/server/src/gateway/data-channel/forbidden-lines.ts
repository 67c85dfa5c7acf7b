import { createContext, Script } from 'node:vm'
import { LosslessDecoder } from '@steward/protocol/recording/lossless-text.ts'
import { ShownText } from '@steward/protocol/recording/shown-text.ts'

/** All lines of one frame, against all patterns. A pattern may be made to backtrack for ever, which must not stop the server. */
const LIMIT_MS = 500

const search = new Script('patterns.findIndex((pattern) => lines.some((line) => pattern.test(line)))')

/** Looks for forbidden patterns in the lines that a session shows. */
export class ForbiddenLines {
  readonly #patterns: readonly string[]
  readonly #context: { patterns: RegExp[]; lines: string[] }
  readonly #decoder = new LosslessDecoder()
  readonly #text = new ShownText()

  /** The patterns were proven to be regular expressions when their document was made. */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns
    this.#context = { patterns: patterns.map((pattern) => new RegExp(pattern)), lines: [] }
    createContext(this.#context)
  }

  /** The pattern that a line matches which is complete with this; also one of which that cannot be said within half a second. */
  find(payload: Uint8Array): string | undefined {
    this.#context.lines = this.#text.add(this.#decoder.decode(payload), 0).map(({ text }) => text)
    if (this.#context.lines.length === 0) return undefined
    return this.#patterns[this.#search()]
  }

  #search(): number {
    try {
      return search.runInContext(this.#context, { timeout: LIMIT_MS }) as number
    } catch {
      return 0
    }
  }
}
