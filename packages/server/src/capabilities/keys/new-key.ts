import type { KeySpec, KeyUsageType } from '@steward/model/generated/kms.ts'
import type { Tx } from '#db/database.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Vault } from '#kernel/vault.ts'
import { putAlias } from './alias-store.ts'
import { managedKeyPolicy } from './default-policy.ts'
import type { Key } from './key.ts'
import { findKey, insertKey } from './key-store.ts'
import { newMaterial } from './secret.ts'
import type { KeyTable } from './tables.ts'

/** The part of a write call that making keys needs. */
export interface MakingCall {
  readonly db: Tx
  readonly scope: Scope
  readonly vault: Vault
  readonly now: Date
  readonly ids: Ids
}

/** The services that keep a key of their own in each account, as `alias/aws/<service>`. */
export const SERVICES_WITH_KEYS: readonly string[] = ['s3', 'ssm']

/** A year. */
const MANAGED_ROTATION_DAYS = 365

/** The key that a service keeps for the account; made when it is first used. */
export async function managedKey(call: MakingCall, service: string): Promise<Key> {
  const name = `alias/aws/${service}`
  const found = await findKey(call.db, call.scope, name)
  if (found) return found
  const key = await makeKey(call, {
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    manager: 'AWS',
    description: `Default key that protects my ${service.toUpperCase()} data when no other key is defined`,
    policy: managedKeyPolicy(call.scope, service),
    rotationDays: MANAGED_ROTATION_DAYS,
  })
  await putAlias(call.db, call.scope, name, key.keyId, call.now)
  return key
}

export interface NewKey {
  readonly spec: KeySpec
  readonly usage: KeyUsageType
  readonly manager: KeyTable['manager']
  readonly description: string
  readonly policy: string
  readonly rotationDays?: number
}

export async function makeKey({ db, scope, vault, now, ids }: MakingCall, wanted: NewKey): Promise<Key> {
  const keyId = ids.uuid()
  const material = await newMaterial(vault, { keyId, version: 1, spec: wanted.spec, now })
  const { rotationDays } = wanted
  return insertKey(
    db,
    {
      key_id: keyId,
      account: scope.account,
      region: scope.region,
      description: wanted.description,
      key_usage: wanted.usage,
      key_spec: wanted.spec,
      manager: wanted.manager,
      state: 'Enabled',
      created_at: now.toISOString(),
      policy: wanted.policy,
      current_version: 1,
      current_material_id: material.material_id,
      rotation_days: rotationDays ?? null,
      next_rotation_at: rotationDays ? inDays(now, rotationDays).toISOString() : null,
      on_demand_rotations: 0,
      deletion_at: null,
      pending_days: null,
    },
    material,
  )
}

export function inDays(from: Date, days: number): Date {
  return new Date(from.getTime() + days * 86_400_000)
}
