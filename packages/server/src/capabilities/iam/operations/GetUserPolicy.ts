import type { Call } from '#kernel/declare.ts'
import { inlinePolicies } from '../attachment-store.ts'
import { noSuchEntity } from '../errors.ts'
import { type HolderKind, mustFindHolder, onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { encodedDocument } from '../policy.ts'

export const GetUserPolicy = iam.read('GetUserPolicy', {
  access: ({ UserName }, call) => onHolder(call, 'iam:GetUserPolicy', 'user', UserName),
  handle: async (input, call) => ({
    ...input,
    PolicyDocument: await find(call, 'user', input.UserName, input.PolicyName),
  }),
})

export const GetGroupPolicy = iam.read('GetGroupPolicy', {
  access: ({ GroupName }, call) => onHolder(call, 'iam:GetGroupPolicy', 'group', GroupName),
  handle: async (input, call) => ({
    ...input,
    PolicyDocument: await find(call, 'group', input.GroupName, input.PolicyName),
  }),
})

export const GetRolePolicy = iam.read('GetRolePolicy', {
  access: ({ RoleName }, call) => onHolder(call, 'iam:GetRolePolicy', 'role', RoleName),
  handle: async (input, call) => ({
    ...input,
    PolicyDocument: await find(call, 'role', input.RoleName, input.PolicyName),
  }),
})

async function find(call: Call, kind: HolderKind, holderName: string, policyName: string): Promise<string> {
  const holder = await mustFindHolder(call, kind, holderName)
  const policy = (await inlinePolicies(call.db, holder)).find(({ name }) => name === policyName)
  if (!policy) throw noSuchEntity(`${kind} policy`, policyName)
  return encodedDocument(policy.document)
}
