import type { Call } from '#kernel/declare.ts'
import { attachedPolicies } from '../attachment-store.ts'
import { type HolderKind, mustFindHolder, onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { pageOf, sortedBy } from '../page.ts'

export const ListAttachedUserPolicies = iam.read('ListAttachedUserPolicies', {
  access: ({ UserName }, call) => onHolder(call, 'iam:ListAttachedUserPolicies', 'user', UserName),
  handle: (input, call) => list(call, 'user', input.UserName, input),
})

export const ListAttachedGroupPolicies = iam.read('ListAttachedGroupPolicies', {
  access: ({ GroupName }, call) => onHolder(call, 'iam:ListAttachedGroupPolicies', 'group', GroupName),
  handle: (input, call) => list(call, 'group', input.GroupName, input),
})

export const ListAttachedRolePolicies = iam.read('ListAttachedRolePolicies', {
  access: ({ RoleName }, call) => onHolder(call, 'iam:ListAttachedRolePolicies', 'role', RoleName),
  handle: (input, call) => list(call, 'role', input.RoleName, input),
})

interface ListInput {
  PathPrefix?: string | undefined
  MaxItems?: number | undefined
}

async function list(call: Call, kind: HolderKind, holderName: string, input: ListInput) {
  const arns = await attachedPolicies(call.db, await mustFindHolder(call, kind, holderName))
  const wanted = arns.filter((arn) => pathOf(arn).startsWith(input.PathPrefix ?? '/'))
  const { items, ...page } = pageOf(
    call,
    input,
    sortedBy(wanted, (arn) => arn),
    (arn) => arn,
  )
  const AttachedPolicies = items.map((arn) => ({ PolicyName: arn.split('/').at(-1)!, PolicyArn: arn }))
  return { AttachedPolicies, ...page }
}

/** `/team/` of `arn:aws:iam::123456789012:policy/team/name`. */
function pathOf(arn: string): string {
  return arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1)
}
