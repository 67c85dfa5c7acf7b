/** Users and what belongs to them. `name_key` is the name as {@link nameKey} has it; names are unique by it. */
export interface UserTables {
  iam_user: UserTable
  iam_group: GroupTable
  iam_group_member: GroupMemberTable
  iam_access_key: AccessKeyTable
  iam_login_profile: LoginProfileTable
  iam_mfa_device: MfaDeviceTable
  iam_account: AccountTable
}

export interface UserTable {
  user_id: string
  account: string
  name: string
  name_key: string
  path: string
  created_at: string
  password_last_used_at: string | null
  /** JSON list of `{ Key, Value }`. */
  tags: string
}

export interface GroupTable {
  group_id: string
  account: string
  name: string
  name_key: string
  path: string
  created_at: string
}

export interface GroupMemberTable {
  group_id: string
  user_id: string
}

export interface AccessKeyTable {
  access_key_id: string
  account: string
  user_id: string
  /** The secret, sealed. */
  secret: Uint8Array
  status: 'Active' | 'Inactive'
  created_at: string
  last_used_at: string | null
  last_used_service: string | null
  last_used_region: string | null
}

export interface LoginProfileTable {
  user_id: string
  created_at: string
  /** Argon2id in the PHC string format. */
  password_hash: string
  /** JSON list of such hashes of earlier passwords, the latest first. */
  previous_hashes: string
  changed_at: string
  reset_required: number
  /** Wrong passwords since the last right one. */
  failures: number
  failed_at: string | null
}

export interface MfaDeviceTable {
  serial_number: string
  account: string
  /** The shared secret, sealed. */
  seed: Uint8Array
  created_at: string
  /** The user it is enabled for. */
  user_id: string | null
  enabled_at: string | null
  /** JSON list of `{ Key, Value }`. */
  tags: string
  /** How many codes the device's clock is ahead of ours. */
  drift: number
  /** The number of the last code that was used: that one and those before it are not taken again. */
  last_code: number
  /** Wrong codes since the last right one. */
  failures: number
  failed_at: string | null
}

export interface AccountTable {
  account: string
  began_at: string | null
  alias: string | null
  /** JSON. */
  password_policy: string | null
  credential_report: string | null
  credential_report_at: string | null
  root_key_used_at: string | null
  root_key_used_service: string | null
  root_key_used_region: string | null
}
