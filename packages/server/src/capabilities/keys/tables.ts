import type { KeyManagerType, KeySpec, KeyUsageType, RotationType } from '@steward/model/generated/kms.ts'
import { keys0001 } from './migrations/0001-keys.ts'

export const migrations = { 'keys-0001': keys0001 }

export interface KeyTables {
  kms_key: KeyTable
  kms_material: MaterialTable
  kms_alias: AliasTable
  kms_grant: GrantTable
  kms_tag: TagTable
}

export interface KeyTable {
  key_id: string
  account: string
  region: string
  description: string
  key_usage: KeyUsageType
  key_spec: KeySpec
  manager: KeyManagerType
  state: 'Enabled' | 'Disabled' | 'PendingDeletion'
  created_at: string
  /** The key policy as it was handed in. */
  policy: string
  /** The version of `kms_material` that encrypts. */
  current_version: number
  current_material_id: string
  /** Null while automatic rotation is off. */
  rotation_days: number | null
  next_rotation_at: string | null
  on_demand_rotations: number
  /** Null unless deletion is pending. */
  deletion_at: string | null
  pending_days: number | null
}

/** The secrets of a key, one for each rotation. Old ones stay, for what they encrypted. */
export interface MaterialTable {
  key_id: string
  version: number
  material_id: string
  /** Sealed by the vault: the symmetric secret, or the private key as PKCS #8. */
  sealed: Uint8Array
  /** SubjectPublicKeyInfo of an asymmetric key. */
  public_key: Uint8Array | null
  created_at: string
  /** Null for the material that the key was made with. */
  rotation_type: RotationType | null
}

export interface AliasTable {
  account: string
  region: string
  /** With `alias/` in front. */
  name: string
  key_id: string
  created_at: string
  updated_at: string
}

export interface GrantTable {
  grant_id: string
  key_id: string
  account: string
  region: string
  token: string
  name: string
  grantee: string
  retiring: string | null
  issuing_account: string
  /** JSON list. */
  operations: string
  /** JSON object; `{}` for none. */
  constraints: string
  created_at: string
}

export interface TagTable {
  key_id: string
  tag_key: string
  tag_value: string
}
