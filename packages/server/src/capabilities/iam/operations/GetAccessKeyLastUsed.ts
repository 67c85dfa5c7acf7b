import type { AccessKeyLastUsed } from '@steward/model/generated/iam.ts'
import type { Call } from '#kernel/declare.ts'
import { type AccessKey, findAccessKey } from '../access-key-store.ts'
import { entityArn } from '../entity.ts'
import { notYourAccessKey } from '../errors.ts'
import { iam } from '../iam.ts'
import { findUserById, type User } from '../user-store.ts'

export const GetAccessKeyLastUsed = iam.read('GetAccessKeyLastUsed', {
  async access(input, call) {
    const owner = (await ownerOf(call, input.AccessKeyId))?.user
    return {
      action: 'iam:GetAccessKeyLastUsed',
      resources: [owner?.arn ?? entityArn(call.scope.account, 'user', '/', '*')],
    }
  },

  async handle(input, call) {
    const found = await ownerOf(call, input.AccessKeyId)
    if (!found) throw notYourAccessKey(call.principal.arn, input.AccessKeyId)
    return { UserName: found.user.name, AccessKeyLastUsed: toApiLastUsed(found.key) }
  },
})

/** A key of the caller's account and whose it is. */
async function ownerOf({ db, scope }: Call, accessKeyId: string): Promise<{ key: AccessKey; user: User } | undefined> {
  const key = await findAccessKey(db, accessKeyId)
  if (key?.account !== scope.account) return undefined
  const user = await findUserById(db, key.userId)
  return user && { key, user }
}

function toApiLastUsed({ lastUsed }: AccessKey): AccessKeyLastUsed {
  if (!lastUsed) return { ServiceName: 'N/A', Region: 'N/A' }
  return { LastUsedDate: lastUsed.at, ServiceName: lastUsed.service, Region: lastUsed.region }
}
