import { nameOrCaller } from '../caller.ts'
import { noSuchLoginProfile } from '../errors.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { removeLoginProfile } from '../login-profile-store.ts'
import { mustFindUser } from '../user-store.ts'

export const DeleteLoginProfile = iam.write('DeleteLoginProfile', {
  access: (input, call) => onHolder(call, 'iam:DeleteLoginProfile', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    const user = await mustFindUser(call.db, call.scope.account, nameOrCaller(call, input.UserName))
    if (!(await removeLoginProfile(call.db, user.id))) throw noSuchLoginProfile(user.name)
    return {}
  },
})
