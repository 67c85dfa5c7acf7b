import type { Call } from '#kernel/declare.ts'
import { inlinePolicies } from '../attachment-store.ts'
import { type HolderKind, mustFindHolder, onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { pageOf, sortedBy } from '../page.ts'

export const ListUserPolicies = iam.read('ListUserPolicies', {
  access: ({ UserName }, call) => onHolder(call, 'iam:ListUserPolicies', 'user', UserName),
  handle: (input, call) => list(call, 'user', input.UserName, input),
})

export const ListGroupPolicies = iam.read('ListGroupPolicies', {
  access: ({ GroupName }, call) => onHolder(call, 'iam:ListGroupPolicies', 'group', GroupName),
  handle: (input, call) => list(call, 'group', input.GroupName, input),
})

export const ListRolePolicies = iam.read('ListRolePolicies', {
  access: ({ RoleName }, call) => onHolder(call, 'iam:ListRolePolicies', 'role', RoleName),
  handle: (input, call) => list(call, 'role', input.RoleName, input),
})

async function list(call: Call, kind: HolderKind, holderName: string, input: { MaxItems?: number | undefined }) {
  const policies = await inlinePolicies(call.db, await mustFindHolder(call, kind, holderName))
  const byName = ({ name }: { name: string }) => name
  const { items, ...page } = pageOf(call, input, sortedBy(policies, byName), byName)
  return { PolicyNames: items.map(byName), ...page }
}
