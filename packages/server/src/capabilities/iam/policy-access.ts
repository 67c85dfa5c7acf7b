import type { Tag } from '@steward/model/generated/iam.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { boundaryOf } from './attachment-store.ts'
import {
  invalidInput,
  notOwnPolicy,
  onlyForServices,
  policyNotAttachable,
  policyNotFound,
  policyVersionNotFound,
  unparsedArn,
} from './errors.ts'
import { findHolder, type HolderKind, onHolder } from './holder.ts'
import { isAwsManaged, type ManagedPolicy, type PolicyVersion, versionNumber } from './policy.ts'
import { findPolicy, policyVersions } from './policy-store.ts'
import { isServicePath } from './role.ts'

/** One action on a managed policy. */
export function onPolicy(action: string, arn: string, context: NonNullable<Access['context']> = {}): Access {
  return { action, resources: [arn], context }
}

/** Throws `NoSuchEntity`, `InvalidInput`. */
export async function mustFindPolicy(call: Call, arn: string): Promise<ManagedPolicy> {
  mustBePolicyArn(arn)
  const policy = await findPolicy(call.db, call.scope.account, arn)
  if (!policy) throw policyNotFound(arn)
  return policy
}

function mustBePolicyArn(arn: string): void {
  if (!/^arn(?::[^:]*){4}:./.test(arn)) throw unparsedArn()
  if (!/^arn:aws:iam::(?:aws|\d{12}):policy\/./.test(arn)) throw invalidInput(`ARN ${arn} is not valid.`)
}

/** A policy that the account may change. AWS's may not be, whoever asks. */
export async function mustFindOwnPolicy(call: Call, arn: string): Promise<ManagedPolicy> {
  if (isAwsManaged(arn)) throw notOwnPolicy(arn)
  return mustFindPolicy(call, arn)
}

/** Answers leave out a list of tags that is empty. */
export function shownTags(tags: readonly Tag[]): { Tags?: Tag[] } {
  return tags.length > 0 ? { Tags: [...tags] } : {}
}

/** Throws `NoSuchEntity`. */
export async function mustFindVersion(call: Call, policy: ManagedPolicy, id: string): Promise<PolicyVersion> {
  const number = versionNumber(id)
  const version = (await policyVersions(call.db, policy)).find((one) => one.number === number)
  if (!version) throw policyVersionNotFound(policy.arn, id)
  return version
}

/** Throws `NoSuchEntity`, `InvalidInput`, `PolicyNotAttachable`. What only a service's own role may have is for nobody else. */
export async function mustBeAttachable(call: Call, policyArn: string): Promise<void> {
  mustBePolicyArn(policyArn)
  const policy = await findPolicy(call.db, call.scope.account, policyArn)
  if (!policy) throw policyNotAttachable(policyArn)
  if (isAwsManaged(policyArn) && isServicePath(policy.path)) throw onlyForServices(policyArn)
}

/** The condition key of a request that makes someone under a boundary. */
export function underBoundary(policyArn: string | undefined): NonNullable<Access['context']> {
  return policyArn ? { 'iam:PermissionsBoundary': policyArn } : {}
}

/** One action that changes what a holder may do. The boundary that the holder has is a condition key of it. */
export async function onPoliciesOf(
  call: Call,
  action: string,
  kind: HolderKind,
  name: string,
  context: NonNullable<Access['context']> = {},
): Promise<Access> {
  const holder = await findHolder(call, kind, name)
  const boundary = holder && (await boundaryOf(call.db, holder))
  return onHolder(call, action, kind, name, { ...(boundary && { 'iam:PermissionsBoundary': boundary }), ...context })
}
