import { listResources, wantedByQuery } from '../members.ts'
import { resourceGroups } from '../services.ts'

/** What a group with the query would have in it (RG-07). */
export const SearchResources = resourceGroups.read('SearchResources', {
  access: () => ({ action: 'resource-groups:SearchResources', resources: ['*'] }),

  handle: (input, call) => listResources(call, wantedByQuery(input.ResourceQuery), input.MaxResults),
})
