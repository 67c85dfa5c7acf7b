/**
 * Conditions on named things: `a = 1 && (b != "x*" || c IS NULL)`. What the names stand for is the caller's business: a member of a JSON
 * message, a column.
 */
import { invalidPattern } from '../errors.ts'
import { simpleExpression } from './simple-expression.ts'

/** The values that a name stands for; none if there is no such thing. */
export type Values = (name: string) => readonly unknown[]

export interface Condition {
  readonly names: readonly string[]
  holds(values: Values): boolean
}

type Test = (values: Values) => boolean

const TOKEN =
  /\s*(?:(&&|\|\||[()]|!=|<=|>=|[=<>])|"((?:[^"\\]|\\.)*)"|%([^%]+)%|(\$(?:\.[^\s.[\]()=!<>&|]+|\[(?:\d+|\*|'[^']*'|"[^"]*")\])*|[^\s()=!<>&|"%]+))/sy

type Token =
  | { readonly kind: 'sign' | 'word' | 'quoted' | 'expression'; readonly text: string }
  | { readonly kind: 'end'; readonly text: '' }

/** Throws `InvalidParameterException`. */
export function parseCondition(text: string): Condition {
  const parser = new Parser(tokensOf(text))
  const holds = parser.any()
  parser.expectEnd()
  return { names: [...new Set(parser.names)], holds }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const expression = new RegExp(TOKEN)
  const { length } = text.trimEnd()
  while (expression.lastIndex < length) {
    const found = expression.exec(text)
    if (!found) throw invalidPattern()
    const [, sign, quoted, regular, word] = found
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replace(/\\(["\\])/g, '$1') })
    else if (regular !== undefined) tokens.push({ kind: 'expression', text: regular })
    else tokens.push({ kind: 'word', text: word! })
  }
  return tokens
}

class Parser {
  readonly names: string[] = []
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  any(): Test {
    const tests = [this.#all()]
    while (this.#take('||')) tests.push(this.#all())
    return (values) => tests.some((test) => test(values))
  }

  expectEnd(): void {
    if (this.#next().kind !== 'end') throw invalidPattern()
  }

  #all(): Test {
    const tests = [this.#one()]
    while (this.#take('&&')) tests.push(this.#one())
    return (values) => tests.every((test) => test(values))
  }

  #one(): Test {
    if (this.#take('(')) {
      const inside = this.any()
      if (!this.#take(')')) throw invalidPattern()
      return inside
    }
    const name = this.#word()
    this.names.push(name)
    return this.#comparison(name)
  }

  #comparison(name: string): Test {
    const token = this.#advance()
    if (token.kind === 'word') return wordedTest(name, token.text, this.#word())
    const test = valueTest(token, this.#advance())
    return (values) => values(name).some(test)
  }

  #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' }
  }

  #advance(): Token {
    const token = this.#next()
    this.#at += 1
    return token
  }

  #word(): string {
    const token = this.#advance()
    if (token.kind !== 'word') throw invalidPattern()
    return token.text
  }

  #take(sign: string): boolean {
    const { kind, text } = this.#next()
    if (kind !== 'sign' || text !== sign) return false
    this.#at += 1
    return true
  }
}

function wordedTest(name: string, first: string, second: string): Test {
  switch (`${first} ${second}`.toUpperCase()) {
    case 'IS NULL':
      return (values) => values(name).some((value) => value === null)
    case 'IS TRUE':
      return (values) => values(name).some((value) => value === true)
    case 'IS FALSE':
      return (values) => values(name).some((value) => value === false)
    case 'NOT EXISTS':
      return (values) => values(name).length === 0
    case 'EXISTS':
      return (values) => values(name).length > 0
  }
  throw invalidPattern()
}

function valueTest(operator: Token, wanted: Token): (value: unknown) => boolean {
  if (operator.kind !== 'sign' || wanted.kind === 'sign' || wanted.kind === 'end') throw invalidPattern()
  const equal = equality(wanted)
  const number = wanted.kind === 'word' && wanted.text !== '' ? Number(wanted.text) : Number.NaN
  const compared = (holds: (given: number) => boolean) => {
    if (Number.isNaN(number)) throw invalidPattern()
    return (value: unknown) => isNumeric(value) && holds(Number(value))
  }
  switch (operator.text) {
    case '=':
      return equal
    case '!=':
      return (value) => !equal(value)
    case '<':
      return compared((given) => given < number)
    case '<=':
      return compared((given) => given <= number)
    case '>':
      return compared((given) => given > number)
    case '>=':
      return compared((given) => given >= number)
  }
  throw invalidPattern()
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)))
}

/** Numbers are equal as numbers; a star in a text stands for any characters. */
function equality({ kind, text }: Token): (value: unknown) => boolean {
  if (kind === 'expression') {
    const matches = simpleExpression(text)
    return (value) => isScalar(value) && matches(String(value))
  }
  const number = kind === 'word' ? Number(text) : Number.NaN
  if (!Number.isNaN(number)) return (value) => isNumeric(value) && Number(value) === number
  const like = wildcard(text)
  return (value) => isScalar(value) && like(String(value))
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

function wildcard(pattern: string): (text: string) => boolean {
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop()
  if (tail === undefined) return (text) => text === pattern
  return (text) => {
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false
    let at = head.length
    const inside = text.slice(0, text.length - tail.length)
    return rest.every((part) => {
      const found = inside.indexOf(part, at)
      at = found + part.length
      return found >= 0
    })
  }
}
