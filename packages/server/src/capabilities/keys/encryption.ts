import type { KeyUsageType } from '@steward/model/generated/kms.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Vault } from '#kernel/vault.ts'
import { type EncryptionContext, openBlob, readBlobHead, sealBlob } from './ciphertext-blob.ts'
import {
  disabled,
  incompatibleAlgorithm,
  incorrectKey,
  invalidCiphertext,
  invalidKeyUsage,
  pendingDeletion,
} from './errors.ts'
import type { Key } from './key.ts'
import { algorithmsOf } from './key-spec.ts'
import { findMaterial, keyWithSecret } from './key-store.ts'
import { openSecret } from './secret.ts'

/** The part of a call that encryption needs; read and write calls both have it. */
export interface KeyCall {
  readonly db: Reader
  readonly scope: Scope
  readonly vault: Vault
}

/**
 * Encrypts under the key's current secret; the answer is a ciphertext blob, good for {@link decryptBlob} and for `kms:Decrypt`.
 * Throws `DisabledException`, `KMSInvalidStateException`, `InvalidKeyUsageException`, `KeyUnavailableException`.
 */
export async function encryptUnder(
  call: KeyCall,
  key: Key,
  plain: Uint8Array,
  context: EncryptionContext = {},
): Promise<Buffer> {
  mustBeSymmetric(key, 'Encrypt')
  const secret = await currentSecret(call, key)
  return sealBlob(secret, { keyId: key.keyId, version: key.currentVersion }, plain, context)
}

/** The secret that the key uses now. Throws `KeyUnavailableException`. */
export async function currentSecret({ db, vault }: KeyCall, key: Key): Promise<Buffer> {
  const { sealed } = await findMaterial(db, key.keyId, key.currentVersion)
  return openSecret(vault, key, key.currentVersion, sealed)
}

/**
 * Opens a ciphertext blob; the blob says which key it needs. Throws `InvalidCiphertextException` if it was changed or the context is
 * another, `IncorrectKeyException` if `named` is not its key, and what {@link encryptUnder} throws.
 */
export async function decryptBlob(
  call: KeyCall,
  blob: Uint8Array,
  context: EncryptionContext = {},
  named?: Key,
): Promise<{ plain: Buffer; key: Key; materialId: string }> {
  const head = readBlobHead(blob)
  const found = head && (await keyWithSecret(call.db, head.keyId, head.version))
  if (!head || found?.key.scope.region !== call.scope.region) throw invalidCiphertext('It names no key of this Region.')
  const { key, sealed, materialId } = found
  if (named && named.keyId !== key.keyId) throw incorrectKey()
  mustBeSymmetric(key, 'Decrypt')
  const plain = openBlob(openSecret(call.vault, key, head.version, sealed), blob, context)
  if (!plain) throw invalidCiphertext('It was changed, or its encryption context is another.')
  return { plain, key, materialId }
}

/** The key that a blob was made under, looked at without opening it. Undefined if there is none in this Region. */
export async function keyOfBlob(call: Pick<KeyCall, 'db' | 'scope'>, blob: Uint8Array): Promise<Key | undefined> {
  const head = readBlobHead(blob)
  const found = head && (await keyWithSecret(call.db, head.keyId, head.version))
  return found?.key.scope.region === call.scope.region ? found.key : undefined
}

/** Throws unless cryptography with the key is allowed in its state. */
export function mustBeUsable(key: Key): void {
  if (key.state === 'PendingDeletion') throw pendingDeletion(key.arn)
  if (key.state === 'Disabled') throw disabled(key.arn)
}

/** Throws `InvalidKeyUsageException` for an algorithm that is not the key's. */
export function checkAlgorithm(key: Key, algorithm: string): void {
  const { EncryptionAlgorithms, SigningAlgorithms, MacAlgorithms } = algorithmsOf(key.spec, key.usage)
  const possible: readonly string[] = [EncryptionAlgorithms, SigningAlgorithms, MacAlgorithms].flatMap(
    (all) => all ?? [],
  )
  if (!possible.includes(algorithm)) throw incompatibleAlgorithm(algorithm, key.spec)
}

function mustBeSymmetric(key: Key, operation: string): void {
  mustBeFor(key, 'ENCRYPT_DECRYPT', operation)
  if (key.spec !== 'SYMMETRIC_DEFAULT') throw incompatibleAlgorithm('SYMMETRIC_DEFAULT', key.spec)
}

/** Throws unless cryptography with the key is allowed in its state, and of this usage. */
export function mustBeFor(key: Key, usage: KeyUsageType, operation: string): void {
  mustBeUsable(key)
  if (key.usage !== usage) throw invalidKeyUsage(key.arn, key.usage, operation)
}
