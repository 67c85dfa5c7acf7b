/** A strict JSON reader that remembers where every value stands, so that a fault in a policy can be pointed at. */
import { JsonScanner } from '#kernel/json-scanner.ts'

/** A JSON value and its place in the text. `[start, end)` are offsets. */
export interface Located {
  readonly value: string | number | boolean | null | readonly Located[] | Members
  readonly start: number
  readonly end: number
}

/** An object; the members stand in the order of the text. */
export type Members = ReadonlyMap<string, Located>

/** The text is no JSON from `offset` on. */
export class JsonFault extends Error {
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.name = 'JsonFault'
    this.offset = offset
  }
}

/** No honest policy is nested as deep; it bounds the recursion. */
const MAX_DEPTH = 32

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y

/** Reads one JSON value. Throws {@link JsonFault}, also for an object that names a member twice. */
export function readLocatedJson(text: string): Located {
  const reader = new Reader(text)
  const root = reader.value(0)
  reader.end()
  return root
}

class Reader extends JsonScanner {
  value(depth: number): Located {
    if (depth > MAX_DEPTH) throw this.fault('It is nested too deep.')
    const first = this.peek()
    const start = this.at
    const value = first === '{' ? this.#members(depth) : first === '[' ? this.#list(depth) : this.#scalar(first)
    return { value, start, end: this.at }
  }

  end(): void {
    if (this.peek() !== undefined) throw this.fault('Nothing may follow the closing brace.')
  }

  protected fault(message: string): JsonFault {
    return new JsonFault(this.at, message)
  }

  #members(depth: number): Members {
    const members = new Map<string, Located>()
    this.within('}', () => {
      const start = this.at
      const name = this.name()
      if (members.has(name)) throw new JsonFault(start, `'${name}' is there twice.`)
      members.set(name, this.value(depth + 1))
    })
    return members
  }

  #list(depth: number): Located[] {
    const list: Located[] = []
    this.within(']', () => list.push(this.value(depth + 1)))
    return list
  }

  #scalar(first: string | undefined): string | number | boolean | null {
    if (first === '"') return this.string()
    const literal = this.take(LITERAL)
    if (literal === undefined) throw this.fault('A value is expected.')
    return JSON.parse(literal) as number | boolean | null
  }
}
