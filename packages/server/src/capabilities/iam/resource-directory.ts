/** What decisions must know of the things of IAM: their tags, and the trust policies of roles. */
import type { Tag } from '@steward/model/generated/iam.ts'
import type { Reader } from '#db/database.ts'
import type { ResourceDescription, ResourceDirectory } from '#kernel/declare.ts'
import { findInstanceProfile } from './instance-profile-store.ts'
import { findMfaDevice } from './mfa-device-store.ts'
import { findProvider } from './oidc-provider-store.ts'
import { findPolicy } from './policy-store.ts'
import type { Role } from './role.ts'
import { findRoleByArn } from './role-store.ts'
import { trustInForce } from './trust-principals.ts'
import { findUser } from './user-store.ts'

/** What a trust policy decides on. */
const ASSUMING = /^sts:(?:AssumeRole|TagSession|SetSourceIdentity)/i

export const iamResources: ResourceDirectory = {
  services: ['iam'],
  keepsPolicies: true,
  async describe(reader, arn, action) {
    const kind = /^arn:aws:iam::\d{12}:([a-z-]+)\//.exec(arn)?.[1]
    if (kind === 'role') return describeRole(await findRoleByArn(reader, arn), action)
    const tags = await tagsOf(reader, kind, arn)
    return tags && { tags: pairs(tags) }
  },
}

function describeRole(role: Role | undefined, action: string): ResourceDescription | undefined {
  // Who asks to assume it is told the same as of a role that does not trust it.
  if (!role) return ASSUMING.test(action) ? { tags: {}, policyDecides: true } : undefined
  const tags = pairs(role.tags)
  if (!ASSUMING.test(action)) return { tags }
  const policy = { name: role.name, source: 'resource' as const, policy: trustInForce(role) }
  return { tags, policy, policyDecides: true }
}

async function tagsOf(reader: Reader, kind: string | undefined, arn: string): Promise<readonly Tag[] | undefined> {
  const account = arn.split(':')[4]!
  const name = arn.split('/').at(-1)!
  switch (kind) {
    case 'user':
      return (await findUser(reader, account, name))?.tags
    case 'policy':
      return (await findPolicy(reader, account, arn))?.tags
    case 'instance-profile':
      return (await findInstanceProfile(reader, account, name))?.tags
    case 'oidc-provider':
      return (await findProvider(reader, account, arn))?.tags
    case 'mfa':
      return (await findMfaDevice(reader, account, arn))?.tags
    default:
      return undefined
  }
}

function pairs(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
}
