import { findAccount } from '../account-store.ts'
import { nameOrCaller } from '../caller.ts'
import { loginProfileExists, passwordViolates } from '../errors.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { addLoginProfile, findLoginProfile, toApiLoginProfile } from '../login-profile-store.ts'
import { hashPassword } from '../password-hash.ts'
import { checkNewPassword } from '../password-policy.ts'
import { mustFindUser } from '../user-store.ts'

export const CreateLoginProfile = iam.open('CreateLoginProfile', {
  access: (input, call) => onHolder(call, 'iam:CreateLoginProfile', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    const { account } = call.scope
    const { Password: password, PasswordResetRequired: resetRequired = false } = input
    const name = nameOrCaller(call, input.UserName)
    if (password === undefined) throw passwordViolates('A login profile needs a password.')
    await call.read(async (reader) => {
      await mustFindUser(reader, account, name)
      checkNewPassword(password, (await findAccount(reader, account)).passwordPolicy)
    })
    const passwordHash = await hashPassword(password)
    await call.write(async (tx) => {
      const user = await mustFindUser(tx, account, name)
      if (await findLoginProfile(tx, user.id)) throw loginProfileExists(name)
      await addLoginProfile(tx, { userId: user.id, passwordHash, resetRequired, at: call.now })
    })
    return { LoginProfile: toApiLoginProfile({ createdAt: call.now, resetRequired }, name) }
  },
})
