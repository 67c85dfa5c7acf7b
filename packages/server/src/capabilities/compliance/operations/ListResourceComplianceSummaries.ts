import { noResource, ssm } from '#capabilities/ssm.ts'
import { summaryFilters } from '../filters.ts'
import { listSummaries, type SummaryCursor, toResourceSummary } from '../listing.ts'

const PAGE = 50

/** Each type on each node, with the numbers of its items. */
export const ListResourceComplianceSummaries = ssm.read('ListResourceComplianceSummaries', {
  access: (_input, { scope }) => ({ action: 'ssm:ListResourceComplianceSummaries', resources: noResource(scope) }),

  async handle({ Filters, MaxResults = PAGE }, call) {
    const conditions = await summaryFilters(call, Filters)
    const rows = await listSummaries(call.db, call.scope, conditions, call.cursor<SummaryCursor>(), MaxResults + 1)
    const page = rows.slice(0, MaxResults)
    const last = rows.length > MaxResults ? page.at(-1) : undefined
    return {
      ResourceComplianceSummaryItems: page.map(toResourceSummary),
      NextToken: call.nextToken(last && ({ nodeId: last.node_id, type: last.type } satisfies SummaryCursor)),
    }
  },
})
