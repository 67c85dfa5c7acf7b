import { parseNewPolicy } from '#iam/policy/parse-policy.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { inlinePolicies, putInlinePolicy } from '../attachment-store.ts'
import { inlineSizeExceeded } from '../errors.ts'
import { type HolderKind, mustBeModifiable, mustFindHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { policySize } from '../policy.ts'
import { onPoliciesOf } from '../policy-access.ts'

/** How many characters the policies written into one holder may have together, white space left aside. */
const INLINE_SIZE: Readonly<Record<HolderKind, number>> = { user: 2048, group: 5120, role: 10_240 }

export const PutUserPolicy = iam.write('PutUserPolicy', {
  access: ({ UserName }, call) => onPoliciesOf(call, 'iam:PutUserPolicy', 'user', UserName),
  handle: ({ UserName, ...policy }, call) => put(call, 'user', UserName, policy),
})

export const PutGroupPolicy = iam.write('PutGroupPolicy', {
  access: ({ GroupName }, call) => onPoliciesOf(call, 'iam:PutGroupPolicy', 'group', GroupName),
  handle: ({ GroupName, ...policy }, call) => put(call, 'group', GroupName, policy),
})

export const PutRolePolicy = iam.write('PutRolePolicy', {
  access: ({ RoleName }, call) => onPoliciesOf(call, 'iam:PutRolePolicy', 'role', RoleName),
  handle: ({ RoleName, ...policy }, call) => put(call, 'role', RoleName, policy),
})

async function put(
  call: WriteCall,
  kind: HolderKind,
  holderName: string,
  { PolicyName: name, PolicyDocument: document }: { PolicyName: string; PolicyDocument: string },
): Promise<Record<string, never>> {
  const holder = await mustFindHolder(call, kind, holderName)
  mustBeModifiable(holder)
  parseNewPolicy(document)
  const others = (await inlinePolicies(call.db, holder)).filter((policy) => policy.name !== name)
  const size = [...others, { document }].reduce((sum, policy) => sum + policySize(policy.document), 0)
  if (size > INLINE_SIZE[kind]) throw inlineSizeExceeded(INLINE_SIZE[kind], kind, holderName)
  await putInlinePolicy(call.db, call.scope.account, kind, holder, { name, document })
  return {}
}
