import { findAccount } from '../account-store.ts'
import { nameOrCaller } from '../caller.ts'
import { noSuchLoginProfile, notAUser, wrongPassword } from '../errors.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { findLoginProfile } from '../login-profile-store.ts'
import { changePassword, checkNextPassword, checkPassword } from '../sign-in.ts'

/** Users change their own password, and no other. */
export const ChangePassword = iam.open('ChangePassword', {
  access: (_input, call) =>
    call.principal.kind === 'root'
      ? { action: 'iam:ChangePassword', resources: [call.principal.arn] }
      : onHolder(call, 'iam:ChangePassword', 'user', nameOrCaller(call, undefined)),

  async handle(input, call) {
    const { principal } = call
    if (principal.kind !== 'user') throw notAUser()
    const [{ passwordPolicy }, known] = await call.read((reader) =>
      Promise.all([findAccount(reader, principal.account), findLoginProfile(reader, principal.userId)]),
    )
    if (!known) throw noSuchLoginProfile(principal.name)
    const profile = await checkPassword(call, call.now, principal.userId, input.OldPassword)
    if (!profile) throw wrongPassword()
    await checkNextPassword(profile, passwordPolicy, input.NewPassword)
    if (!(await changePassword(call, call.now, profile, input.NewPassword))) throw wrongPassword()
    return {}
  },
})
