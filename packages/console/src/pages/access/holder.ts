/** Whoever has policies: users, groups and roles. IAM has the same calls for each, under other names. */
import {
  type AttachedPolicy,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DeleteGroupPolicyCommand,
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetGroupPolicyCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { iam } from '#api/clients/iam.ts'
import { allPages } from '#api/queries.ts'

export type HolderKind = 'user' | 'group' | 'role'

export interface Holder {
  readonly kind: HolderKind
  readonly name: string
}

/** The user or role that a caller's ARN speaks of; undefined: the root. */
export function holderOf(arn: string): Holder | undefined {
  const user = /^arn:aws:iam::\d+:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1]
  if (user) return { kind: 'user', name: user }
  const role = /^arn:aws:sts::\d+:assumed-role\/([^/]+)\//.exec(arn)?.[1]
  return role ? { kind: 'role', name: role } : undefined
}

/** Within the console. */
export function holderPath({ kind, name }: Holder): string {
  return `/access/${kind}?${new URLSearchParams({ name })}`
}

export function attachedPolicies({ kind, name }: Holder): Promise<AttachedPolicy[]> {
  return allPages(async (Marker) => {
    const answer =
      kind === 'user'
        ? await iam().send(new ListAttachedUserPoliciesCommand({ UserName: name, Marker }))
        : kind === 'group'
          ? await iam().send(new ListAttachedGroupPoliciesCommand({ GroupName: name, Marker }))
          : await iam().send(new ListAttachedRolePoliciesCommand({ RoleName: name, Marker }))
    return { items: answer.AttachedPolicies ?? [], next: answer.Marker }
  })
}

export function inlinePolicyNames({ kind, name }: Holder): Promise<string[]> {
  return allPages(async (Marker) => {
    const answer =
      kind === 'user'
        ? await iam().send(new ListUserPoliciesCommand({ UserName: name, Marker }))
        : kind === 'group'
          ? await iam().send(new ListGroupPoliciesCommand({ GroupName: name, Marker }))
          : await iam().send(new ListRolePoliciesCommand({ RoleName: name, Marker }))
    return { items: answer.PolicyNames ?? [], next: answer.Marker }
  })
}

export async function inlinePolicy({ kind, name }: Holder, PolicyName: string): Promise<string> {
  const { PolicyDocument } =
    kind === 'user'
      ? await iam().send(new GetUserPolicyCommand({ UserName: name, PolicyName }))
      : kind === 'group'
        ? await iam().send(new GetGroupPolicyCommand({ GroupName: name, PolicyName }))
        : await iam().send(new GetRolePolicyCommand({ RoleName: name, PolicyName }))
  return decodedDocument(PolicyDocument)
}

export async function putInlinePolicy({ kind, name }: Holder, PolicyName: string, PolicyDocument: string) {
  const policy = { PolicyName, PolicyDocument }
  if (kind === 'user') await iam().send(new PutUserPolicyCommand({ UserName: name, ...policy }))
  else if (kind === 'group') await iam().send(new PutGroupPolicyCommand({ GroupName: name, ...policy }))
  else await iam().send(new PutRolePolicyCommand({ RoleName: name, ...policy }))
}

export async function deleteInlinePolicy({ kind, name }: Holder, PolicyName: string): Promise<void> {
  if (kind === 'user') await iam().send(new DeleteUserPolicyCommand({ UserName: name, PolicyName }))
  else if (kind === 'group') await iam().send(new DeleteGroupPolicyCommand({ GroupName: name, PolicyName }))
  else await iam().send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName }))
}

export async function attach({ kind, name }: Holder, PolicyArn: string): Promise<void> {
  if (kind === 'user') await iam().send(new AttachUserPolicyCommand({ UserName: name, PolicyArn }))
  else if (kind === 'group') await iam().send(new AttachGroupPolicyCommand({ GroupName: name, PolicyArn }))
  else await iam().send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }))
}

export async function detach({ kind, name }: Holder, PolicyArn: string): Promise<void> {
  if (kind === 'user') await iam().send(new DetachUserPolicyCommand({ UserName: name, PolicyArn }))
  else if (kind === 'group') await iam().send(new DetachGroupPolicyCommand({ GroupName: name, PolicyArn }))
  else await iam().send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn }))
}

/** IAM sends documents in the encoding of URLs. */
export function decodedDocument(document: string | undefined): string {
  return decodeURIComponent(document ?? '')
}
