import type { Reader } from '#db/database.ts'
import type { ParsedPolicy } from '#kernel/policy.ts'
import { invalidPrincipal } from './errors.ts'
import type { Role } from './role.ts'
import { findRoleByArn } from './role-store.ts'
import { findUser } from './user-store.ts'

/**
 * The ids of the account's users and roles that a trust policy names, by ARN. They must be there: a name that nobody has would be
 * trust in whoever gets it later. Throws `MalformedPolicyDocument`.
 */
export async function trustedIds(reader: Reader, account: string, trust: ParsedPolicy): Promise<Role['trustedIds']> {
  const ids: Record<string, string> = {}
  for (const { principals } of trust.statements) {
    for (const name of principals?.listed.AWS ?? []) {
      const [, of, kind] = /^arn:aws:iam::(\d{12}):(user|role)\//.exec(name) ?? []
      if (of !== account) continue
      const found = kind === 'role' ? await findRoleByArn(reader, name) : await userByArn(reader, account, name)
      if (!found) throw invalidPrincipal(name)
      ids[name] = found.id
    }
  }
  return ids
}

/**
 * The trust policy with ids in the place of names: whoever is made again under a name that was trusted is somebody else, and is not
 * trusted.
 */
export function trustInForce({ trust, trustedIds }: Role): string {
  return Object.entries(trustedIds).reduce(
    (document, [name, id]) => document.replaceAll(JSON.stringify(name), JSON.stringify(id)),
    trust,
  )
}

async function userByArn(reader: Reader, account: string, arn: string) {
  const user = await findUser(reader, account, arn.split('/').at(-1)!)
  return user?.arn === arn ? user : undefined
}
