import { nameOrCaller } from '../caller.ts'
import { noSuchLoginProfile } from '../errors.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { findLoginProfile, toApiLoginProfile } from '../login-profile-store.ts'
import { mustFindUser } from '../user-store.ts'

export const GetLoginProfile = iam.read('GetLoginProfile', {
  access: (input, call) => onHolder(call, 'iam:GetLoginProfile', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    const user = await mustFindUser(call.db, call.scope.account, nameOrCaller(call, input.UserName))
    const profile = await findLoginProfile(call.db, user.id)
    if (!profile) throw noSuchLoginProfile(user.name)
    return { LoginProfile: toApiLoginProfile(profile, user.name) }
  },
})
