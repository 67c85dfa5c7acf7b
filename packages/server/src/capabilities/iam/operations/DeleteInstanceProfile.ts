import { deleteConflict } from '../errors.ts'
import { iam } from '../iam.ts'
import { onInstanceProfile } from '../instance-profile-access.ts'
import { mustFindInstanceProfile, removeInstanceProfile } from '../instance-profile-store.ts'

export const DeleteInstanceProfile = iam.write('DeleteInstanceProfile', {
  access: ({ InstanceProfileName }, call) => onInstanceProfile(call, 'iam:DeleteInstanceProfile', InstanceProfileName),

  async handle({ InstanceProfileName }, { db, scope }) {
    const profile = await mustFindInstanceProfile(db, scope.account, InstanceProfileName)
    if (profile.roleId !== undefined) {
      throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
    }
    await removeInstanceProfile(db, profile)
    return {}
  },
})
