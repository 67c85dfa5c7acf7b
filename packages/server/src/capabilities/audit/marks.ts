/**
 * Lookups by attribute find links of the chain through marks: small hashes of an attribute's name and value. Two values may have
 * the same mark, so whoever follows marks looks at the records too. Pure.
 */
import type { AuditedResource, AuditRecord } from '#kernel/audit-record.ts'

/** The attributes of CloudTrail's `LookupEvents`, but for the event's id, from which its time is known. */
export type Attribute =
  | 'EventName'
  | 'EventSource'
  | 'ReadOnly'
  | 'Username'
  | 'AccessKeyId'
  | 'ResourceType'
  | 'ResourceName'

/** A whole number below 2⁵³ for an attribute and one of its values. */
export function markOf(attribute: Attribute, value: string): number {
  const text = `${attribute}\n${value}`
  // Names of resources are too many and too different to remember.
  if (attribute === 'ResourceName') return hashOf(text)
  const known = remembered.get(text)
  if (known !== undefined) return known
  const mark = hashOf(text)
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(text, mark)
  return mark
}

const MOST_REMEMBERED = 1_000
const remembered = new Map<string, number>()

function hashOf(text: string): number {
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

/** Adds the marks of a record to those of its link. */
export function addMarks(marks: Set<number>, record: AuditRecord): void {
  const { eventName, eventSource, readOnly, userIdentity, resources } = record
  marks.add(markOf('EventName', eventName))
  marks.add(markOf('EventSource', eventSource))
  marks.add(markOf('ReadOnly', String(readOnly)))
  const username = usernameOf(record)
  if (username !== undefined) marks.add(markOf('Username', username))
  if (userIdentity.accessKeyId) marks.add(markOf('AccessKeyId', userIdentity.accessKeyId))
  for (const resource of resources ?? []) {
    if (resource.type) marks.add(markOf('ResourceType', resource.type))
    marks.add(markOf('ResourceName', bare(resourceName(resource))))
  }
}

/** The mark under which records with that value are found. */
export function markToFind(attribute: Attribute, value: string): number {
  return markOf(attribute, textToFind(attribute, value))
}

/** What stands in every record with that value. Resources go by their name, also if their ARN is asked for. */
export function textToFind(attribute: Attribute | 'EventId', value: string): string {
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
      return record.resources?.some(({ type }) => type === value) ?? false
    case 'ResourceName':
      return record.resources?.some((one) => one.ARN === value || bare(resourceName(one)) === bare(value)) ?? false
  }
}

/** Who it was, as `LookupEvents` tells it: a user's name, the name of a role's session, `root`. */
export function usernameOf({ userIdentity: { type, userName, arn } }: AuditRecord): string | undefined {
  if (type === 'Root') return 'root'
  return userName ?? arn?.split('/').at(-1)
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
