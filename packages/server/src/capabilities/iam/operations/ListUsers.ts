import { entityArn } from '../entity.ts'
import { iam } from '../iam.ts'
import { pageOf } from '../page.ts'
import { byName, listUsers, toApiUser } from '../user-store.ts'

export const ListUsers = iam.read('ListUsers', {
  access: (input, { scope }) => ({
    action: 'iam:ListUsers',
    resources: [entityArn(scope.account, 'user', input.PathPrefix ?? '/', '')],
  }),

  async handle(input, call) {
    const users = await listUsers(call.db, call.scope.account, input.PathPrefix)
    const { items, ...page } = pageOf(call, input, users, byName)
    return { Users: items.map(toApiUser), ...page }
  },
})
