import type { Access, Call, WriteCall } from '#kernel/declare.ts'
import { setBoundary } from '../attachment-store.ts'
import { type HolderKind, mustBeModifiable, mustFindHolder, onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { mustBeAttachable } from '../policy-access.ts'

export const PutUserPermissionsBoundary = iam.write('PutUserPermissionsBoundary', {
  access: ({ UserName, PermissionsBoundary }, call) =>
    onBoundary(call, 'iam:PutUserPermissionsBoundary', 'user', UserName, PermissionsBoundary),
  handle: ({ UserName, PermissionsBoundary }, call) => put(call, 'user', UserName, PermissionsBoundary),
})

export const PutRolePermissionsBoundary = iam.write('PutRolePermissionsBoundary', {
  access: ({ RoleName, PermissionsBoundary }, call) =>
    onBoundary(call, 'iam:PutRolePermissionsBoundary', 'role', RoleName, PermissionsBoundary),
  handle: ({ RoleName, PermissionsBoundary }, call) => put(call, 'role', RoleName, PermissionsBoundary),
})

/** Here the condition key is the boundary that is to be. */
function onBoundary(call: Call, action: string, kind: HolderKind, name: string, boundary: string): Promise<Access> {
  return onHolder(call, action, kind, name, { 'iam:PermissionsBoundary': boundary })
}

async function put(call: WriteCall, kind: HolderKind, name: string, policyArn: string): Promise<Record<string, never>> {
  const holder = await mustFindHolder(call, kind, name)
  mustBeModifiable(holder)
  await mustBeAttachable(call, policyArn)
  await setBoundary(call.db, call.scope.account, kind, holder, policyArn)
  return {}
}
