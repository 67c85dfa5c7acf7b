/** What users and roles may do by the policies that they have, parsed and with their sources. */
import type { Tag } from '@steward/model/generated/iam.ts'
import type { Reader } from '#db/database.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import type { PrincipalPolicies } from '#kernel/declare.ts'
import type { AttachedPolicy } from '#kernel/policy.ts'
import { findAccount } from './account-store.ts'
import { attachedPolicies, boundaryOf, inlinePolicies } from './attachment-store.ts'
import { groupsOf } from './group-store.ts'
import type { HolderKind } from './holder.ts'
import { isAwsManaged } from './policy.ts'
import { defaultDocuments } from './policy-store.ts'
import type { Role } from './role.ts'
import type { User } from './user-store.ts'

/** What a session may add to or take away from. */
export type Permissions = Omit<PrincipalPolicies, 'session'>

export async function permissionsOfUser(reader: Reader, user: User): Promise<Permissions> {
  const groups = await groupsOf(reader, user.id)
  const ofGroups = await Promise.all(groups.map((group) => policiesOf(reader, user.account, 'group', group)))
  const own = await policiesOf(reader, user.account, 'user', user)
  const identity = distinct([...own, ...ofGroups.flat(), ...(await passwordChange(reader, user))])
  return { identity, ...(await boundary(reader, user)), tags: pairs(user.tags) }
}

export async function permissionsOfRole(reader: Reader, role: Role): Promise<Permissions> {
  const identity = await policiesOf(reader, role.account, 'role', role)
  return { identity, ...(await boundary(reader, role)), tags: pairs(role.tags) }
}

/** The policies written into a user, group or role, and those attached to it. */
export async function policiesOf(
  reader: Reader,
  account: string,
  kind: HolderKind,
  { id, name: holder }: { readonly id: string; readonly name: string },
): Promise<AttachedPolicy[]> {
  const inline = await inlinePolicies(reader, { id })
  return [
    ...inline.map(({ name, document }) => ({ name, source: kind, holder, policy: parsePolicy(document) })),
    ...(await managedPolicies(reader, account, await attachedPolicies(reader, { id }))),
  ]
}

/** The managed policies of these ARNs as they are in force; those that are not there are left out. */
export async function managedPolicies(
  reader: Reader,
  account: string,
  arns: readonly string[],
): Promise<AttachedPolicy[]> {
  const documents = await defaultDocuments(reader, account, arns)
  return [...documents].map(([arn, document]) => ({
    name: arn,
    source: isAwsManaged(arn) ? 'aws-managed' : 'user-managed',
    policy: parsePolicy(document),
  }))
}

/** What an account's password policy grants each of its users. */
async function passwordChange(reader: Reader, { account, arn }: User): Promise<AttachedPolicy[]> {
  const { passwordPolicy } = await findAccount(reader, account)
  if (!passwordPolicy?.AllowUsersToChangePassword) return []
  const Statement = { Effect: 'Allow', Action: 'iam:ChangePassword', Resource: arn }
  const policy = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }))
  return [{ name: 'password policy', source: 'user', policy }]
}

async function boundary(reader: Reader, { account, id }: User | Role): Promise<{ boundary?: AttachedPolicy }> {
  const arn = await boundaryOf(reader, { id })
  if (arn === undefined) return {}
  const [found] = await managedPolicies(reader, account, [arn])
  return { boundary: found ?? NOTHING }
}

/** Stands for a boundary whose policy is gone: it allows nothing. */
const NOTHING: AttachedPolicy = {
  name: 'none',
  source: 'user-managed',
  policy: { version: '2012-10-17', id: undefined, statements: [] },
}

/** A managed policy may come both from the user and from groups. */
function distinct(policies: readonly AttachedPolicy[]): AttachedPolicy[] {
  const seen = new Set<string>()
  return policies.filter(({ name }) => {
    if (!name.startsWith('arn:')) return true
    const known = seen.has(name)
    seen.add(name)
    return !known
  })
}

function pairs(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
}
