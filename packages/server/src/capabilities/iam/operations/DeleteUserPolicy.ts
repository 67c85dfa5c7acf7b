import type { WriteCall } from '#kernel/declare.ts'
import { deleteInlinePolicy } from '../attachment-store.ts'
import { noSuchEntity } from '../errors.ts'
import { type HolderKind, mustBeModifiable, mustFindHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { onPoliciesOf } from '../policy-access.ts'

export const DeleteUserPolicy = iam.write('DeleteUserPolicy', {
  access: ({ UserName }, call) => onPoliciesOf(call, 'iam:DeleteUserPolicy', 'user', UserName),
  handle: ({ UserName, PolicyName }, call) => remove(call, 'user', UserName, PolicyName),
})

export const DeleteGroupPolicy = iam.write('DeleteGroupPolicy', {
  access: ({ GroupName }, call) => onPoliciesOf(call, 'iam:DeleteGroupPolicy', 'group', GroupName),
  handle: ({ GroupName, PolicyName }, call) => remove(call, 'group', GroupName, PolicyName),
})

export const DeleteRolePolicy = iam.write('DeleteRolePolicy', {
  access: ({ RoleName }, call) => onPoliciesOf(call, 'iam:DeleteRolePolicy', 'role', RoleName),
  handle: ({ RoleName, PolicyName }, call) => remove(call, 'role', RoleName, PolicyName),
})

async function remove(
  call: WriteCall,
  kind: HolderKind,
  holderName: string,
  policyName: string,
): Promise<Record<string, never>> {
  const holder = await mustFindHolder(call, kind, holderName)
  mustBeModifiable(holder)
  if (!(await deleteInlinePolicy(call.db, holder, policyName))) throw noSuchEntity(`${kind} policy`, policyName)
  return {}
}
