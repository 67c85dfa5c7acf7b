import type { Role as ApiRole, AttachedPermissionsBoundary, Tag } from '@steward/model/generated/iam.ts'
import { parseNewPolicy } from '#iam/policy/parse-policy.ts'
import type { ParsedPolicy } from '#kernel/policy.ts'
import { invalidPrincipal, quotaExceeded } from './errors.ts'
import { encodedDocument, policySize } from './policy.ts'

export interface Role {
  readonly account: string
  /** `AROA…` */
  readonly id: string
  readonly name: string
  readonly path: string
  readonly arn: string
  /** The trust policy: who may assume the role. */
  readonly trust: string
  /** The ids that users and roles had, by ARN, when the trust policy named them. */
  readonly trustedIds: Readonly<Record<string, string>>
  readonly description: string | undefined
  readonly maxSessionSeconds: number
  readonly createdAt: Date
  readonly lastUsed: { readonly at: Date; readonly region: string } | undefined
  readonly tags: readonly Tag[]
}

export const ROLES_PER_ACCOUNT = 1000
export const DEFAULT_SESSION_SECONDS = 3600

const TRUST_POLICY_SIZE = 2048

const SERVICE_PRINCIPAL = /^(?:\*|[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?)$/

/** Throws `MalformedPolicyDocument`, `LimitExceeded`. */
export function checkedTrust(document: string): ParsedPolicy {
  const policy = parseNewPolicy(document, 'trust')
  for (const service of policy.statements.flatMap(({ principals }) => principals?.listed.Service ?? [])) {
    if (!SERVICE_PRINCIPAL.test(service)) throw invalidPrincipal('SERVICE', service)
  }
  if (policySize(document) > TRUST_POLICY_SIZE) throw quotaExceeded('ACLSizePerRole', TRUST_POLICY_SIZE)
  return policy
}

/** Whether roles and policies of this path belong to services, which alone change them. */
export function isServicePath(path: string): boolean {
  return path.startsWith('/aws-service-role/')
}

/** As it is shown to whom made it: how long its sessions may last is in later answers only. */
export function toNewRole(role: Role): ApiRole {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodedDocument(role.trust),
    Description: role.description,
  }
}

/** As lists show a role: without tags, boundary and last use. */
export function toApiRole(role: Role): ApiRole {
  return { ...toNewRole(role), MaxSessionDuration: role.maxSessionSeconds }
}

/** With all that is known of it. */
export function toDetailedRole(role: Role, boundary: string | undefined): ApiRole {
  return {
    ...toApiRole(role),
    PermissionsBoundary: toApiBoundary(boundary),
    Tags: role.tags.length > 0 ? [...role.tags] : undefined,
    RoleLastUsed: role.lastUsed ? { LastUsedDate: role.lastUsed.at, Region: role.lastUsed.region } : {},
  }
}

export function toApiBoundary(policyArn: string | undefined): AttachedPermissionsBoundary | undefined {
  // AWS's model has `PermissionsBoundaryPolicy` alone; its answers and examples have this.
  return policyArn === undefined ? undefined : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: policyArn }
}
