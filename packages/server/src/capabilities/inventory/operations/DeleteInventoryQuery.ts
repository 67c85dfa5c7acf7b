import { ApiError } from '#kernel/api-error.ts'
import { removeQuery } from '../saved-query-store.ts'
import { steward } from '../steward.ts'

/** Our own operation: forgets a saved query. */
export const DeleteInventoryQuery = steward.write('DeleteInventoryQuery', {
  access: () => ({ action: 'steward:DeleteInventoryQuery', resources: ['*'] }),

  async handle({ Name }, { db, scope }) {
    if (!(await removeQuery(db, scope, Name)))
      throw new ApiError('InventoryQueryNotFound', `There is no saved query ${Name}.`)
    return {}
  },
})
