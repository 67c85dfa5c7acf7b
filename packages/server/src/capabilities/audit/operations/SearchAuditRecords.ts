import { instantOf } from '#kernel/audit-record.ts'
import { isOf, toFoundRecord } from '../found-record.ts'
import { search } from '../lookup.ts'
import { toFilter } from '../record-filter.ts'
import { steward } from '../steward.ts'

const PAGE = 50

interface Cursor {
  readonly beyond: string
  /** Epoch milliseconds. */
  readonly until: number
}

/**
 * Our own operation: records of calls by any number of filters and words, the newest first or the oldest, over everything that is
 * kept (CON-07). An answer takes about a second, so it may hold fewer records than asked for, or none, and a token to go on.
 */
export const SearchAuditRecords = steward.open('SearchAuditRecords', {
  access: () => ({ action: 'cloudtrail:LookupEvents', resources: ['*'] }),

  async handle({ MaxResults = PAGE, ...input }, call) {
    await call.audit.flush()
    const { matches, ...filter } = toFilter(input)
    const { oldestFirst } = filter
    const cursor = call.cursor<Cursor>()
    // Searching is recorded too: without an end, one would come upon one's own last page for ever.
    const until = oldestFirst ? (cursor?.until ?? call.now.getTime()) : filter.to
    const wanted = {
      ...filter,
      to: Math.min(filter.to, until),
      limit: MaxResults,
      isVisible: (record: Parameters<typeof matches>[0]) => isOf(call.scope, record) && matches(record),
    }
    const { records, next } = await search(call.read, wanted, cursor?.beyond)
    const reached = next === undefined ? undefined : instantOf(next)
    return {
      Records: records.map(toFoundRecord),
      ...(reached !== undefined && { [oldestFirst ? 'SearchedUpTo' : 'SearchedBackTo']: new Date(reached) }),
      NextToken: call.nextToken(next && { beyond: next, until }),
    }
  },
})
