import type { Call } from '#kernel/declare.ts'
import { type AccessKey, findAccessKey, removeAccessKey, setAccessKeyStatus } from '../access-key-store.ts'
import { nameOrCaller } from '../caller.ts'
import { invalidInput, noSuchAccessKey } from '../errors.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { mustFindUser } from '../user-store.ts'

export const UpdateAccessKey = iam.write('UpdateAccessKey', {
  access: (input, call) => onHolder(call, 'iam:UpdateAccessKey', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    if (input.Status === 'Expired') throw invalidInput('A key is set Active or Inactive; it cannot be made to expire.')
    await setAccessKeyStatus(call.db, await keyOf(call, input), input.Status)
    return {}
  },
})

export const DeleteAccessKey = iam.write('DeleteAccessKey', {
  access: (input, call) => onHolder(call, 'iam:DeleteAccessKey', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    await removeAccessKey(call.db, await keyOf(call, input))
    return {}
  },
})

/** The user's key. That of another user is as unknown as one that does not exist. */
async function keyOf(call: Call, input: { UserName?: string | undefined; AccessKeyId: string }): Promise<AccessKey> {
  const user = await mustFindUser(call.db, call.scope.account, nameOrCaller(call, input.UserName))
  const key = await findAccessKey(call.db, input.AccessKeyId)
  if (key?.userId !== user.id) throw noSuchAccessKey(input.AccessKeyId)
  return key
}
