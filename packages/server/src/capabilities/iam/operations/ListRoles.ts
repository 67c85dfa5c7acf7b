import { nameKey } from '../entity.ts'
import { iam } from '../iam.ts'
import { pageOf } from '../page.ts'
import { toApiRole } from '../role.ts'
import { listRoles } from '../role-store.ts'

export const ListRoles = iam.read('ListRoles', {
  access: () => ({ action: 'iam:ListRoles', resources: ['*'] }),

  async handle(input, call) {
    const roles = await listRoles(call.db, call.scope.account, input.PathPrefix)
    const { items, ...page } = pageOf(call, input, roles, ({ name }) => nameKey(name))
    return { Roles: items.map(toApiRole), ...page }
  },
})
