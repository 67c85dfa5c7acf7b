/** Encryption and decryption by whatever algorithm the caller names. */
import type { EncryptionAlgorithmSpec } from '@steward/model/generated/kms.ts'
import { decryptWithKey, encryptToKey } from './asymmetric.ts'
import type { EncryptionContext } from './ciphertext-blob.ts'
import { decryptBlob, encryptUnder, type KeyCall } from './encryption.ts'
import { invalid } from './errors.ts'
import type { Key } from './key.ts'

interface Cipher {
  readonly algorithm: EncryptionAlgorithmSpec | undefined
  readonly context: EncryptionContext | undefined
}

export async function encryptBy(
  call: KeyCall,
  key: Key,
  plain: Uint8Array,
  { algorithm = 'SYMMETRIC_DEFAULT', context }: Cipher,
): Promise<{ ciphertext: Buffer; algorithm: EncryptionAlgorithmSpec; materialId: string | undefined }> {
  return algorithm === 'SYMMETRIC_DEFAULT'
    ? { ciphertext: await encryptUnder(call, key, plain, context), algorithm, materialId: key.currentMaterialId }
    : { ciphertext: await encryptToKey(call, key, algorithm, plain), algorithm, materialId: undefined }
}

/** `named` is the key that the caller says it is; for what a public key encrypted, which does not say whose it is, it is needed. */
export async function decryptBy(
  call: KeyCall,
  ciphertext: Uint8Array,
  named: Key | undefined,
  { algorithm = 'SYMMETRIC_DEFAULT', context }: Cipher,
): Promise<{ plain: Uint8Array; key: Key; algorithm: EncryptionAlgorithmSpec; materialId?: string }> {
  if (algorithm === 'SYMMETRIC_DEFAULT') return { ...(await decryptBlob(call, ciphertext, context, named)), algorithm }
  if (!named) throw invalid('KeyId is required for asymmetric algorithms.')
  return { plain: await decryptWithKey(call, named, algorithm, ciphertext), key: named, algorithm }
}
