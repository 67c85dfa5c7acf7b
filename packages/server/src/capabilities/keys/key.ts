import type { KeyManagerType, KeyMetadata, KeySpec, KeyUsageType } from '@steward/model/generated/kms.ts'
import type { ServiceEvent } from '#kernel/audit-record.ts'
import { arn, type Scope } from '#kernel/scope.ts'
import { algorithmsOf } from './key-spec.ts'
import type { KeyTable } from './tables.ts'

/** A KMS key without its secret. */
export interface Key {
  readonly keyId: string
  readonly arn: string
  readonly scope: Scope
  readonly description: string
  readonly usage: KeyUsageType
  readonly spec: KeySpec
  readonly manager: KeyManagerType
  readonly state: KeyTable['state']
  readonly createdAt: Date
  readonly policy: string
  readonly currentVersion: number
  readonly currentMaterialId: string
  readonly rotationDays: number | undefined
  readonly nextRotationAt: Date | undefined
  readonly onDemandRotations: number
  readonly deletionAt: Date | undefined
}

export function keyArn(scope: Scope, keyId: string): string {
  return arn(scope, 'kms', `key/${keyId}`)
}

/** `name` begins with `alias/`. */
export function aliasArn(scope: Scope, name: string): string {
  return arn(scope, 'kms', name)
}

export function toKey(row: KeyTable): Key {
  const scope = { account: row.account, region: row.region }
  return {
    keyId: row.key_id,
    arn: keyArn(scope, row.key_id),
    scope,
    description: row.description,
    usage: row.key_usage,
    spec: row.key_spec,
    manager: row.manager,
    state: row.state,
    createdAt: new Date(row.created_at),
    policy: row.policy,
    currentVersion: row.current_version,
    currentMaterialId: row.current_material_id,
    rotationDays: row.rotation_days ?? undefined,
    nextRotationAt: row.next_rotation_at ? new Date(row.next_rotation_at) : undefined,
    onDemandRotations: row.on_demand_rotations,
    deletionAt: row.deletion_at ? new Date(row.deletion_at) : undefined,
  }
}

/** The key as `DescribeKey` and `CreateKey` show it. */
export function toMetadata(key: Key): KeyMetadata {
  return {
    AWSAccountId: key.scope.account,
    KeyId: key.keyId,
    Arn: key.arn,
    CreationDate: key.createdAt,
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: key.state,
    DeletionDate: key.deletionAt,
    Origin: 'AWS_KMS',
    KeyManager: key.manager,
    CustomerMasterKeySpec: key.spec as KeyMetadata['CustomerMasterKeySpec'],
    KeySpec: key.spec,
    ...algorithmsOf(key.spec, key.usage),
    MultiRegion: false,
    CurrentKeyMaterialId: key.spec === 'SYMMETRIC_DEFAULT' ? key.currentMaterialId : undefined,
  }
}

/** What happened to a key by itself, for its record. */
export function keyEvent(name: 'DeleteKey' | 'RotateKey', { arn, keyId, scope }: Key): ServiceEvent {
  const resources = [{ ARN: arn, accountId: scope.account, type: 'AWS::KMS::Key' }]
  return { scope, service: 'kms', name, resources, data: { keyId } }
}
