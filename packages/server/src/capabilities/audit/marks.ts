/**
 * Lookups by attribute find links of the chain through marks: small hashes of an attribute's name and value. Two values may have
 * the same mark, so whoever follows marks looks at the records too.
 *
 * A mark is a row of an index, and rows of many different values lie all over it, so a link whose records have many values of
 * one attribute has them in a Bloom filter of its own instead, and a single mark that says so. Pure.
 */
import type { AuditedResource, AuditRecord } from '#kernel/audit-record.ts'

/** The attributes of CloudTrail's `LookupEvents`, but for the event's id, from which its time is known. */
const ATTRIBUTES = [
  'EventName',
  'EventSource',
  'ReadOnly',
  'Username',
  'AccessKeyId',
  'ResourceType',
  'ResourceName',
] as const

export type Attribute = (typeof ATTRIBUTES)[number]

/** A whole number below 2⁵³ for an attribute and one of its values. */
export function markOf(attribute: Attribute, value: string): number {
  const text = `${attribute}\n${value}`
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return 2 ** 32 * ((2 ** 21 - 1) & low) + (high >>> 0)
}

/** A link has a mark for each value of an attribute, if there are no more than these. */
const MOST_MARKS = 16
const BITS_PER_VALUE = 12
const PROBES = 4

/** How the records of a link are found. */
export interface Marks {
  readonly marks: ReadonlySet<number>
  /** Of all values: bits in base64. Null if every value has a mark. */
  readonly filter: string | null
}

export function marksOf(records: Iterable<AuditRecord>): Marks {
  return joinedMarks(Array.from(records, marksOfRecord))
}

/**
 * The marks of a record's values, each behind the number of its attribute. One list of numbers: thousands of records wait at a time, and
 * the collector walks through all that they consist of.
 */
export function marksOfRecord(record: AuditRecord): readonly number[] {
  const marks: number[] = []
  const add = (attribute: Attribute, mark: number) => marks.push(ATTRIBUTES.indexOf(attribute), mark)
  const addCommon = (attribute: Attribute, value: string | undefined) => {
    if (value !== undefined) add(attribute, commonMark(attribute, value))
  }
  addCommon('EventName', record.eventName)
  addCommon('EventSource', record.eventSource)
  addCommon('ReadOnly', record.readOnly ? 'true' : 'false')
  addCommon('Username', usernameOf(record))
  addCommon('AccessKeyId', record.userIdentity.accessKeyId)
  for (const resource of resourcesOf(record)) {
    addCommon('ResourceType', resource.type)
    add('ResourceName', markOf('ResourceName', bare(resourceName(resource))))
  }
  return marks
}

const MOST_KNOWN = 500
const known = new Map(ATTRIBUTES.map((attribute) => [attribute, new Map<string, number>()]))

/** For attributes of which most records have the same few values. */
function commonMark(attribute: Attribute, value: string): number {
  const marks = known.get(attribute)!
  const found = marks.get(value)
  if (found !== undefined) return found
  if (marks.size >= MOST_KNOWN) marks.clear()
  const mark = markOf(attribute, value)
  marks.set(value, mark)
  return mark
}

/** What the marks of its records come to for a link. */
export function joinedMarks(records: readonly (readonly number[])[]): Marks {
  const sets = ATTRIBUTES.map((attribute) => ({ attribute, some: new Set<number>() }))
  for (const marks of records) {
    for (let index = 0; index < marks.length; index += 2) sets[marks[index]!]!.some.add(marks[index + 1]!)
  }
  const marks = sets.flatMap(({ attribute, some }) => (some.size > MOST_MARKS ? [crowdMark(attribute)] : [...some]))
  const isCrowded = sets.some(({ some }) => some.size > MOST_MARKS)
  return { marks: new Set(marks), filter: isCrowded ? filterOf(sets.flatMap(({ some }) => [...some])) : null }
}

/** The mark of links that have values of an attribute in their filter. No value has a line feed at its end. */
function crowdMark(attribute: Attribute): number {
  return markOf(attribute, '\n')
}

function filterOf(marks: readonly number[]): string {
  const bits = Buffer.alloc(Math.ceil((marks.length * BITS_PER_VALUE) / 8))
  for (const mark of marks) for (const bit of bitsOf(mark, bits.length)) bits[bit >>> 3]! |= 1 << (bit & 7)
  return bits.toString('base64')
}

