import type { Event, LookupEventsRequest, Operations } from '@steward/model/generated/cloudtrail.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { AuditRecord } from '#kernel/audit-record.ts'
import { service } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { isOf } from '../found-record.ts'
import { type Search, search } from '../lookup.ts'
import { resourceName, resourcesOf, usernameOf } from '../marks.ts'

const cloudtrail = service<Operations>('cloudtrail')

const PAGE = 50

export const LookupEvents = cloudtrail.open('LookupEvents', {
  access: () => ({ action: 'cloudtrail:LookupEvents', resources: ['*'] }),

  async handle(input, call) {
    const wanted = toSearch(input, call.scope)
    // There are no insights to look up, only calls.
    if (input.EventCategory === 'insight') return { Events: [] }
    await call.audit.flush()
    const { records, next } = await search(call.read, wanted, call.cursor<string>())
    return { Events: records.map(toEvent), NextToken: call.nextToken(next) }
  },
})

function toSearch(
  { LookupAttributes = [], StartTime, EndTime, MaxResults }: LookupEventsRequest,
  scope: Scope,
): Search {
  if (LookupAttributes.length > 1) {
    throw new ApiError('InvalidLookupAttributesException', 'You can specify only one lookup attribute.')
  }
  if (StartTime && EndTime && StartTime > EndTime) {
    throw new ApiError('InvalidTimeRangeException', 'The start time must be before the end time.')
  }
  const [attribute] = LookupAttributes
  return {
    attribute: attribute && { key: attribute.AttributeKey, value: attribute.AttributeValue },
    from: StartTime ? wholeSecond(StartTime) : 0,
    to: EndTime ? wholeSecond(EndTime) + 999 : Number.MAX_SAFE_INTEGER,
    isVisible: (record) => isOf(scope, record),
    limit: MaxResults ?? PAGE,
  }
}

/** Event times have no fractions, so neither have the bounds. */
function wholeSecond(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000
}

function toEvent(record: AuditRecord): Event {
  const { eventID, eventName, readOnly, userIdentity, eventTime, eventSource } = record
  return {
    EventId: eventID,
    EventName: eventName,
    ReadOnly: String(readOnly),
    AccessKeyId: userIdentity.accessKeyId,
    EventTime: new Date(eventTime),
    EventSource: eventSource,
    Username: usernameOf(record),
    Resources: resourcesOf(record).map((one) => ({ ResourceType: one.type, ResourceName: resourceName(one) })),
    CloudTrailEvent: JSON.stringify(record),
  }
}
