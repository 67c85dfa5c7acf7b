import { entityArn } from '../entity.ts'
import { findGroup, mustFindGroup, renameGroup } from '../group-store.ts'
import { iam } from '../iam.ts'

/** Members and policies hang on the group's id, so they stay. */
export const UpdateGroup = iam.write('UpdateGroup', {
  /** The caller must be allowed to change what the group is and what it becomes. */
  async access(input, call) {
    const { account } = call.scope
    const { name, path } = (await findGroup(call.db, account, input.GroupName)) ?? { name: input.GroupName, path: '/' }
    const before = entityArn(account, 'group', path, name)
    const after = entityArn(account, 'group', input.NewPath ?? path, input.NewGroupName ?? name)
    return { action: 'iam:UpdateGroup', resources: [...new Set([before, after])] }
  },

  async handle(input, call) {
    const group = await mustFindGroup(call.db, call.scope.account, input.GroupName)
    await renameGroup(call.db, group, input.NewGroupName ?? group.name, input.NewPath ?? group.path)
    return {}
  },
})
