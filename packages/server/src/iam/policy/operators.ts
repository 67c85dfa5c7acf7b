/** The condition operators: what each compares, and how the values of request and policy are put together. */
import { arnMatcher } from './arn.ts'
import { isInRange, parseIp, parseIpRange } from './ip-range.ts'
import { literalMatcher, type Matcher, wildcardMatcher } from './pattern.ts'
import type { RequestContext } from './request-context.ts'

/** An operator as a policy writes it, taken apart. */
export interface Operator {
  readonly base: keyof typeof COMPARISONS
  readonly qualifier: 'ForAllValues' | 'ForAnyValue' | undefined
  readonly ifExists: boolean
}

/** Whether a condition holds, given what the request says under its key. */
export type ConditionTest = (value: string | readonly string[] | undefined, context: RequestContext) => boolean

interface Comparison {
  /** The comparison with one value of the policy. `Not…` operators are the negation of their positive. */
  readonly compile: (wanted: string, variables: boolean) => Matcher
  readonly negated?: boolean
  /** Why a policy cannot say this value. */
  readonly fault?: (wanted: string) => string | undefined
}

const equals: Comparison['compile'] = (wanted, variables) => literalMatcher(wanted, variables)
const equalsIgnoringCase: Comparison['compile'] = (wanted, variables) =>
  literalMatcher(wanted, variables, (text) => text.toLowerCase())

const COMPARISONS = {
  StringEquals: { compile: equals },
  StringNotEquals: { compile: equals, negated: true },
  StringEqualsIgnoreCase: { compile: equalsIgnoringCase },
  StringNotEqualsIgnoreCase: { compile: equalsIgnoringCase, negated: true },
  StringLike: { compile: wildcardMatcher },
  StringNotLike: { compile: wildcardMatcher, negated: true },
  NumericEquals: numeric((given, wanted) => given === wanted),
  NumericNotEquals: { ...numeric((given, wanted) => given === wanted), negated: true },
  NumericLessThan: numeric((given, wanted) => given < wanted),
  NumericLessThanEquals: numeric((given, wanted) => given <= wanted),
  NumericGreaterThan: numeric((given, wanted) => given > wanted),
  NumericGreaterThanEquals: numeric((given, wanted) => given >= wanted),
  DateEquals: date((given, wanted) => given === wanted),
  DateNotEquals: { ...date((given, wanted) => given === wanted), negated: true },
  DateLessThan: date((given, wanted) => given < wanted),
  DateLessThanEquals: date((given, wanted) => given <= wanted),
  DateGreaterThan: date((given, wanted) => given > wanted),
  DateGreaterThanEquals: date((given, wanted) => given >= wanted),
  Bool: { compile: equalsIgnoringCase },
  BinaryEquals: { compile: (wanted) => (given) => given === wanted },
  IpAddress: { compile: inRange, fault: ipFault },
  NotIpAddress: { compile: inRange, fault: ipFault, negated: true },
  ArnEquals: { compile: arnMatcher },
  ArnLike: { compile: arnMatcher },
  ArnNotEquals: { compile: arnMatcher, negated: true },
  ArnNotLike: { compile: arnMatcher, negated: true },
  Null: { compile: equalsIgnoringCase },
} satisfies Record<string, Comparison>

const BY_NAME = new Map(
  (Object.keys(COMPARISONS) as (keyof typeof COMPARISONS)[]).map((base) => [base.toLowerCase(), base]),
)

/** Undefined if there is no such operator. */
export function operatorNamed(text: string): Operator | undefined {
  const [, qualifier, name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/i.exec(text) ?? []
  const base = BY_NAME.get(name.toLowerCase())
  if (!base || (base === 'Null' && ifExists)) return undefined
  const qualified = qualifier && (qualifier.toLowerCase() === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue')
  return { base, qualifier: qualified || undefined, ifExists: ifExists !== undefined }
}

/** What is wrong with a value that a policy gives an operator. */
export function valueFault({ base }: Operator, value: string): string | undefined {
  return (COMPARISONS[base] as Comparison).fault?.(value)
}

/** `variables`: whether the policy's version has them. */
export function compileCondition(operator: Operator, values: readonly string[], variables: boolean): ConditionTest {
  if (operator.base === 'Null') return nullTest(values, operator.qualifier)
  const { compile, negated = false }: Comparison = COMPARISONS[operator.base]
  const matchers = values.map((value) => compile(value, variables))
  const holds = (given: string, context: RequestContext) =>
    matchers.some((matcher) => matcher(given, context)) !== negated
  const { qualifier, ifExists } = operator
  const ofNothing = ifExists || qualifier === 'ForAllValues' || (negated && qualifier === undefined)
  return (value, context) => {
    if (value === undefined) return ofNothing
    if (typeof value === 'string') return qualifier && value === '' ? ofNothing : holds(value, context)
    if (isNothing(value, qualifier)) return ofNothing
    if (qualifier === 'ForAllValues') return value.every((one) => holds(one, context))
    if (qualifier === 'ForAnyValue') return value.some((one) => holds(one, context))
    return negated ? value.every((one) => holds(one, context)) : value.some((one) => holds(one, context))
  }
}

/** Where sets are compared, AWS takes empty texts for no values. */
function isNothing(values: readonly string[], qualifier: Operator['qualifier']): boolean {
  return qualifier ? values.every((value) => value === '') : values.length === 0
}

/** Of a set there is nothing to ask: AWS documents that the one qualifier always holds then, and the other never. */
function nullTest(values: readonly string[], qualifier: Operator['qualifier']): ConditionTest {
  if (qualifier) return () => qualifier === 'ForAllValues'
  return (value) => {
    const missing = value === undefined || (typeof value !== 'string' && value.length === 0)
    return values.some((wanted) => wanted.toLowerCase() === String(missing))
  }
}

function numeric(compare: (given: number, wanted: number) => boolean): Comparison {
  return ordered(
    compare,
    (text) => (/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN),
    'number',
  )
}

function date(compare: (given: number, wanted: number) => boolean): Comparison {
  return ordered(compare, parseDate, 'date')
}

function ordered(
  compare: (given: number, wanted: number) => boolean,
  parse: (text: string) => number,
  what: string,
): Comparison {
  const read = rememberingLast(parse)
  return {
    compile(wanted) {
      const limit = parse(wanted)
      return (given) => compare(read(given), limit)
    },
    fault: (wanted) => (Number.isNaN(parse(wanted)) ? `'${wanted}' is no ${what}` : undefined),
  }
}

/** A date of ISO 8601, or seconds since 1970. NaN for anything else, which compares to nothing. */
function parseDate(text: string): number {
  if (/^-?\d{5,}(?:\.\d+)?$/.test(text)) return Number(text) * 1000
  return /^\d{4}(?:-\d\d){0,2}(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[-+]\d\d:?\d\d)?)?$/.test(text)
    ? Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text)
    : Number.NaN
}

function inRange(wanted: string): Matcher {
  const range = parseIpRange(wanted)
  if (!range) return () => false
  return (given) => {
    const address = readIp(given)
    return address !== undefined && isInRange(range, address)
  }
}

const readIp = rememberingLast(parseIp)

/** The policies of one decision all look at the same values of the request. */
function rememberingLast<T>(parse: (text: string) => T): (text: string) => T {
  let last: { text: string; value: T } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, value: parse(text) }
    return last.value
  }
}

function ipFault(wanted: string): string | undefined {
  return parseIpRange(wanted) ? undefined : `'${wanted}' is no range of addresses`
}
