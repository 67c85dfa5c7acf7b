import { entityArn } from '../entity.ts'
import { listGroups, toApiGroup } from '../group-store.ts'
import { iam } from '../iam.ts'
import { pageOf } from '../page.ts'
import { byName } from '../user-store.ts'

export const ListGroups = iam.read('ListGroups', {
  access: (input, { scope }) => ({
    action: 'iam:ListGroups',
    resources: [entityArn(scope.account, 'group', input.PathPrefix ?? '/', '')],
  }),

  async handle(input, call) {
    const groups = await listGroups(call.db, call.scope.account, input.PathPrefix)
    const { items, ...page } = pageOf(call, input, groups, byName)
    return { Groups: items.map(toApiGroup), ...page }
  },
})
