import type { Reader } from '#db/database.ts'
import type { ParsedPolicy } from '#kernel/policy.ts'
import { invalidPrincipal } from './errors.ts'
import { findRoleByArn } from './role-store.ts'
import { findUser } from './user-store.ts'

/**
 * Users and roles of the account that a trust policy names must be there: a name that nobody has would be trust in whoever gets
 * it later. Throws `MalformedPolicyDocument`.
 */
export async function principalsMustExist(reader: Reader, account: string, trust: ParsedPolicy): Promise<void> {
  for (const { principals } of trust.statements) {
    for (const name of principals?.listed.AWS ?? []) {
      if (!(await isThere(reader, account, name))) throw invalidPrincipal(name)
    }
  }
}

/** True for everything that is not a user or role of this account. */
async function isThere(reader: Reader, account: string, principal: string): Promise<boolean> {
  const [, of, kind] = /^arn:aws:iam::(\d{12}):(user|role)\//.exec(principal) ?? []
  if (of !== account) return true
  if (kind === 'role') return (await findRoleByArn(reader, principal)) !== undefined
  const user = await findUser(reader, account, principal.split('/').at(-1)!)
  return user?.arn === principal
}
