import type { PasswordPolicy } from '@steward/model/generated/iam.ts'
import { findAccount } from '../account-store.ts'
import { nameOrCaller } from '../caller.ts'
import { noSuchLoginProfile, notAUser, passwordUsedBefore, wrongPassword } from '../errors.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { findLoginProfile, type LoginProfile, setPassword, setResetRequired } from '../login-profile-store.ts'
import { hashPassword, isPassword } from '../password-hash.ts'
import { checkNewPassword } from '../password-policy.ts'
import { checkPassword } from '../sign-in.ts'

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
    checkNewPassword(input.NewPassword, passwordPolicy)
    if (await wasUsed(input.NewPassword, profile, passwordPolicy)) throw passwordUsedBefore()
    const passwordHash = await hashPassword(input.NewPassword)
    await call.write(async (tx) => {
      const current = await findLoginProfile(tx, profile.userId)
      // Somebody else changed or removed it meanwhile: the old password is not the current one any more.
      if (current?.passwordHash !== profile.passwordHash) throw wrongPassword()
      await setPassword(tx, current, passwordHash, call.now)
      await setResetRequired(tx, profile.userId, false)
    })
    return {}
  },
})

/** Whether the password is one of the last ones that the policy wants to be different, the current one among them. */
async function wasUsed(password: string, profile: LoginProfile, policy: PasswordPolicy | undefined): Promise<boolean> {
  const last = [profile.passwordHash, ...profile.previousHashes].slice(0, policy?.PasswordReusePrevention ?? 0)
  for (const hash of last) if (await isPassword(password, hash)) return true
  return false
}
