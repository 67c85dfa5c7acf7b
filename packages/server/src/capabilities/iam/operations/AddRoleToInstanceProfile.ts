import { noSuchEntity, quotaExceeded } from '../errors.ts'
import { mustBeModifiable, onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { onInstanceProfile } from '../instance-profile-access.ts'
import { changeInstanceProfile, mustFindInstanceProfile } from '../instance-profile-store.ts'
import { mustFindRole } from '../role-store.ts'

const ROLES_PER_PROFILE = 1

export const AddRoleToInstanceProfile = iam.write('AddRoleToInstanceProfile', {
  access: async ({ InstanceProfileName, RoleName }, call) => [
    await onInstanceProfile(call, 'iam:AddRoleToInstanceProfile', InstanceProfileName),
    await onHolder(call, 'iam:PassRole', 'role', RoleName, { 'iam:PassedToService': 'ec2.amazonaws.com' }),
  ],

  async handle({ InstanceProfileName, RoleName }, { db, scope }) {
    const profile = await mustFindInstanceProfile(db, scope.account, InstanceProfileName)
    const role = await mustFindRole(db, scope.account, RoleName)
    mustBeModifiable(role)
    if (profile.roleId !== undefined) throw quotaExceeded('InstanceSessionsPerInstanceProfile', ROLES_PER_PROFILE)
    await changeInstanceProfile(db, profile, { roleId: role.id })
    return {}
  },
})

export const RemoveRoleFromInstanceProfile = iam.write('RemoveRoleFromInstanceProfile', {
  access: ({ InstanceProfileName }, call) =>
    onInstanceProfile(call, 'iam:RemoveRoleFromInstanceProfile', InstanceProfileName),

  async handle({ InstanceProfileName, RoleName }, { db, scope }) {
    const profile = await mustFindInstanceProfile(db, scope.account, InstanceProfileName)
    const role = await mustFindRole(db, scope.account, RoleName)
    if (profile.roleId !== role.id) throw noSuchEntity('role', RoleName)
    await changeInstanceProfile(db, profile, { roleId: null })
    return {}
  },
})
