import { membersOf, mustFindGroup, toApiGroup } from '../group-store.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { pageOf } from '../page.ts'
import { byName, toApiUser } from '../user-store.ts'

export const GetGroup = iam.read('GetGroup', {
  access: (input, call) => onHolder(call, 'iam:GetGroup', 'group', input.GroupName),

  async handle(input, call) {
    const group = await mustFindGroup(call.db, call.scope.account, input.GroupName)
    const { items, ...page } = pageOf(call, input, await membersOf(call.db, group), byName)
    return { Group: toApiGroup(group), Users: items.map(toApiUser), ...page }
  },
})
