/** The users and roles that policies of resources name by ARN. */
import type { Reader } from '#db/database.ts'
import type { ApiError } from '#kernel/api-error.ts'
import type { ParsedPolicy } from '#kernel/policy.ts'
import { findRoleByArn, findRolesById } from './role-store.ts'
import { findUser, findUsersById } from './user-store.ts'

const USER_OR_ROLE = /^arn:aws:iam::(\d{12}):(user|role)\//

/** The account that a user or role of this ARN belongs to; undefined for what is no ARN of one. */
export function accountOfPrincipal(arn: string): string | undefined {
  return USER_OR_ROLE.exec(arn)?.[1]
}

/** The user or role that has the ARN now, in whatever account. */
export async function findPrincipal(reader: Reader, arn: string): Promise<{ readonly id: string } | undefined> {
  const [, account, kind] = USER_OR_ROLE.exec(arn) ?? []
  if (account === undefined) return undefined
  if (kind === 'role') return findRoleByArn(reader, arn)
  const user = await findUser(reader, account, arn.split('/').at(-1)!)
  return user?.arn === arn ? user : undefined
}

/**
 * Whoever a policy of a resource names must be there: a name that nobody has would be access for whoever gets it later. Throws what
 * the service answers to such a policy.
 */
export async function checkPrincipals(
  reader: Reader,
  { statements }: ParsedPolicy,
  refusal: (principal: string) => ApiError,
): Promise<void> {
  for (const name of statements.flatMap(({ principals }) => principals?.listed.AWS ?? [])) {
    if (!(await isPossiblePrincipal(reader, name))) throw refusal(name)
  }
}

/**
 * Users and roles, by ARN or id, must be there; other ids are of what is no principal, such as groups. Of accounts and sessions nothing
 * is known.
 */
async function isPossiblePrincipal(reader: Reader, name: string): Promise<boolean> {
  if (accountOfPrincipal(name)) return (await findPrincipal(reader, name)) !== undefined
  if (name.startsWith('AIDA')) return (await findUsersById(reader, [name])).length > 0
  if (name.startsWith('AROA')) return (await findRolesById(reader, [name])).length > 0
  return !name.startsWith('A')
}
