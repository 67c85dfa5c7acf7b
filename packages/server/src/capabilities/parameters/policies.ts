/**
 * Policies of a parameter (PS-13): what is to happen to it, or be said of it, as time passes. Each has one instant at which it
 * acts; which policies there are and how far they are is kept as JSON with the parameter.
 */
import type { ParameterInlinePolicy } from '@steward/model/generated/ssm.ts'
import { isoTime } from '#capabilities/stated-time.ts'
import {
  badPolicyAttribute,
  badPolicyType,
  conflictingPolicies,
  policiesAreNotJson,
  tooManyPolicies,
} from './errors.ts'

const LIMIT = 10
const UNIT_MS: Readonly<Record<string, number>> = { Days: 86_400_000, Hours: 3_600_000 }

export type PolicyType = 'Expiration' | 'ExpirationNotification' | 'NoChangeNotification'

export interface ParameterPolicy {
  readonly type: PolicyType
  /** Compact JSON, as answers and events carry it. */
  readonly text: string
  readonly status: 'Pending' | 'Finished'
  /** ISO. Null when it waits for something that is not there, as a notification of an expiration without one. */
  readonly due: string | null
}

interface RawPolicy {
  readonly Type?: unknown
  readonly Version?: unknown
  readonly Attributes?: Readonly<Record<string, unknown>>
}

/** The policies that a request's text states; none for `[]` and `[{}]`. Throws AWS's errors for what is wrong in it. */
export function parsePolicies(text: string, now: Date): ParameterPolicy[] {
  const raw = parseList(text).filter((policy) => Object.keys(policy).length > 0)
  if (raw.length > LIMIT) throw tooManyPolicies()
  const policies = raw.map((policy) => ({ type: policyType(policy), text: JSON.stringify(policy) }))
  const expirations = new Set(policies.filter(({ type }) => type === 'Expiration').map(({ text }) => text))
  if (expirations.size > 1) throw conflictingPolicies()
  return scheduled(policies, now)
}

function parseList(text: string): RawPolicy[] {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    throw policiesAreNotJson()
  }
  const isObject = (item: unknown) => typeof item === 'object' && item !== null && !Array.isArray(item)
  if (!Array.isArray(list) || !list.every(isObject)) throw policiesAreNotJson()
  return list
}

function policyType({ Type, Version }: RawPolicy): PolicyType {
  if (Type !== 'Expiration' && Type !== 'ExpirationNotification' && Type !== 'NoChangeNotification')
    throw badPolicyType()
  if (Version !== undefined && Version !== '1.0') throw badPolicyAttribute('Version must be 1.0.')
  return Type
}

/** The policies as they stand after a new version: what waits for a change waits anew, an expiration stays where it is. */
export function rearmed(policies: readonly ParameterPolicy[], now: Date): ParameterPolicy[] {
  const fresh = scheduled(policies, now)
  return policies.map((policy, index) => (policy.type === 'NoChangeNotification' ? fresh[index]! : policy))
}

function scheduled(policies: readonly Pick<ParameterPolicy, 'type' | 'text'>[], now: Date): ParameterPolicy[] {
  const expiration = policies.find(({ type }) => type === 'Expiration')
  const expires = expiration && timestamp(attributes(expiration.text))
  return policies.map(({ type, text }) => ({
    type,
    text,
    status: 'Pending',
    due: dueOf(type, attributes(text), expires, now),
  }))
}

function dueOf(
  type: PolicyType,
  given: Readonly<Record<string, unknown>>,
  expires: Date | undefined,
  now: Date,
): string | null {
  switch (type) {
    case 'Expiration':
      return timestamp(given).toISOString()
    case 'ExpirationNotification': {
      const before = duration(given, 'Before')
      return expires ? new Date(expires.getTime() - before).toISOString() : null
    }
    case 'NoChangeNotification':
      return new Date(now.getTime() + duration(given, 'After')).toISOString()
  }
}

function attributes(text: string): Readonly<Record<string, unknown>> {
  return (JSON.parse(text) as RawPolicy).Attributes ?? {}
}

/** ISO_INSTANT or ISO_OFFSET_DATE_TIME, as the guide names the two forms. */
function timestamp({ Timestamp }: Readonly<Record<string, unknown>>): Date {
  const text = typeof Timestamp === 'string' ? Timestamp : ''
  // The guide's own example of an offset has seconds, which JavaScript does not read.
  const [, instant] =
    /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))(?::\d{2})?$/.exec(text) ?? []
  const at = instant && isoTime(instant)
  if (!at) throw badPolicyAttribute('Timestamp must be a date and time such as 2018-12-02T21:34:33.000Z.')
  return new Date(at)
}

function duration(given: Readonly<Record<string, unknown>>, name: 'Before' | 'After'): number {
  const text = String(given[name] ?? '')
  if (!/^-?\d{1,9}$/.test(text)) throw badPolicyAttribute(`${name} must be a whole number.`)
  if (Number(text) <= 0) throw badPolicyAttribute(`${name} must be greater than 0.`)
  const unit = UNIT_MS[String(given.Unit)]
  if (unit === undefined) throw badPolicyAttribute('Unit must be Days or Hours.')
  return Number(text) * unit
}

/** When the first of them is to act. */
export function nextDue(policies: readonly ParameterPolicy[]): string | null {
  const dues = policies.flatMap(({ status, due }) => (status === 'Pending' && due ? [due] : []))
  return dues.sort()[0] ?? null
}

export function toPolicies(json: string | null): ParameterPolicy[] {
  return json === null ? [] : (JSON.parse(json) as ParameterPolicy[])
}

export function fromPolicies(policies: readonly ParameterPolicy[]): string | null {
  return policies.length === 0 ? null : JSON.stringify(policies)
}

/** As answers carry them: `PolicyStatus` is shown by `DescribeParameters` only (PS-22). */
export function toApiPolicies(json: string | null, withStatus: boolean): ParameterInlinePolicy[] {
  return toPolicies(json).map(({ type, text, status }) => ({
    PolicyText: text,
    PolicyType: type,
    ...(withStatus ? { PolicyStatus: status } : {}),
  }))
}
