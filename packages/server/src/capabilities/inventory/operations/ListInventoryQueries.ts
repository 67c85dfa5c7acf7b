import { savedQueries } from '../saved-query-store.ts'
import { steward } from '../steward.ts'

const PAGE = 100

/** Our own operation: the queries that people saved, by name. What they find is asked for with `QueryInventory`. */
export const ListInventoryQueries = steward.read('ListInventoryQueries', {
  access: () => ({ action: 'steward:ListInventoryQueries', resources: ['*'] }),

  async handle({ MaxResults: limit = PAGE }, call) {
    const found = await savedQueries(call.db, call.scope, call.cursor<string>() ?? '', limit + 1)
    const page = found.slice(0, limit)
    return {
      Queries: page.map(({ name, query, saved_by, saved_at }) => ({
        Name: name,
        Query: query,
        SavedBy: saved_by,
        SavedDate: new Date(saved_at),
      })),
      NextToken: call.nextToken(found.length > limit ? page.at(-1)?.name : undefined),
    }
  },
})
