import type { Access } from '#kernel/declare.ts'
import type { EncryptionContext } from './ciphertext-blob.ts'
import type { Key } from './key.ts'

/** What more is known of the use of a key; it becomes the condition keys of `kms:`. */
export interface KeyUse {
  readonly encryptionContext?: EncryptionContext | undefined
  /** The service that uses the key for the caller, such as `ssm`. */
  readonly viaService?: string
  /** The account of the caller. */
  readonly callerAccount?: string
}

/** The demand that the caller may do `action` with the key: `keyAccess(key, 'kms:Decrypt', { viaService: 'ssm', … })`. */
export function keyAccess(key: Key, action: string, use: KeyUse = {}): Access {
  return { action, resources: [key.arn], context: { ...keyConditions(key), ...useConditions(key.scope.region, use) } }
}

function keyConditions(key: Key): Record<string, string | string[]> {
  return {
    'kms:KeyOrigin': 'AWS_KMS',
    'kms:KeySpec': key.spec,
    'kms:KeyUsage': key.usage,
    'kms:CustomerMasterKeySpec': key.spec,
    'kms:CustomerMasterKeyUsage': key.usage,
    'kms:MultiRegion': 'false',
  }
}

export function useConditions(
  region: string,
  { encryptionContext, viaService, callerAccount }: KeyUse,
): Record<string, string | string[]> {
  const conditions: Record<string, string | string[]> = {}
  for (const [key, value] of Object.entries(encryptionContext ?? {})) conditions[`kms:EncryptionContext:${key}`] = value
  if (encryptionContext && Object.keys(encryptionContext).length > 0)
    conditions['kms:EncryptionContextKeys'] = Object.keys(encryptionContext)
  if (viaService) conditions['kms:ViaService'] = `${viaService}.${region}.amazonaws.com`
  if (callerAccount) conditions['kms:CallerAccount'] = callerAccount
  return conditions
}
