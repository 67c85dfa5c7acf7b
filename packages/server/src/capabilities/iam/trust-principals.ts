import type { Reader } from '#db/database.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import type { ParsedPolicy, Statement } from '#kernel/policy.ts'
import { invalidPrincipal } from './errors.ts'
import { accountOfPrincipal, findPrincipal } from './principal-lookup.ts'
import type { Role } from './role.ts'

/**
 * The ids of the users and roles that a trust policy names, by ARN. Those of the account must be there: a name that nobody has would
 * be trust in whoever gets it later. Throws `MalformedPolicyDocument`.
 */
export async function trustedIds(reader: Reader, account: string, trust: ParsedPolicy): Promise<Role['trustedIds']> {
  const ids: Record<string, string> = {}
  for (const { principals } of trust.statements) {
    for (const name of principals?.listed.AWS ?? []) {
      const of = accountOfPrincipal(name)
      const found = of && (await findPrincipal(reader, name))
      if (found) ids[name] = found.id
      else if (of === account) throw invalidPrincipal('AWS', name)
    }
  }
  return ids
}

/**
 * The trust policy with ids in the place of names: whoever is made again under a name that was trusted is somebody else, and is not
 * trusted. Only who is trusted is an id; conditions go on comparing ARNs.
 */
export function trustInForce({ trust, trustedIds }: Role): ParsedPolicy {
  const policy = parsePolicy(trust, 'trust')
  return { ...policy, statements: policy.statements.map((statement) => byIds(statement, trustedIds)) }
}

function byIds(statement: Statement, ids: Role['trustedIds']): Statement {
  const { principals } = statement
  if (!principals?.listed.AWS) return statement
  const AWS = principals.listed.AWS.map((name) => ids[name] ?? name)
  return { ...statement, principals: { ...principals, listed: { ...principals.listed, AWS } } }
}
