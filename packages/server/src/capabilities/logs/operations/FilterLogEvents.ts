import { setImmediate } from 'node:timers/promises'
import type { FilteredLogEvent, FilterLogEventsRequest } from '@steward/model/generated/logs.ts'
import type { Call } from '#kernel/declare.ts'
import { Messages } from '../data-key.ts'
import { invalid } from '../errors.ts'
import { ANSWER_BYTES, type EventRange, type Position, readEvents } from '../event-store.ts'
import { compileFilter } from '../filter-pattern/filter-pattern.ts'
import { requireGroup } from '../group-store.ts'
import { keptSince } from '../log-group.ts'
import { logs } from '../logs.ts'
import { groupNamed, groupResource, meantGroup } from '../names.ts'
import { streamIds, streamNames } from '../stream-store.ts'
import type { LogEventRow, LogGroupRow } from '../tables.ts'

const MOST_EVENTS = 10_000
/** A page ends after so much was looked at, however little of it matched: then it has a token, and perhaps no events. */
const MOST_LOOKED_AT = 20 * ANSWER_BYTES

/** Events of a group's streams in order of time. */
export const FilterLogEvents = logs.read('FilterLogEvents', {
  access: (input, call) => ({
    action: 'logs:FilterLogEvents',
    resources: [groupResource(call.scope, meantGroup(input))],
  }),

  async handle(input, call) {
    if (input.logStreamNames && input.logStreamNamePrefix !== undefined)
      throw invalid('LogStreamNames and LogStreamNamePrefix cannot both be specified')
    const filter = compileFilter(input.filterPattern ?? '')
    const group = await requireGroup(call.db, call.scope, groupNamed(input))
    const range = await rangeOf(input, group, call)
    const { limit = MOST_EVENTS } = input
    const messages = new Messages(call, group)
    const found: { row: LogEventRow; message: string }[] = []
    let after = call.cursor<Position>()
    let looked = 0
    let room = ANSWER_BYTES
    let more = true
    while (more && room > 0 && found.length < limit && looked < MOST_LOOKED_AT) {
      const rows = await readEvents(call.db, { ...range, after }, 'first', MOST_EVENTS)
      more = rows.length > 0
      for (const row of rows) {
        if (found.length === limit || room <= 0) break
        const message = await messages.open(row)
        looked += row.bytes
        after = { at: row.at, seq: row.seq }
        if (!filter.matches(message)) continue
        found.push({ row, message })
        room -= row.bytes
      }
      // Others may be heard in between.
      await setImmediate()
    }
    return {
      events: await shown(found, call),
      searchedLogStreams: [],
      nextToken: call.nextToken(more ? after : undefined),
    }
  },
})

/** `endTime` still counts. */
async function rangeOf(input: FilterLogEventsRequest, group: LogGroupRow, call: Call): Promise<EventRange> {
  const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER - 1, logStreamNames, logStreamNamePrefix } = input
  return {
    groupId: group.id,
    from: Math.max(startTime, keptSince(group, call.now)),
    to: endTime + 1,
    streams: logStreamNames && (await streamIds(call.db, group.id, logStreamNames)),
    streamPrefix: logStreamNamePrefix,
  }
}

/** Events of streams that were deleted are gone, even while they are still there. */
async function shown(
  found: readonly { row: LogEventRow; message: string }[],
  { db }: Call,
): Promise<FilteredLogEvent[]> {
  const names = await streamNames(db, [...new Set(found.map(({ row }) => row.stream_id))])
  return found.flatMap(({ row, message }) => {
    const logStreamName = names.get(row.stream_id)
    if (logStreamName === undefined) return []
    return [{ logStreamName, timestamp: row.at, message, ingestionTime: row.ingested_at, eventId: eventId(row) }]
  })
}

/** 56 digits, as AWS's are. */
function eventId({ at, seq }: Position): string {
  return `${String(at).padStart(20, '3')}${String(seq).padStart(36, '0')}`
}
