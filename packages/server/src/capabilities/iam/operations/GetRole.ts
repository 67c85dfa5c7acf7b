import { boundaryOf } from '../attachment-store.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { toDetailedRole } from '../role.ts'
import { mustFindRole } from '../role-store.ts'

export const GetRole = iam.read('GetRole', {
  access: ({ RoleName }, call) => onHolder(call, 'iam:GetRole', 'role', RoleName),

  async handle({ RoleName }, call) {
    const role = await mustFindRole(call.db, call.scope.account, RoleName)
    return { Role: toDetailedRole(role, await boundaryOf(call.db, role)) }
  },
})
