/** What `SearchAuditRecords` is asked for, as a search of the trail. Pure. */
import type { SearchAuditRecordsRequest } from '@steward/model/generated/steward.ts'
import type { AuditRecord } from '#kernel/audit-record.ts'
import { outcomeOf } from './found-record.ts'
import type { Search } from './lookup.ts'
import { hasAttribute, usernameOf } from './marks.ts'

type Filter = Omit<Search, 'limit' | 'isVisible'> & { matches(record: AuditRecord): boolean }

export function toFilter(input: SearchAuditRecordsRequest): Filter {
  const words = (input.Text ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const storedWords = words.map(asStored)
  const texts = exactTexts(input).map(asStored)
  return {
    attribute: bestAttribute(input),
    from: input.StartTime?.getTime() ?? 0,
    to: input.EndTime?.getTime() ?? Number.MAX_SAFE_INTEGER,
    oldestFirst: input.SortOrder === 'Ascending',
    mayBe: (line) => texts.every((text) => line.includes(text)) && holdsAll(line, storedWords),
    matches: (record) => matches(record, input) && (words.length === 0 || holdsAll(valuesOf(record), words)),
  }
}

/** The attribute by which the fewest links of the chain will have to be looked into. */
function bestAttribute(input: SearchAuditRecordsRequest): Search['attribute'] {
  const { EventId, Resource, AccessKeyId, Principal, Actions = [], Services = [], ChangesOnly } = input
  if (EventId) return { key: 'EventId', value: EventId }
  if (Resource) return { key: 'ResourceName', value: Resource }
  if (AccessKeyId) return { key: 'AccessKeyId', value: AccessKeyId }
  if (Principal && !Principal.startsWith('arn:')) return { key: 'Username', value: Principal }
  if (Actions.length === 1) return { key: 'EventName', value: eventName(Actions[0]!) }
  if (Services.length === 1) return { key: 'EventSource', value: sourceOf(Services[0]!) }
  return ChangesOnly ? { key: 'ReadOnly', value: 'false' } : undefined
}

/** What stands, as it is, in every record that is looked for. */
function exactTexts({ Principal, SourceIpAddress, RequestId, AccessKeyId }: SearchAuditRecordsRequest): string[] {
  const arn = Principal?.startsWith('arn:') ? Principal : undefined
  return [arn, SourceIpAddress, RequestId, AccessKeyId].filter((text) => text !== undefined)
}

function asStored(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function holdsAll(line: string, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const text = line.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** What a record says, without the names of its members: every record has `requestParameters`. */
function valuesOf(value: unknown): string {
  if (typeof value !== 'object') return String(value)
  return value === null ? '' : Object.values(value).map(valuesOf).join('\n')
}

function matches(record: AuditRecord, input: SearchAuditRecordsRequest): boolean {
  const { Principal, Actions, Services, Resource, Outcomes, SourceIpAddress, RequestId, AccessKeyId } = input
  const { userIdentity, eventName: name, eventSource, sourceIPAddress, requestID, readOnly } = record
  return (
    (!Principal || usernameOf(record) === Principal || userIdentity.arn === Principal) &&
    (!Actions || Actions.some((action) => isAction(action, name, eventSource))) &&
    (!Services || Services.some((service) => sourceOf(service) === eventSource)) &&
    (!Resource || hasAttribute(record, 'ResourceName', Resource)) &&
    (!Outcomes || Outcomes.includes(outcomeOf(record))) &&
    (!SourceIpAddress || sourceIPAddress === SourceIpAddress) &&
    (!RequestId || requestID === RequestId) &&
    (!AccessKeyId || userIdentity.accessKeyId === AccessKeyId) &&
    !(input.ChangesOnly && readOnly)
  )
}

/** `SendCommand`, or `ssm:SendCommand` as policies say it. */
function isAction(action: string, name: string, source: string): boolean {
  const colon = action.indexOf(':')
  return eventName(action) === name && (colon < 0 || sourceOf(action.slice(0, colon)) === source)
}

function eventName(action: string): string {
  return action.slice(action.indexOf(':') + 1)
}

function sourceOf(service: string): string {
  return service.includes('.') ? service : `${service}.amazonaws.com`
}