/** Whether a link with this filter may hold what the mark stands for; without one, its mark has said so already. */
export function mayHold(filter: string | null, mark: number): boolean {
  if (filter === null) return true
  const bits = Buffer.from(filter, 'base64')
  return bitsOf(mark, bits.length).every((bit) => (bits[bit >>> 3]! & (1 << (bit & 7))) !== 0)
}

function bitsOf(mark: number, bytes: number): number[] {
  const low = mark % 2 ** 32
  const high = Math.floor(mark / 2 ** 32)
  return Array.from({ length: PROBES }, (_, probe) => (low + probe * (high * 2 + 1)) % (bytes * 8))
}

/** The mark of a value, and the marks under which links are found that may hold it. */
export function marksToFind(attribute: Attribute, value: string): { mark: number; among: number[] } {
  const mark = markOf(attribute, toMark(attribute, value))
  return { mark, among: [mark, crowdMark(attribute)] }
}

/** What stands in every record with that value. */
export function textToFind(attribute: Attribute | 'EventId', value: string): string {
  return (attribute === 'ResourceType' && MEMBER_OF_ISSUED[value]) || toMark(attribute, value)
}

/** Resources go by their name, also if their ARN is asked for. */
function toMark(attribute: Attribute | 'EventId', value: string): string {
  return attribute === 'ResourceName' ? bare(resourceName({ ARN: value })) : value
}

export function hasAttribute(record: AuditRecord, attribute: Attribute | 'EventId', value: string): boolean {
  switch (attribute) {
    case 'EventId':
      return record.eventID === value
    case 'EventName':
      return record.eventName === value
    case 'EventSource':
      return record.eventSource === value
    case 'ReadOnly':
      return String(record.readOnly) === value
    case 'Username':
      return usernameOf(record) === value
    case 'AccessKeyId':
      return record.userIdentity.accessKeyId === value
    case 'ResourceType':
      return resourcesOf(record).some(({ type }) => type === value)
    case 'ResourceName':
      return resourcesOf(record).some((one) => one.ARN === value || bare(resourceName(one)) === bare(value))
  }
}

/** Who it was, as `LookupEvents` tells it: a user's name, the name of a role's session, `root`. */
export function usernameOf({ userIdentity: { type, userName, arn } }: AuditRecord): string | undefined {
  if (type === 'Root') return 'root'
  return userName ?? arn?.split('/').at(-1)
}

/** What a call was about, and the credentials that it gave: by these whoever finds their use asks where they came from. */
export function resourcesOf({ resources = [], responseElements }: AuditRecord): readonly AuditedResource[] {
  const { credentials, assumedRoleUser, accessKey } = (responseElements ?? {}) as Issued
  const keyId = credentials?.accessKeyId ?? accessKey?.accessKeyId
  if (keyId === undefined) return resources
  const issued: AuditedResource[] = [{ ARN: keyId, type: ACCESS_KEY }]
  if (assumedRoleUser) {
    const { assumedRoleId, arn } = assumedRoleUser
    issued.push({ ARN: assumedRoleId, type: ASSUMED_ROLE }, { ARN: arn, type: ASSUMED_ROLE })
  }
  return [...issued, ...resources]
}

const ACCESS_KEY = 'AWS::IAM::AccessKey'
const ASSUMED_ROLE = 'AWS::STS::AssumedRole'

/** Their types do not stand in the record, but the member of the answer that they come from does. */
const MEMBER_OF_ISSUED: Readonly<Record<string, string>> = {
  [ACCESS_KEY]: 'accessKeyId',
  [ASSUMED_ROLE]: 'assumedRoleUser',
}

/** Of what STS answers, and of what IAM answers for a new key. */
interface Issued {
  readonly credentials?: { readonly accessKeyId: string }
  readonly assumedRoleUser?: { readonly assumedRoleId: string; readonly arn: string }
  readonly accessKey?: { readonly accessKeyId: string }
}

/** The resource's name, or its id where it has none. */
export function resourceName({ ARN }: AuditedResource): string {
  if (!ARN.startsWith('arn:')) return ARN
  const resource = afterColons(ARN, 5)
  const name = resource.replace(/^[^/:]+[/:]/, '')
  // The ARN of a parameter says its path without the slash before it.
  return resource.startsWith('parameter/') && name.includes('/') ? `/${name}` : name
}

function afterColons(text: string, count: number): string {
  let end = -1
  for (let index = 0; index < count; index++) end = text.indexOf(':', end + 1)
  return text.slice(end + 1)
}

function bare(name: string): string {
  return name.startsWith('/') ? name.replace(/^\/+/, '') : name
}
