import type { Reader } from '#db/database.ts'
import { accessKeysOf } from '../access-key-store.ts'
import { attachedPolicies, inlinePolicies, removeBoundary } from '../attachment-store.ts'
import { deleteConflict } from '../errors.ts'
import { groupsOf } from '../group-store.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { findLoginProfile } from '../login-profile-store.ts'
import { mfaDevicesOf } from '../mfa-device-store.ts'
import { mustFindUser, removeUser, type User } from '../user-store.ts'

export const DeleteUser = iam.write('DeleteUser', {
  access: (input, call) => onHolder(call, 'iam:DeleteUser', 'user', input.UserName),

  async handle(input, call) {
    const user = await mustFindUser(call.db, call.scope.account, input.UserName)
    const belongings = await firstBelonging(call.db, user)
    if (belongings) throw deleteConflict(`Cannot delete entity, must ${belongings} first.`)
    await removeBoundary(call.db, user)
    await removeUser(call.db, user)
    await call.renamePrincipal(user.arn, user.id)
    return {}
  },
})

/** What must be done before the user can go; undefined if nothing. */
async function firstBelonging(reader: Reader, user: User): Promise<string | undefined> {
  if ((await accessKeysOf(reader, user.id)).length > 0) return 'delete access keys'
  if (await findLoginProfile(reader, user.id)) return 'delete login profile'
  if ((await mfaDevicesOf(reader, user.id)).length > 0) return 'delete MFA device'
  if ((await groupsOf(reader, user.id)).length > 0) return 'remove users from group'
  if ((await attachedPolicies(reader, user)).length > 0) return 'detach all policies'
  if ((await inlinePolicies(reader, user)).length > 0) return 'delete policies'
  return undefined
}
