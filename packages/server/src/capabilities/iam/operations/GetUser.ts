import type { User } from '@steward/model/generated/iam.ts'
import type { Call } from '#kernel/declare.ts'
import { beginningOf, findAccount } from '../account-store.ts'
import { boundaryOf } from '../attachment-store.ts'
import { isAboutRoot, nameOrCaller } from '../caller.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { mustFindUser, toDetailedUser } from '../user-store.ts'

export const GetUser = iam.read('GetUser', {
  access: (input, call) =>
    isAboutRoot(input, call)
      ? { action: 'iam:GetUser', resources: [call.principal.arn] }
      : onHolder(call, 'iam:GetUser', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    if (isAboutRoot(input, call)) return { User: await root(call) }
    const user = await mustFindUser(call.db, call.scope.account, nameOrCaller(call, input.UserName))
    return { User: toDetailedUser(user, await boundaryOf(call.db, user)) }
  },
})

/** The owner of the account is none of its users, and shown under the account's alias. */
async function root({ db, principal }: Call): Promise<User> {
  const { account, arn } = principal
  const { alias } = await findAccount(db, account)
  return {
    Path: '/',
    UserName: alias ?? account,
    UserId: account,
    Arn: arn,
    CreateDate: await beginningOf(db, account),
  }
}
