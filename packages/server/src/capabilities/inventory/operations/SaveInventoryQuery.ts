import { ApiError } from '#kernel/api-error.ts'
import { savedQueries, saveQuery } from '../saved-query-store.ts'
import { steward } from '../steward.ts'

const AT_MOST = 500

/** Our own operation: keeps a query under a name, for all who may list them. One of that name is replaced if `Overwrite` says so. */
export const SaveInventoryQuery = steward.write('SaveInventoryQuery', {
  access: () => ({ action: 'steward:SaveInventoryQuery', resources: ['*'] }),

  async handle({ Name: name, Query: query, Overwrite = false }, { db, scope, principal, now }) {
    const names = (await savedQueries(db, scope, '', AT_MOST)).map((saved) => saved.name)
    if (!overwrites(names, name, Overwrite) && names.length >= AT_MOST)
      throw new ApiError('InventoryQueryLimitExceeded', `There are ${AT_MOST} saved queries. Delete one first.`)
    await saveQuery(db, { ...scope, name, query, saved_by: principal.arn, saved_at: now.toISOString() })
    return {}
  },
})

function overwrites(names: readonly string[], name: string, mayOverwrite: boolean): boolean {
  const isThere = names.includes(name)
  if (isThere && !mayOverwrite)
    throw new ApiError('InventoryQueryExists', `There is a saved query ${name} already. Overwrite replaces it.`)
  return isThere
}
