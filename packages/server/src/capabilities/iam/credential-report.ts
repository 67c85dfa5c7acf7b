/** The credential report: one line of CSV for the root and each user, with AWS's columns and words. */
import type { PasswordPolicy } from '@steward/model/generated/iam.ts'
import type { AccessKey, KeyLastUsed } from './access-key-store.ts'
import type { Account } from './account-store.ts'
import type { LoginProfile } from './login-profile-store.ts'
import { passwordExpiry } from './password-policy.ts'
import type { User } from './user-store.ts'

/** A user and all that proves it. */
export interface UserCredentials {
  readonly user: User
  readonly profile: LoginProfile | undefined
  readonly hasMfa: boolean
  readonly keys: readonly AccessKey[]
}

interface Subject {
  readonly name: string
  readonly arn: string
  readonly createdAt: Date
}

const KEYS = 2
const CERTIFICATES = 2
const NONE = 'N/A'

const HEADER = [
  ...['user', 'arn', 'user_creation_time'],
  ...['password_enabled', 'password_last_used', 'password_last_changed', 'password_next_rotation', 'mfa_active'],
  ...numbered(KEYS, (n) =>
    ['active', 'last_rotated', 'last_used_date', 'last_used_region', 'last_used_service'].map(
      (column) => `access_key_${n}_${column}`,
    ),
  ),
  ...numbered(CERTIFICATES, (n) => [`cert_${n}_active`, `cert_${n}_last_rotated`]),
]

/** `root` is the account's owner, which has one key and nothing else. */
export function credentialReport(
  account: Pick<Account, 'passwordPolicy' | 'rootKeyUsed'> & { readonly id: string; readonly began: Date },
  users: readonly UserCredentials[],
): string {
  const root = { name: '<root_account>', arn: `arn:aws:iam::${account.id}:root`, createdAt: account.began }
  const rootKey = ['true', at(account.began), ...use(account.rootKeyUsed)]
  const lines = [
    HEADER,
    line(root, ['not_supported', 'not_supported', 'not_supported', 'not_supported', 'false'], [rootKey]),
    ...users.map(({ user, profile, hasMfa, keys }) =>
      line(user, [...password(user, profile, account.passwordPolicy), String(hasMfa)], keys.map(accessKey)),
    ),
  ]
  return lines.map((cells) => cells.map(cell).join(',')).join('\n')
}

function line({ name, arn, createdAt }: Subject, password: readonly string[], keys: readonly string[][]): string[] {
  return [
    ...[name, arn, at(createdAt)],
    ...password,
    ...numbered(KEYS, (n) => keys[n - 1] ?? ['false', NONE, NONE, NONE, NONE]),
    ...numbered(CERTIFICATES, () => ['false', NONE]),
  ]
}

function password(user: User, profile: LoginProfile | undefined, policy: PasswordPolicy | undefined): string[] {
  if (!profile) return ['false', NONE, NONE, NONE]
  return [
    'true',
    user.passwordLastUsedAt ? at(user.passwordLastUsedAt) : 'no_information',
    at(profile.changedAt),
    at(passwordExpiry(profile.changedAt, policy)),
  ]
}

function accessKey({ status, createdAt, lastUsed }: AccessKey): string[] {
  return [String(status === 'Active'), at(createdAt), ...use(lastUsed)]
}

function use(lastUsed: KeyLastUsed | undefined): string[] {
  return lastUsed ? [at(lastUsed.at), lastUsed.region, lastUsed.service] : [NONE, NONE, NONE]
}

/** Names may have commas in them. */
function cell(text: string): string {
  return text.includes(',') ? `"${text}"` : text
}

/** To the second, as AWS writes it. */
function at(time: Date | undefined): string {
  return time ? `${time.toISOString().slice(0, 19)}+00:00` : NONE
}

function numbered(count: number, cells: (n: number) => string[]): string[] {
  return Array.from({ length: count }, (_, index) => cells(index + 1)).flat()
}
