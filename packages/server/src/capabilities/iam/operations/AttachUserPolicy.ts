import type { Access, Call, WriteCall } from '#kernel/declare.ts'
import { attach, attachedPolicies } from '../attachment-store.ts'
import { quotaExceeded } from '../errors.ts'
import { type HolderKind, mustBeModifiable, mustFindHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { mustBeAttachable, onPoliciesOf } from '../policy-access.ts'

const POLICIES_PER_HOLDER = 10

const QUOTAS: Readonly<Record<HolderKind, string>> = {
  user: 'PoliciesPerUser',
  group: 'PoliciesPerGroup',
  role: 'PoliciesPerRole',
}

export const AttachUserPolicy = iam.write('AttachUserPolicy', {
  access: ({ UserName, PolicyArn }, call) => onAttachment(call, 'iam:AttachUserPolicy', 'user', UserName, PolicyArn),
  handle: ({ UserName, PolicyArn }, call) => attachTo(call, 'user', UserName, PolicyArn),
})

export const AttachGroupPolicy = iam.write('AttachGroupPolicy', {
  access: ({ GroupName, PolicyArn }, call) =>
    onAttachment(call, 'iam:AttachGroupPolicy', 'group', GroupName, PolicyArn),
  handle: ({ GroupName, PolicyArn }, call) => attachTo(call, 'group', GroupName, PolicyArn),
})

export const AttachRolePolicy = iam.write('AttachRolePolicy', {
  access: ({ RoleName, PolicyArn }, call) => onAttachment(call, 'iam:AttachRolePolicy', 'role', RoleName, PolicyArn),
  handle: ({ RoleName, PolicyArn }, call) => attachTo(call, 'role', RoleName, PolicyArn),
})

/** Which policy is attached or detached may be limited with `iam:PolicyARN`. */
export function onAttachment(
  call: Call,
  action: string,
  kind: HolderKind,
  name: string,
  policyArn: string,
): Promise<Access> {
  return onPoliciesOf(call, action, kind, name, { 'iam:PolicyARN': policyArn })
}

async function attachTo(
  call: WriteCall,
  kind: HolderKind,
  name: string,
  policyArn: string,
): Promise<Record<string, never>> {
  const holder = await mustFindHolder(call, kind, name)
  mustBeModifiable(holder)
  await mustBeAttachable(call, policyArn)
  const present = await attachedPolicies(call.db, holder)
  if (present.includes(policyArn)) return {}
  if (present.length >= POLICIES_PER_HOLDER) throw quotaExceeded(QUOTAS[kind], POLICIES_PER_HOLDER)
  await attach(call.db, call.scope.account, kind, holder, policyArn)
  return {}
}
