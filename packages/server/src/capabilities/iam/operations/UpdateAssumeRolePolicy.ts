import { mustBeModifiable, onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { checkedTrust } from '../role.ts'
import { changeRole, mustFindRole } from '../role-store.ts'
import { trustedIds } from '../trust-principals.ts'

export const UpdateAssumeRolePolicy = iam.write('UpdateAssumeRolePolicy', {
  access: ({ RoleName }, call) => onHolder(call, 'iam:UpdateAssumeRolePolicy', 'role', RoleName),

  async handle({ RoleName, PolicyDocument }, call) {
    const role = await mustFindRole(call.db, call.scope.account, RoleName)
    mustBeModifiable(role)
    const ids = await trustedIds(call.db, role.account, checkedTrust(PolicyDocument))
    await changeRole(call.db, role, { trust: { trust: PolicyDocument, trustedIds: ids } })
    return {}
  },
})
