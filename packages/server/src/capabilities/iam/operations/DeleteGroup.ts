import { attachedPolicies, inlinePolicies } from '../attachment-store.ts'
import { deleteConflict } from '../errors.ts'
import { membersOf, mustFindGroup, removeGroup } from '../group-store.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'

export const DeleteGroup = iam.write('DeleteGroup', {
  access: (input, call) => onHolder(call, 'iam:DeleteGroup', 'group', input.GroupName),

  async handle(input, call) {
    const group = await mustFindGroup(call.db, call.scope.account, input.GroupName)
    if ((await membersOf(call.db, group)).length > 0) {
      throw deleteConflict('Cannot delete entity, must remove users from group first.')
    }
    if ((await attachedPolicies(call.db, group)).length > 0) {
      throw deleteConflict('Cannot delete entity, must detach all policies first.')
    }
    if ((await inlinePolicies(call.db, group)).length > 0) {
      throw deleteConflict('Cannot delete entity, must delete policies first.')
    }
    await removeGroup(call.db, group)
    return {}
  },
})
