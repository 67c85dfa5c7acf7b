import type { LogStream } from '@steward/model/generated/logs.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalid } from '../errors.ts'
import { requireGroup } from '../group-store.ts'
import { logs } from '../logs.ts'
import { groupNamed, groupResource, meantGroup, streamArn } from '../names.ts'
import { sequenceToken } from '../put-events.ts'
import { listStreams, type StreamCursor } from '../stream-store.ts'
import type { LogStreamRow } from '../tables.ts'

const PAGE = 50

export const DescribeLogStreams = logs.read('DescribeLogStreams', {
  access: (input, call) => ({
    action: 'logs:DescribeLogStreams',
    resources: [groupResource(call.scope, meantGroup(input))],
  }),

  async handle(input, call) {
    const { logStreamNamePrefix: prefix, orderBy = 'LogStreamName', descending = false, limit = PAGE } = input
    if (orderBy === 'LastEventTime' && prefix !== undefined)
      throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.')
    const group = await requireGroup(call.db, call.scope, groupNamed(input))
    const query = { groupId: group.id, prefix: prefix ?? '', orderBy, descending }
    const rows = await listStreams(call.db, query, call.cursor<StreamCursor>(), limit + 1)
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    return {
      logStreams: page.map((row) => toLogStream(call.scope, group.name, row)),
      nextToken: call.nextToken(last && [last.last_event_at ?? 0, last.name]),
    }
  },
})

function toLogStream(scope: Scope, group: string, row: LogStreamRow): LogStream {
  return {
    logStreamName: row.name,
    creationTime: row.created_at,
    firstEventTimestamp: row.first_event_at ?? undefined,
    lastEventTimestamp: row.last_event_at ?? undefined,
    lastIngestionTime: row.last_ingested_at ?? undefined,
    uploadSequenceToken: row.last_ingested_at === null ? undefined : sequenceToken(row),
    arn: streamArn(scope, group, row.name),
    // AWS counts them for groups only.
    storedBytes: 0,
  }
}
