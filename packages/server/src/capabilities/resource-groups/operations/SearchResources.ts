import { listResources, wantedByQuery } from '../members.ts'
import { checkedQuery, queryAccess } from '../queries.ts'
import { resourceGroups } from '../services.ts'

/** What a group with the query would have in it (RG-07). */
export const SearchResources = resourceGroups.read('SearchResources', {
  access: ({ ResourceQuery }, call) => [
    { action: 'resource-groups:SearchResources', resources: ['*'] },
    ...queryAccess(ResourceQuery, call),
  ],

  async handle({ ResourceQuery, MaxResults }, call) {
    checkedQuery(ResourceQuery, call)
    return listResources(call, await wantedByQuery(call, ResourceQuery), MaxResults)
  },
})
