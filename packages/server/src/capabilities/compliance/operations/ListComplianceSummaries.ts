import { noResource, ssm } from '#capabilities/ssm.ts'
import { summaryFilters } from '../filters.ts'
import { countByType, countsSummary } from '../listing.ts'

const PAGE = 50

/** How many nodes are compliant with each type and how many are not. */
export const ListComplianceSummaries = ssm.read('ListComplianceSummaries', {
  access: (_input, { scope }) => ({ action: 'ssm:ListComplianceSummaries', resources: noResource(scope) }),

  async handle({ Filters, MaxResults = PAGE }, call) {
    const conditions = await summaryFilters(call, Filters)
    const types = await countByType(call.db, call.scope, conditions, call.cursor<string>())
    const page = types.slice(0, MaxResults)
    return {
      ComplianceSummaryItems: page.map(({ type, counts }) => ({ ComplianceType: type, ...countsSummary(counts) })),
      NextToken: call.nextToken(types.length > MaxResults ? page.at(-1)?.type : undefined),
    }
  },
})
