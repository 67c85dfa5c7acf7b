import type { Call } from '#kernel/declare.ts'
import { invalidInput, noSuchPrincipal } from './errors.ts'
import { findGroup } from './group-store.ts'
import { permissionsOfRole, permissionsOfUser, policiesOf } from './permissions.ts'
import { findRoleByArn } from './role-store.ts'
import type { Simulated } from './simulation.ts'
import { findUser } from './user-store.ts'

/** What is known of the user, group or role of that ARN. Throws `NoSuchEntity`, `InvalidInput`. */
export async function simulatedPrincipal({ db, scope }: Call, arn: string): Promise<Simulated> {
  const [, kind, path] = /^arn:aws:iam::\d{12}:(user|group|role)(\/.+)$/.exec(arn) ?? []
  const name = path?.split('/').at(-1)
  if (kind === undefined || !name)
    throw invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`)
  if (kind === 'role') {
    const role = await findRoleByArn(db, arn)
    if (!role) throw noSuchPrincipal()
    return known(arn, await permissionsOfRole(db, role), { 'aws:userid': role.id })
  }
  if (kind === 'user') {
    const user = await findUser(db, scope.account, name)
    if (user?.arn !== arn) throw noSuchPrincipal()
    return known(arn, await permissionsOfUser(db, user), { 'aws:username': name, 'aws:userid': user.id })
  }
  const group = await findGroup(db, scope.account, name)
  if (group?.arn !== arn) throw noSuchPrincipal()
  const identity = await policiesOf(db, scope.account, 'group', group)
  // A group is nobody: no resource's policy can name it.
  return { arn: undefined, identity, boundary: undefined, keys: {} }
}

function known(
  arn: string,
  { identity, boundary, tags }: Awaited<ReturnType<typeof permissionsOfUser>>,
  keys: Simulated['keys'],
): Simulated {
  const byTags = Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]))
  const account = arn.split(':')[4]!
  return {
    arn,
    identity,
    boundary: boundary && [boundary],
    keys: { ...byTags, ...keys, 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': account },
  }
}
