import { boundaryOf } from '../attachment-store.ts'
import { mustBeModifiable, onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { toDetailedRole } from '../role.ts'
import { changeRole, mustFindRole } from '../role-store.ts'

export const UpdateRole = iam.write('UpdateRole', {
  access: ({ RoleName }, call) => onHolder(call, 'iam:UpdateRole', 'role', RoleName),

  async handle({ RoleName, Description, MaxSessionDuration }, call) {
    const role = await mustFindRole(call.db, call.scope.account, RoleName)
    // What a role that belongs to a service is for, anybody may say in other words.
    if (MaxSessionDuration !== undefined) mustBeModifiable(role)
    const maxSessionSeconds = MaxSessionDuration ?? role.maxSessionSeconds
    await changeRole(call.db, role, {
      maxSessionSeconds,
      ...(Description !== undefined && { description: Description }),
    })
    return {}
  },
})

/** The older one of the two, which answers the role. */
export const UpdateRoleDescription = iam.write('UpdateRoleDescription', {
  access: ({ RoleName }, call) => onHolder(call, 'iam:UpdateRoleDescription', 'role', RoleName),

  async handle({ RoleName, Description }, call) {
    const role = await mustFindRole(call.db, call.scope.account, RoleName)
    await changeRole(call.db, role, { description: Description })
    return { Role: toDetailedRole({ ...role, description: Description }, await boundaryOf(call.db, role)) }
  },
})
