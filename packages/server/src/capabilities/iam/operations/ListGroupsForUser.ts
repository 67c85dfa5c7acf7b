import { groupsOf, toApiGroup } from '../group-store.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { pageOf } from '../page.ts'
import { byName, mustFindUser } from '../user-store.ts'

export const ListGroupsForUser = iam.read('ListGroupsForUser', {
  access: (input, call) => onHolder(call, 'iam:ListGroupsForUser', 'user', input.UserName),

  async handle(input, call) {
    const user = await mustFindUser(call.db, call.scope.account, input.UserName)
    const { items, ...page } = pageOf(call, input, await groupsOf(call.db, user.id), byName)
    return { Groups: items.map(toApiGroup), ...page }
  },
})
