import { findAccount } from '../account-store.ts'
import { noSuchLoginProfile } from '../errors.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { findLoginProfile, setPassword, setResetRequired } from '../login-profile-store.ts'
import { hashPassword } from '../password-hash.ts'
import { checkNewPassword } from '../password-policy.ts'
import { mustFindUser } from '../user-store.ts'

export const UpdateLoginProfile = iam.open('UpdateLoginProfile', {
  access: (input, call) => onHolder(call, 'iam:UpdateLoginProfile', 'user', input.UserName),

  async handle(input, call) {
    const { account } = call.scope
    const { Password: password, PasswordResetRequired: resetRequired } = input
    const { passwordPolicy } = await call.read((reader) => findAccount(reader, account))
    if (password !== undefined) checkNewPassword(password, passwordPolicy)
    const passwordHash = password === undefined ? undefined : await hashPassword(password)
    await call.write(async (tx) => {
      const user = await mustFindUser(tx, account, input.UserName)
      const profile = await findLoginProfile(tx, user.id)
      if (!profile) throw noSuchLoginProfile(user.name)
      if (passwordHash !== undefined) await setPassword(tx, profile, passwordHash, call.now)
      if (resetRequired !== undefined) await setResetRequired(tx, user.id, resetRequired)
    })
    return {}
  },
})
