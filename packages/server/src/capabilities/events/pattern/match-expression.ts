/** One entry of a pattern's list: a plain value, or an object such as `{"prefix": "a"}`. Each becomes a test of one JSON scalar. */
import { BlockList, isIP } from 'node:net'
import { PatternError } from './pattern-error.ts'
import { wildcard } from './wildcard.ts'

export type Scalar = string | number | boolean | null

/** `absent`: matches where there is no value. Otherwise a test of one value. */
export type Expression = 'absent' | ((value: Scalar) => boolean)

const LARGEST_NUMBER = 5e9

export function matchExpression(entry: unknown): Expression {
  if (isScalar(entry)) return exactly(entry)
  if (Array.isArray(entry)) throw new PatternError('Match value must be String, number, true, false, or null')
  const [name, operand, ...more] = Object.entries(entry as object).flat()
  if (name === undefined) throw new PatternError('Match expression name not found')
  if (more.length > 0) throw new PatternError('Only one key allowed in match expression')
  const compile = Object.hasOwn(EXPRESSIONS, name) ? EXPRESSIONS[name] : undefined
  if (!compile) throw new PatternError(`Unrecognized match type ${name}`)
  return compile(operand)
}

const EXPRESSIONS: Readonly<Record<string, (operand: unknown) => Expression>> = {
  prefix: (operand) => affix('prefix', operand),
  suffix: (operand) => affix('suffix', operand),
  'equals-ignore-case': (operand) => ofText(ignoringCase(text('equals-ignore-case', operand))),
  'anything-but': anythingBut,
  numeric,
  exists,
  cidr,
  wildcard: (operand) => ofText(wildcard(text('wildcard', operand))),
}

function exactly(wanted: Scalar): Expression {
  return (value) => value === wanted
}

function affix(kind: 'prefix' | 'suffix', operand: unknown): Expression {
  if (!isObject(operand)) return ofText(affixTest(kind, text(kind, operand)))
  const wanted = onlyMember(kind, operand, 'equals-ignore-case')
  const test = affixTest(kind, text('equals-ignore-case', wanted).toLowerCase())
  return ofText((value) => test(value.toLowerCase()))
}

function affixTest(kind: 'prefix' | 'suffix', wanted: string): (value: string) => boolean {
  return kind === 'prefix' ? (value) => value.startsWith(wanted) : (value) => value.endsWith(wanted)
}

function ignoringCase(wanted: string): (value: string) => boolean {
  const lower = wanted.toLowerCase()
  return (value) => value.toLowerCase() === lower
}

function ofText(test: (value: string) => boolean): Expression {
  return (value) => typeof value === 'string' && test(value)
}

/** Matches a value that is there and is none of the operand's. */
function anythingBut(operand: unknown): Expression {
  if (isObject(operand)) return anythingButText(operand)
  const excluded = excludedValues(operand)
  if (excluded.some((value) => typeof value !== 'string' && typeof value !== 'number'))
    throw new PatternError('Inside anything but list, start|null|boolean is not supported.')
  if (new Set(excluded.map((value) => typeof value)).size > 1)
    throw new PatternError(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    )
  return (value) => !excluded.includes(value)
}

function anythingButText(operand: Record<string, unknown>): Expression {
  const [name, value, ...more] = Object.entries(operand).flat()
  if (more.length > 0) throw new PatternError('Only one key allowed in match expression')
  const compile = ANYTHING_BUT[String(name)]
  if (!Object.hasOwn(ANYTHING_BUT, String(name)) || !compile)
    throw new PatternError(`Unsupported anything-but pattern: ${name}`)
  const tests = excludedValues(value).map(compile)
  return (candidate) => typeof candidate !== 'string' || !tests.some((test) => test(candidate))
}

function excludedValues(operand: unknown): unknown[] {
  if (!Array.isArray(operand) && typeof operand !== 'string' && typeof operand !== 'number')
    throw new PatternError('Value of anything-but must be an array or single string/number value.')
  const list = [operand].flat()
  if (list.length === 0) throw new PatternError('Empty arrays are not allowed')
  return list
}

