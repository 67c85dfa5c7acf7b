import type { Access, Call } from '#kernel/declare.ts'
import { entityArn } from './entity.ts'
import { findInstanceProfile } from './instance-profile-store.ts'

/** One action on the instance profile of that name; on the name alone while there is none. */
export async function onInstanceProfile(
  call: Call,
  action: string,
  name: string,
  context: NonNullable<Access['context']> = {},
): Promise<Access> {
  const { account } = call.scope
  const profile = await findInstanceProfile(call.db, account, name)
  return { action, resources: [profile?.arn ?? entityArn(account, 'instance-profile', '/', name)], context }
}
