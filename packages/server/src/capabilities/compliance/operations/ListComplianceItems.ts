import { noResource, ssm } from '#capabilities/ssm.ts'
import { invalidResourceId, invalidResourceType, oneResourceAtATime } from '../errors.ts'
import { itemFilters } from '../filters.ts'
import { type ItemCursor, itemCursor, listItems, toItem } from '../listing.ts'

const PAGE = 50
const NODE_ID = /^(?:mi|i)-[0-9a-f]{8,17}$/

/** Items of one node; of all nodes if none is named. A node that is gone has none. */
export const ListComplianceItems = ssm.read('ListComplianceItems', {
  access: (_input, { scope }) => ({ action: 'ssm:ListComplianceItems', resources: noResource(scope) }),

  async handle({ ResourceIds = [], ResourceTypes = [], Filters, MaxResults = PAGE }, call) {
    if (ResourceIds.length > 1) throw oneResourceAtATime('resourceIds', ResourceIds)
    if (ResourceTypes.length > 1) throw oneResourceAtATime('resourceTypes', ResourceTypes)
    if (ResourceTypes.some((type) => type !== 'ManagedInstance')) throw invalidResourceType()
    if (ResourceIds.some((id) => !NODE_ID.test(id))) throw invalidResourceId()
    const filters = itemFilters(Filters)
    const rows = await listItems(
      call.db,
      call.scope,
      { ...filters, nodeId: ResourceIds[0] },
      call.cursor<ItemCursor>(),
      MaxResults + 1,
    )
    const page = rows.slice(0, MaxResults)
    return {
      ComplianceItems: page.map(toItem),
      NextToken: call.nextToken(rows.length > MaxResults ? itemCursor(page.at(-1)!) : undefined),
    }
  },
})
