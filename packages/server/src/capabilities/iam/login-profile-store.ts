import type { LoginProfile as ApiLoginProfile } from '@steward/model/generated/iam.ts'
import type { Selectable } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { FailedAttempts } from './failed-attempts.ts'
import type { LoginProfileTable, UserTables } from './user-tables.ts'

/** The most that a password policy can ask to be remembered. */
const REMEMBERED_PASSWORDS = 24

/** With which a user signs in at the console. */
export interface LoginProfile {
  readonly userId: string
  readonly createdAt: Date
  readonly passwordHash: string
  /** Of the passwords before, the latest first. */
  readonly previousHashes: readonly string[]
  readonly changedAt: Date
  readonly resetRequired: boolean
  readonly attempts: FailedAttempts
}

export async function addLoginProfile(
  tx: Tx,
  profile: { userId: string; passwordHash: string; resetRequired: boolean; at: Date },
): Promise<void> {
  await tables<UserTables>(tx)
    .insertInto('iam_login_profile')
    .values({
      user_id: profile.userId,
      created_at: profile.at.toISOString(),
      password_hash: profile.passwordHash,
      previous_hashes: '[]',
      changed_at: profile.at.toISOString(),
      reset_required: Number(profile.resetRequired),
      failures: 0,
      failed_at: null,
    })
    .execute()
}

export async function findLoginProfile(reader: Reader, userId: string): Promise<LoginProfile | undefined> {
  const row = await tables<UserTables>(reader)
    .selectFrom('iam_login_profile')
    .selectAll()
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row && toLoginProfile(row)
}

/** Those of the users that have one. */
export async function findLoginProfiles(reader: Reader, userIds: readonly string[]): Promise<LoginProfile[]> {
  if (userIds.length === 0) return []
  const rows = await tables<UserTables>(reader)
    .selectFrom('iam_login_profile')
    .selectAll()
    .where('user_id', 'in', userIds)
    .execute()
  return rows.map(toLoginProfile)
}

/** The new password is not counted as failed any more than as used. */
export async function setPassword(tx: Tx, profile: LoginProfile, passwordHash: string, at: Date): Promise<void> {
  const previous = [profile.passwordHash, ...profile.previousHashes].slice(0, REMEMBERED_PASSWORDS)
  await change(tx, profile.userId, {
    password_hash: passwordHash,
    previous_hashes: JSON.stringify(previous),
    changed_at: at.toISOString(),
    failures: 0,
    failed_at: null,
  })
}

export async function setResetRequired(tx: Tx, userId: string, required: boolean): Promise<void> {
  await change(tx, userId, { reset_required: Number(required) })
}

export async function setPasswordAttempts(tx: Tx, userId: string, attempts: FailedAttempts): Promise<void> {
  await change(tx, userId, { failures: attempts.failures, failed_at: attempts.failedAt?.toISOString() ?? null })
}

/** False if the user has none. */
export async function removeLoginProfile(tx: Tx, userId: string): Promise<boolean> {
  const { numDeletedRows } = await tables<UserTables>(tx)
    .deleteFrom('iam_login_profile')
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

export function toApiLoginProfile(
  profile: { createdAt: Date; resetRequired: boolean },
  userName: string,
): ApiLoginProfile {
  return { UserName: userName, CreateDate: profile.createdAt, PasswordResetRequired: profile.resetRequired }
}

async function change(tx: Tx, userId: string, columns: Partial<LoginProfileTable>): Promise<void> {
  await tables<UserTables>(tx).updateTable('iam_login_profile').set(columns).where('user_id', '=', userId).execute()
}

function toLoginProfile(row: Selectable<LoginProfileTable>): LoginProfile {
  return {
    userId: row.user_id,
    createdAt: new Date(row.created_at),
    passwordHash: row.password_hash,
    previousHashes: JSON.parse(row.previous_hashes) as string[],
    changedAt: new Date(row.changed_at),
    resetRequired: row.reset_required === 1,
    attempts: { failures: row.failures, failedAt: row.failed_at === null ? undefined : new Date(row.failed_at) },
  }
}
