import type { Access, Call } from '#kernel/declare.ts'
import { entityArn } from './entity.ts'
import { userNameNeeded } from './errors.ts'
import { findGroup } from './group-store.ts'
import { findUser } from './user-store.ts'

/** One action on the user of that name; on the name alone while there is no such user. */
export async function onUser(call: Call, action: string, name: string): Promise<Access> {
  const user = await findUser(call.db, call.scope.account, name)
  return { action, resources: [user?.arn ?? entityArn(call.scope.account, 'user', '/', name)] }
}

/** One action on the group of that name. */
export async function onGroup(call: Call, action: string, name: string): Promise<Access> {
  const group = await findGroup(call.db, call.scope.account, name)
  return { action, resources: [group?.arn ?? entityArn(call.scope.account, 'group', '/', name)] }
}

/** The name that an operation is about which is about its caller unless it names somebody. */
export function nameOrCaller({ principal }: Pick<Call, 'principal'>, name: string | undefined): string {
  if (name !== undefined) return name
  if (principal.kind !== 'user') throw userNameNeeded()
  return principal.name
}
