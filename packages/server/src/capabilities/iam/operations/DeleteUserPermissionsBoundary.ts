import type { WriteCall } from '#kernel/declare.ts'
import { removeBoundary } from '../attachment-store.ts'
import { noBoundary } from '../errors.ts'
import { type HolderKind, mustBeModifiable, mustFindHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { onPoliciesOf } from '../policy-access.ts'

export const DeleteUserPermissionsBoundary = iam.write('DeleteUserPermissionsBoundary', {
  access: ({ UserName }, call) => onPoliciesOf(call, 'iam:DeleteUserPermissionsBoundary', 'user', UserName),
  handle: ({ UserName }, call) => remove(call, 'user', UserName),
})

export const DeleteRolePermissionsBoundary = iam.write('DeleteRolePermissionsBoundary', {
  access: ({ RoleName }, call) => onPoliciesOf(call, 'iam:DeleteRolePermissionsBoundary', 'role', RoleName),
  handle: ({ RoleName }, call) => remove(call, 'role', RoleName),
})

async function remove(call: WriteCall, kind: HolderKind, name: string): Promise<Record<string, never>> {
  const holder = await mustFindHolder(call, kind, name)
  mustBeModifiable(holder)
  if (!(await removeBoundary(call.db, holder))) throw noBoundary(kind, name)
  return {}
}
