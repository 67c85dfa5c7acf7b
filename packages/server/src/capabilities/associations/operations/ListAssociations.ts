import { nodeArn } from '#capabilities/nodes/index.ts'
import { noResource, ssm } from '#capabilities/ssm.ts'
import { toSummary } from '../association.ts'
import { readFilters } from '../filters.ts'
import { listAssociations, statusCounts } from '../store.ts'

const PAGE = 50

export const ListAssociations = ssm.read('ListAssociations', {
  // Agents that cannot list what is theirs ask here for it; for more than that a node has no business.
  access: ({ AssociationFilterList: filters = [] }, { scope, principal }) => {
    const nodeId = filters.find(({ key }) => key === 'InstanceId')?.value ?? '*'
    const resources = principal.kind === 'node' ? [nodeArn(scope, nodeId)] : noResource(scope)
    return { action: 'ssm:ListAssociations', resources }
  },

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
