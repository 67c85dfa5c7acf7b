import type { Reader } from '#db/database.ts'
import type { Access, Call } from '#kernel/declare.ts'
import type { EncryptionContext } from './ciphertext-blob.ts'
import { keyOfBlob } from './encryption.ts'
import { type Key, keyArn } from './key.ts'
import { isKeyReference, parseKeyReference, referenceArn } from './key-reference.ts'
import { aliasNamesOf, findReferenced } from './key-store.ts'

/** What more is known of the use of a key; it becomes the condition keys of `kms:`. */
export interface KeyUse {
  readonly encryptionContext?: EncryptionContext | undefined
  readonly encryptionAlgorithm?: string | undefined
  /** The service that uses the key for the caller, such as `ssm`. */
  readonly viaService?: string
  /** The account of the caller. */
  readonly callerAccount?: string
}

/** The demand that the caller may do `action` with the key: `keyAccess(db, key, 'kms:Decrypt', { viaService: 'ssm', … })`. */
export async function keyAccess(db: Reader, key: Key, action: string, use: KeyUse = {}): Promise<Access> {
  const context = { ...(await keyConditions(db, key)), ...useConditions(key.scope.region, use) }
  return { action, resources: [key.arn], context }
}

/**
 * The demand on the key that a `KeyId` names. For one that does not exist it is on the name that it would have, so that who may
 * not use keys does not learn which there are.
 */
export async function accessByReference(call: Call, text: string, action: string, use: KeyUse = {}): Promise<Access> {
  const context = useConditions(call.scope.region, { ...use, callerAccount: call.principal.account })
  if (!isKeyReference(call.scope, text)) return { action, resources: [keyArn(call.scope, '*')], context }
  const reference = parseKeyReference(call.scope, text)
  const key = await findReferenced(call.db, reference)
  if (!key) return { action, resources: [referenceArn(reference)], context }
  const alias: Record<string, string> = reference.kind === 'alias' ? { 'kms:RequestAlias': reference.name } : {}
  return { action, resources: [key.arn], context: { ...(await keyConditions(call.db, key)), ...context, ...alias } }
}

/** The demand on the key that a ciphertext blob was made under. */
export async function accessByBlob(call: Call, blob: Uint8Array, action: string, use: KeyUse): Promise<Access> {
  const key = await keyOfBlob(call, blob)
  return accessByReference(call, key?.arn ?? '', action, use)
}

async function keyConditions(db: Reader, key: Key): Promise<Record<string, string | string[]>> {
  return {
    'kms:CustomerMasterKeySpec': key.spec,
    'kms:CustomerMasterKeyUsage': key.usage,
    'kms:KeyOrigin': 'AWS_KMS',
    'kms:KeySpec': key.spec,
    'kms:KeyUsage': key.usage,
    'kms:MultiRegion': 'false',
    'kms:ResourceAliases': await aliasNamesOf(db, key.keyId),
  }
}

function useConditions(
  region: string,
  { encryptionContext = {}, encryptionAlgorithm, viaService, callerAccount }: KeyUse,
): Record<string, string | string[]> {
  const conditions: Record<string, string | string[]> = {}
  for (const [key, value] of Object.entries(encryptionContext)) conditions[`kms:EncryptionContext:${key}`] = value
  const keys = Object.keys(encryptionContext)
  if (keys.length > 0) conditions['kms:EncryptionContextKeys'] = keys
  if (encryptionAlgorithm) conditions['kms:EncryptionAlgorithm'] = encryptionAlgorithm
  if (viaService) Object.assign(conditions, throughService(viaService, region))
  if (callerAccount) conditions['kms:CallerAccount'] = callerAccount
  return conditions
}

/** What tells a use of the key by a service, which passes the caller on, from one that the caller asks for itself. */
function throughService(service: string, region: string): Record<string, string> {
  return { 'kms:ViaService': `${service}.${region}.amazonaws.com`, 'aws:ViaAWSService': 'true' }
}
