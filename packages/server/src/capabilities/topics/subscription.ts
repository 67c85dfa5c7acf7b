/** Subscriptions: where messages of a topic go, and which of them. */
import { compilePattern, PatternError } from '#capabilities/events/index.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalidParameter, notBuilt } from './errors.ts'
import type { SubscriptionRow } from './tables.ts'
import { topicArn } from './topic.ts'

export type Protocol = 'http' | 'https' | 'email' | 'email-json'

const ELSEWHERE = ['sqs', 'sms', 'lambda', 'firehose', 'application']

/** Throws `InvalidParameter` unless the protocol is served and the endpoint is one of it. `mail`: a mail server is configured. */
export function checkEndpoint(protocol: string, endpoint: string | undefined, mail: boolean): Protocol {
  if (ELSEWHERE.includes(protocol)) throw notBuilt('Protocol', `Subscriptions of the protocol ${protocol} are`)
  switch (protocol) {
    case 'http':
    case 'https':
      checkUrl(protocol, endpoint)
      return protocol
    case 'email':
    case 'email-json':
      if (!endpoint || !/^[^\s@<>",;]+@[^\s@<>",;]+$/.test(endpoint)) throw invalidParameter('Email address')
      if (!mail)
        throw invalidParameter('Protocol Reason: this server has no mail server; its operator sets STEWARD_SMTP_URL')
      return protocol
    default:
      throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`)
  }
}

function checkUrl(protocol: string, endpoint: string | undefined): void {
  if (!endpoint) throw invalidParameter('Endpoint')
  if (!endpoint.startsWith(`${protocol}://`)) throw invalidParameter('Endpoint must match the specified protocol')
  if (!URL.canParse(endpoint)) throw invalidParameter('Endpoint Reason: it is not a URL')
}

const MOST_FILTER_KEYS = 5
const MOST_FILTER_COMBINATIONS = 150

/** The attributes that change which messages come, or how. Throws `InvalidParameter`. */
export function checkAttribute(protocol: Protocol, name: string, value: string): void {
  switch (name) {
    case 'RawMessageDelivery':
      if (!/^(true|false)$/i.test(value))
        throw invalidParameter(`${name}: Invalid value [${value}]. Must be true or false.`)
      if (/^true$/i.test(value) && !protocol.startsWith('http'))
        throw invalidParameter(`Delivery protocol [${protocol}] does not support raw message delivery.`)
      return
    case 'FilterPolicyScope':
      if (value !== 'MessageAttributes' && value !== 'MessageBody')
        throw invalidParameter(`${name}: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`)
      return
    case 'FilterPolicy':
      return
    case 'DeliveryPolicy':
    case 'RedrivePolicy':
    case 'SubscriptionRoleArn':
    case 'ReplayPolicy':
      if (value !== '' && value !== '{}') throw notBuilt(name, `The attribute ${name} is`)
      return
    default:
      throw invalidParameter('AttributeName')
  }
}

export type FilterScope = 'MessageAttributes' | 'MessageBody'

/** Throws `InvalidParameter` unless the texts make a filter together. */
export function checkFilter({ FilterPolicy = '', FilterPolicyScope }: Readonly<Record<string, string>>): void {
  if (FilterPolicy === '' || FilterPolicy === '{}') return
  const filter = parsedFilter(FilterPolicy)
  const names = Object.entries(filter)
  if (names.length > MOST_FILTER_KEYS)
    throw invalidParameter(`FilterPolicy: Filter policy can not have more than ${MOST_FILTER_KEYS} keys`)
  const isFlat = names.every(([name, value]) => name === '$or' || Array.isArray(value))
  if (FilterPolicyScope !== 'MessageBody' && !isFlat)
    throw invalidParameter('Filter policy scope MessageAttributes does not support nested filter policy')
  if (combinations(filter) > MOST_FILTER_COMBINATIONS)
    throw invalidParameter('FilterPolicy: Filter policy is too complex')
}

/**
 * What SNS calls the combination of values: the product of how many values each key has, times how deep it is nested. Alternatives
 * are counted one by one.
 */
function combinations(filter: object, depth = 1): number {
  return Object.entries(filter).reduce((product, [name, value]) => {
    if (!Array.isArray(value)) return product * combinations(value, depth + 1)
    if (name !== '$or') return product * value.length * depth
    return product * value.reduce((sum: number, one: object) => sum + combinations(one, depth), 0)
  }, 1)
}

function parsedFilter(text: string): object {
  try {
    const filter = JSON.parse(text) as object
    compilePattern(text)
    return filter
  } catch (error) {
    if (error instanceof PatternError) throw invalidParameter(`FilterPolicy: ${error.message}`)
    if (error instanceof SyntaxError) throw invalidParameter(`FilterPolicy: failed to parse JSON. ${error.message}`)
    throw error
  }
}

/** What is kept of attributes that were set; an empty filter is none. */
export function kept(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const { FilterPolicy, FilterPolicyScope, RawMessageDelivery } = attributes
  const filters = FilterPolicy && FilterPolicy !== '{}'
  return {
    ...(filters && { FilterPolicy, FilterPolicyScope: FilterPolicyScope ?? 'MessageAttributes' }),
    ...(!filters && FilterPolicyScope && { FilterPolicyScope }),
    ...(RawMessageDelivery && { RawMessageDelivery: RawMessageDelivery.toLowerCase() }),
  }
}

/** Whether none of the attributes is another than the subscription has, set or by default. */
export function agree(attributes: Readonly<Record<string, string>>, row: SubscriptionRow): boolean {
  const before: Record<string, string> = { ...DEFAULTS, ...attributesOf(row) }
  return Object.entries(attributes).every(([name, value]) => before[name] === value)
}

/** As they are shown: the scope is nobody's business without a filter. */
export function shownAttributes(row: SubscriptionRow): Record<string, string> {
  const { FilterPolicyScope, ...attributes } = attributesOf(row)
  return {
    RawMessageDelivery: DEFAULTS.RawMessageDelivery,
    ...attributes,
    ...(attributes.FilterPolicy && FilterPolicyScope && { FilterPolicyScope }),
  }
}

const DEFAULTS = { RawMessageDelivery: 'false', FilterPolicyScope: 'MessageAttributes' } as const

export function subscriptionArn({ account, region, topic, uid }: Scope & { topic: string; uid: string }): string {
  return `${topicArn({ account, region }, topic)}:${uid}`
}

/** What names a subscription; undefined if the text is no ARN of one. */
export function parseSubscriptionArn(text: string): (Scope & { topic: string; uid: string }) | undefined {
  const match = /^arn:[^:]+:sns:([^:]+):(\d{12}):([^:]+):([0-9a-f-]{36})$/.exec(text)
  return match ? { region: match[1]!, account: match[2]!, topic: match[3]!, uid: match[4]! } : undefined
}

export function attributesOf(row: SubscriptionRow): Record<string, string> {
  return JSON.parse(row.attributes) as Record<string, string>
}
