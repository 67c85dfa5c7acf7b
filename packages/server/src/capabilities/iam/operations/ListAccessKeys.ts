import type { AccessKeyMetadata } from '@steward/model/generated/iam.ts'
import type { Call } from '#kernel/declare.ts'
import { accessKeysOf, byAge, toApiAccessKey } from '../access-key-store.ts'
import { beginningOf } from '../account-store.ts'
import { isAboutRoot, nameOrCaller } from '../caller.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { pageOf } from '../page.ts'
import { mustFindUser } from '../user-store.ts'

export const ListAccessKeys = iam.read('ListAccessKeys', {
  access: (input, call) =>
    isAboutRoot(input, call)
      ? { action: 'iam:ListAccessKeys', resources: [call.principal.arn] }
      : onHolder(call, 'iam:ListAccessKeys', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    if (isAboutRoot(input, call)) return { AccessKeyMetadata: await rootKeys(call), IsTruncated: false }
    const user = await mustFindUser(call.db, call.scope.account, nameOrCaller(call, input.UserName))
    const { items, ...page } = pageOf(call, input, await accessKeysOf(call.db, user.id), byAge)
    return { AccessKeyMetadata: items.map((key) => toApiAccessKey(key, user.name)), ...page }
  },
})

/** The root has one key, which is kept outside of the database and belongs to no user. */
async function rootKeys({ db, principal }: Call): Promise<AccessKeyMetadata[]> {
  if (principal.kind !== 'root' || principal.session) return []
  return [
    { AccessKeyId: principal.accessKeyId, Status: 'Active', CreateDate: await beginningOf(db, principal.account) },
  ]
}
