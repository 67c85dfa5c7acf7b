import { attachedPolicies, inlinePolicies, removeBoundary } from '../attachment-store.ts'
import { deleteConflict } from '../errors.ts'
import { mustBeModifiable, onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { listInstanceProfiles } from '../instance-profile-store.ts'
import { mustFindRole, removeRole } from '../role-store.ts'

export const DeleteRole = iam.write('DeleteRole', {
  access: ({ RoleName }, call) => onHolder(call, 'iam:DeleteRole', 'role', RoleName),

  async handle({ RoleName }, { db, scope, renamePrincipal }) {
    const role = await mustFindRole(db, scope.account, RoleName)
    mustBeModifiable(role)
    if ((await listInstanceProfiles(db, scope.account, { roleId: role.id })).length > 0) {
      throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
    }
    if ((await attachedPolicies(db, role)).length > 0) {
      throw deleteConflict('Cannot delete entity, must detach all policies first.')
    }
    if ((await inlinePolicies(db, role)).length > 0) {
      throw deleteConflict('Cannot delete entity, must delete policies first.')
    }
    await removeBoundary(db, role)
    await removeRole(db, role)
    await renamePrincipal(role.arn, role.id)
    return {}
  },
})
