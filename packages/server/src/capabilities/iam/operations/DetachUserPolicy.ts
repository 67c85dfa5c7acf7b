import type { WriteCall } from '#kernel/declare.ts'
import { detach } from '../attachment-store.ts'
import { policyNotFound } from '../errors.ts'
import { type HolderKind, mustBeModifiable, mustFindHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { onAttachment } from './AttachUserPolicy.ts'

export const DetachUserPolicy = iam.write('DetachUserPolicy', {
  access: ({ UserName, PolicyArn }, call) => onAttachment(call, 'iam:DetachUserPolicy', 'user', UserName, PolicyArn),
  handle: ({ UserName, PolicyArn }, call) => detachFrom(call, 'user', UserName, PolicyArn),
})

export const DetachGroupPolicy = iam.write('DetachGroupPolicy', {
  access: ({ GroupName, PolicyArn }, call) =>
    onAttachment(call, 'iam:DetachGroupPolicy', 'group', GroupName, PolicyArn),
  handle: ({ GroupName, PolicyArn }, call) => detachFrom(call, 'group', GroupName, PolicyArn),
})

export const DetachRolePolicy = iam.write('DetachRolePolicy', {
  access: ({ RoleName, PolicyArn }, call) => onAttachment(call, 'iam:DetachRolePolicy', 'role', RoleName, PolicyArn),
  handle: ({ RoleName, PolicyArn }, call) => detachFrom(call, 'role', RoleName, PolicyArn),
})

async function detachFrom(
  call: WriteCall,
  kind: HolderKind,
  name: string,
  policyArn: string,
): Promise<Record<string, never>> {
  const holder = await mustFindHolder(call, kind, name)
  mustBeModifiable(holder)
  if (!(await detach(call.db, holder, policyArn))) throw policyNotFound(policyArn)
  return {}
}
