/** Proofs by a user's password: changing it, and signing in at the console. */
import type { PasswordPolicy } from '@steward/model/generated/iam.ts'
import type { Reader, Tx } from '#db/database.ts'
import { passwordUsedBefore } from './errors.ts'
import { mustWait } from './failed-attempts.ts'
import {
  findLoginProfile,
  type LoginProfile,
  setPassword,
  setPasswordAttempts,
  setResetRequired,
} from './login-profile-store.ts'
import { hashPassword, isPassword } from './password-hash.ts'
import { checkNewPassword } from './password-policy.ts'

/** Reads and writes in transactions of its own, since comparing passwords takes longer than one may be open. */
interface Databases {
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/**
 * The login profile of the user if this is its password. Undefined for a wrong password, one too many wrong ones, no profile and (with
 * `userId` undefined) no user: all take as long, so guessing learns nothing. Wrong ones are counted.
 */
export async function checkPassword(
  { read, write }: Databases,
  now: Date,
  userId: string | undefined,
  password: string,
): Promise<LoginProfile | undefined> {
  const profile = userId === undefined ? undefined : await read((reader) => findLoginProfile(reader, userId))
  const right = await isPassword(password, profile?.passwordHash)
  if (!profile || mustWait(profile.attempts, now)) return undefined
  await write(async (tx) => {
    const failures = right ? 0 : ((await findLoginProfile(tx, profile.userId))?.attempts.failures ?? 0) + 1
    await setPasswordAttempts(tx, profile.userId, { failures, failedAt: right ? undefined : now })
  })
  return right ? profile : undefined
}

/** Throws `PasswordPolicyViolation` unless the user may have this password next. */
export async function checkNextPassword(
  profile: LoginProfile,
  policy: PasswordPolicy | undefined,
  password: string,
): Promise<void> {
  checkNewPassword(password, policy)
  const last = [profile.passwordHash, ...profile.previousHashes].slice(0, policy?.PasswordReusePrevention ?? 0)
  for (const hash of last) if (await isPassword(password, hash)) throw passwordUsedBefore()
}

/** False if somebody else changed or removed the password meanwhile: what was proven with it counts no more. */
export async function changePassword(
  { write }: Pick<Databases, 'write'>,
  now: Date,
  profile: LoginProfile,
  password: string,
): Promise<boolean> {
  const passwordHash = await hashPassword(password)
  return write(async (tx) => {
    const current = await findLoginProfile(tx, profile.userId)
    if (current?.passwordHash !== profile.passwordHash) return false
    await setPassword(tx, current, passwordHash, now)
    await setResetRequired(tx, profile.userId, false)
    return true
  })
}
