/** Proofs by a user's password: changing it, and signing in at the console. */
import type { Reader, Tx } from '#db/database.ts'
import { mustWait } from './failed-attempts.ts'
import { findLoginProfile, type LoginProfile, setPasswordAttempts } from './login-profile-store.ts'
import { isPassword } from './password-hash.ts'
import { notePasswordUse } from './user-store.ts'

/** Reads and writes in transactions of its own, since comparing passwords takes longer than one may be open. */
interface Databases {
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/**
 * The login profile of the user if this is its password. Undefined for a wrong password, one too many wrong ones, no profile and (with
 * `userId` undefined) no user: all take as long, so guessing learns nothing. Wrong ones are counted, a right one is noted as use.
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
    if (right) await notePasswordUse(tx, profile.userId, now)
    const failures = right ? 0 : ((await findLoginProfile(tx, profile.userId))?.attempts.failures ?? 0) + 1
    await setPasswordAttempts(tx, profile.userId, { failures, failedAt: right ? undefined : now })
  })
  return right ? profile : undefined
}