const ANYTHING_BUT: Readonly<Record<string, (excluded: unknown) => (value: string) => boolean>> = {
  prefix: (excluded) => affixTest('prefix', excludedAffix(excluded)),
  suffix: (excluded) => affixTest('suffix', excludedAffix(excluded)),
  'equals-ignore-case': (excluded) => {
    if (typeof excluded === 'string') return ignoringCase(excluded)
    throw new PatternError('Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.')
  },
  wildcard: (excluded) => wildcard(text('wildcard', excluded)),
}

/** What begins or ends with nothing is everything, so an empty text would exclude every text. */
function excludedAffix(excluded: unknown): string {
  const affix = text('prefix/suffix', excluded)
  if (affix === '') throw new PatternError('Null prefix/suffix not allowed')
  return affix
}

function numeric(operand: unknown): Expression {
  if (!Array.isArray(operand)) throw new PatternError('Value of numeric must be an array.')
  if (operand.length === 0) throw new PatternError('Invalid member in numeric match: ]')
  const first = bound(operand)
  const second = operand.length > 2 ? upperBound(first, operand) : undefined
  return (value) => typeof value === 'number' && first.test(value) && (second?.test(value) ?? true)
}

interface Bound {
  readonly operator: string
  readonly limit: number
  test(value: number): boolean
}

const COMPARISONS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
}

function bound([operator, limit]: unknown[]): Bound {
  if (typeof operator !== 'string') throw new PatternError(`Invalid member in numeric match: ${operator}`)
  const compare = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined
  if (!compare) throw new PatternError(`Unrecognized numeric range operator: ${operator}`)
  if (typeof limit !== 'number')
    throw new PatternError(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`)
  if (Math.abs(limit) > LARGEST_NUMBER)
    throw new PatternError(`Value must be between ${-LARGEST_NUMBER} and ${LARGEST_NUMBER}, inclusive`)
  return { operator, limit, test: (value) => compare(value, limit) }
}

/** The second half of a range, which only a lower bound may have. */
function upperBound(lower: Bound, [, , operator, limit, ...more]: unknown[]): Bound {
  if (!lower.operator.startsWith('>')) throw new PatternError('Too many elements in numeric expression')
  if (typeof operator !== 'string') throw new PatternError(`Bad value in numeric range: ${operator}`)
  if (!operator.startsWith('<')) throw new PatternError(`Bad numeric range operator: ${operator}`)
  const upper = bound([operator, limit])
  if (more.length > 0) throw new PatternError('Too many terms in numeric range expression')
  if (lower.limit >= upper.limit) throw new PatternError('Bottom must be less than top')
  return upper
}

function exists(operand: unknown): Expression {
  if (typeof operand !== 'boolean') throw new PatternError('exists match pattern must be either true or false.')
  return operand ? () => true : 'absent'
}

/** An address alone and a mask of all bits are taken too, which EventBridge refuses. */
function cidr(operand: unknown): Expression {
  // AWS says `prefix` here (recorded 2024-07).
  const wanted = text('prefix', operand)
  const [address = '', mask, ...more] = wanted.split('/')
  const version = isIP(address)
  if (more.length > 0 || (mask === undefined && version === 0))
    throw new PatternError("Malformed CIDR, one '/' required")
  if (mask !== undefined && !/^\d{1,3}$/.test(mask))
    throw new PatternError('Malformed CIDR, mask bits must be an integer')
  if (version === 0) throw new PatternError(`Nonstandard IP address: ${address}`)
  const bits = version === 4 ? 32 : 128
  if (Number(mask ?? bits) > bits) throw new PatternError(`IPv${version} mask bits must be < ${bits}`)
  const block = new BlockList()
  block.addSubnet(address, Number(mask ?? bits), version === 4 ? 'ipv4' : 'ipv6')
  return ofText((value) => {
    const kind = isIP(value)
    return kind === version && block.check(value, kind === 4 ? 'ipv4' : 'ipv6')
  })
}

function text(name: string, operand: unknown): string {
  if (typeof operand !== 'string') throw new PatternError(`${name} match pattern must be a string`)
  return operand
}

function onlyMember(name: string, operand: Record<string, unknown>, member: string): unknown {
  const [key, value, ...more] = Object.entries(operand).flat()
  if (more.length > 0) throw new PatternError('Only one key allowed in match expression')
  if (key !== member) throw new PatternError(`Unsupported ${name} pattern: ${key}`)
  return value
}

export function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
