import { instantOf } from '#kernel/audit-record.ts'
import { isOf, toFoundRecord } from '../found-record.ts'
import { search } from '../lookup.ts'
import { toFilter } from '../record-filter.ts'
import { steward } from '../steward.ts'

const PAGE = 50

/**
 * Our own operation: records of calls by any number of filters and words, the newest first, over everything that is kept (CON-07). An
 * answer takes about a second, so it may hold fewer records than asked for, or none, and a token to go on.
 */
export const SearchAuditRecords = steward.open('SearchAuditRecords', {
  access: () => ({ action: 'cloudtrail:LookupEvents', resources: ['*'] }),

  async handle({ MaxResults = PAGE, ...input }, call) {
    await call.audit.flush()
    const { matches, ...filter } = toFilter(input)
    const wanted = {
      ...filter,
      limit: MaxResults,
      isVisible: (record: Parameters<typeof matches>[0]) => isOf(call.scope, record) && matches(record),
    }
    const { records, next } = await search(call.read, wanted, call.cursor<string>())
    const back = next === undefined ? undefined : instantOf(next)
    return {
      Records: records.map(toFoundRecord),
      SearchedBackTo: back === undefined ? undefined : new Date(back),
      NextToken: call.nextToken(next),
    }
  },
})
