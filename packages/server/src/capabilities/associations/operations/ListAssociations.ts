import { noResource, ssm } from '#capabilities/ssm.ts'
import { toSummary } from '../association.ts'
import { readFilters } from '../filters.ts'
import { listAssociations, statusCounts } from '../store.ts'

const PAGE = 50

export const ListAssociations = ssm.read('ListAssociations', {
  access: (_, call) => ({ action: 'ssm:ListAssociations', resources: noResource(call.scope) }),

  async handle(input, call) {
    const limit = input.MaxResults ?? PAGE
    const filters = readFilters(input.AssociationFilterList)
    const rows = await listAssociations(call.db, call.scope, filters, call.cursor<string>(), limit + 1)
    const page = rows.slice(0, limit)
    const counts = await statusCounts(
      call.db,
      page.map(({ id }) => id),
    )
    return {
      Associations: page.map((row) => toSummary(row, counts.get(row.id)!)),
      NextToken: call.nextToken(rows.length > limit ? page.at(-1)!.id : undefined),
    }
  },
})
