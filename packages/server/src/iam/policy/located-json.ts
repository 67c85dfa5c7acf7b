/** A strict JSON reader that remembers where every value stands, so that a fault in a policy can be pointed at. */
import type { Place } from '#kernel/policy.ts'

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

const SPACE = /[ \t\n\r]*/y
const STRING = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y
const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y

/** Reads one JSON value. Throws {@link JsonFault}, also for an object that names a member twice. */
export function readLocatedJson(text: string): Located {
  const reader = new Reader(text)
  const root = reader.value(0)
  reader.end()
  return root
}

/** Line and column of an offset, both from 1. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  let line = 1
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) line++
  return { line, column: offset - lineStart + 1 }
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): Located {
    if (depth > MAX_DEPTH) throw new JsonFault(this.#at, 'It is nested too deep.')
    const first = this.#peek()
    const start = this.#at
    const value = first === '{' ? this.#members(depth) : first === '[' ? this.#list(depth) : this.#scalar()
    return { value, start, end: this.#at }
  }

  end(): void {
    if (this.#peek() !== undefined) throw this.#fault('Nothing may follow the closing brace.')
  }

  #members(depth: number): Members {
    const members = new Map<string, Located>()
    this.#at++
    for (let more = !this.#accept('}'); more; more = this.#moreBefore('}')) {
      this.#peek()
      const start = this.#at
      const name = this.#string()
      if (name === undefined) throw this.#fault('A name in quotation marks is expected.')
      if (members.has(name)) throw new JsonFault(start, `'${name}' is there twice.`)
      if (!this.#accept(':')) throw this.#fault('A colon is expected.')
      members.set(name, this.value(depth + 1))
    }
    return members
  }

  #list(depth: number): Located[] {
    const list: Located[] = []
    this.#at++
    for (let more = !this.#accept(']'); more; more = this.#moreBefore(']')) list.push(this.value(depth + 1))
    return list
  }

  #scalar(): string | number | boolean | null {
    const text = this.#string()
    if (text !== undefined) return text
    const literal = this.#take(LITERAL)
    if (literal === undefined) throw this.#fault('A value is expected.')
    return JSON.parse(literal) as number | boolean | null
  }

  #string(): string | undefined {
    const start = this.#at
    const literal = this.#take(STRING)
    if (literal === undefined) return undefined
    try {
      return JSON.parse(literal) as string
    } catch {
      throw new JsonFault(start, 'This is no text of JSON.')
    }
  }

  #moreBefore(close: string): boolean {
    if (this.#accept(',')) return true
    if (this.#accept(close)) return false
    throw this.#fault(`A comma or ${close} is expected.`)
  }

  #accept(character: string): boolean {
    if (this.#peek() !== character) return false
    this.#at++
    return true
  }

  /** The next character that is no space; undefined at the end. */
  #peek(): string | undefined {
    this.#take(SPACE)
    return this.#text[this.#at]
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const taken = pattern.exec(this.#text)?.[0]
    this.#at += taken?.length ?? 0
    return taken
  }

  #fault(message: string): JsonFault {
    return new JsonFault(this.#at, message)
  }
}
