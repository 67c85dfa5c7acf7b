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
  if (name === undefined) throw new PatternError('Empty objects are not allowed')
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
  const excluded = listOf('anything-but', operand)
  const types = new Set(excluded.map((value) => typeof value))
  if ([...types].some((type) => type !== 'string' && type !== 'number'))
    throw new PatternError('Value of anything-but must be an array or single string/number value.')
  if (types.size > 1)
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
  const tests = listOf(String(name), value).map((one) => compile(text(String(name), one)))
  return (candidate) => typeof candidate !== 'string' || !tests.some((test) => test(candidate))
}

const ANYTHING_BUT: Readonly<Record<string, (wanted: string) => (value: string) => boolean>> = {
  prefix: (wanted) => affixTest('prefix', wanted),
  suffix: (wanted) => affixTest('suffix', wanted),
  'equals-ignore-case': ignoringCase,
  wildcard,
}

function numeric(operand: unknown): Expression {
  if (!Array.isArray(operand)) throw new PatternError('Value of numeric must be an array.')
  if (operand.length === 0) throw new PatternError('Invalid member in numeric match: ]')
  if (operand.length > 4) throw new PatternError('Too many elements in numeric expression')
  const [first, second] = [operand.slice(0, 2), operand.slice(2)].map(bound)
  if (second) checkRange(first!, second)
  return (value) => typeof value === 'number' && first!.test(value) && (second?.test(value) ?? true)
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

function bound([operator, limit]: unknown[]): Bound | undefined {
  if (operator === undefined) return undefined
  if (typeof operator !== 'string') throw new PatternError(`Invalid member in numeric match: ${operator}`)
  const compare = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined
  if (!compare) throw new PatternError(`Unrecognized numeric range operator: ${operator}`)
  if (typeof limit !== 'number') throw new PatternError(`Value of ${operator} must be numeric`)
  if (Math.abs(limit) > LARGEST_NUMBER)
    throw new PatternError(`Value must be between ${-LARGEST_NUMBER} and ${LARGEST_NUMBER}, inclusive`)
  return { operator, limit, test: (value) => compare(value, limit) }
}

function checkRange(first: Bound, second: Bound): void {
  if (!first.operator.startsWith('>') || !second.operator.startsWith('<'))
    throw new PatternError('Bad numeric range operator: a range is a lower bound followed by an upper one')
  if (first.limit >= second.limit) throw new PatternError('Bottom must be less than top')
}

function exists(operand: unknown): Expression {
  if (typeof operand !== 'boolean') throw new PatternError('exists match pattern must be either true or false.')
  return operand ? () => true : 'absent'
}

function cidr(operand: unknown): Expression {
  const wanted = text('cidr', operand)
  const [address = '', mask, ...more] = wanted.split('/')
  const version = isIP(address)
  if (more.length > 0 || version === 0) throw new PatternError(`Malformed CIDR: ${wanted}`)
  if (mask !== undefined && !/^\d{1,3}$/.test(mask))
    throw new PatternError('Malformed CIDR, mask bits must be an integer')
  const bits = version === 4 ? 32 : 128
  if (Number(mask ?? bits) > bits) throw new PatternError(`IPv${version} mask bits must be <= ${bits}`)
  const block = new BlockList()
  block.addSubnet(address, Number(mask ?? bits), version === 4 ? 'ipv4' : 'ipv6')
  return ofText((value) => {
    const kind = isIP(value)
    return kind === version && block.check(value, kind === 4 ? 'ipv4' : 'ipv6')
  })
}

function listOf(name: string, operand: unknown): unknown[] {
  const list = Array.isArray(operand) ? operand : [operand]
  if (list.length === 0) throw new PatternError(`Empty arrays are not allowed in ${name}`)
  return list
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
