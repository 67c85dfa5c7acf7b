import { notInGroup } from '../errors.ts'
import { addMember, mustFindGroup, removeMember } from '../group-store.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { mustFindUser } from '../user-store.ts'

export const AddUserToGroup = iam.write('AddUserToGroup', {
  access: (input, call) => onHolder(call, 'iam:AddUserToGroup', 'group', input.GroupName),

  async handle(input, call) {
    const group = await mustFindGroup(call.db, call.scope.account, input.GroupName)
    await addMember(call.db, group, await mustFindUser(call.db, call.scope.account, input.UserName))
    return {}
  },
})

export const RemoveUserFromGroup = iam.write('RemoveUserFromGroup', {
  access: (input, call) => onHolder(call, 'iam:RemoveUserFromGroup', 'group', input.GroupName),

  async handle(input, call) {
    const group = await mustFindGroup(call.db, call.scope.account, input.GroupName)
    const user = await mustFindUser(call.db, call.scope.account, input.UserName)
    if (!(await removeMember(call.db, group, user))) throw notInGroup(user.name, group.name)
    return {}
  },
})
