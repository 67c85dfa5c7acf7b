import { randomBytes } from 'node:crypto'
import type {
  GenerateDataKeyPairWithoutPlaintextRequest,
  GenerateDataKeyWithoutPlaintextRequest,
} from '@steward/model/generated/kms.ts'
import { encryptUnder, type KeyCall, mustBeFor } from './encryption.ts'
import { dryRun } from './errors.ts'
import { checkGrantTokens } from './grant-store.ts'
import type { Key } from './key.ts'
import { mustFindKey } from './key-store.ts'
import { dataKeyBytes } from './request-rules.ts'
import { newKeyPair } from './secret.ts'

/** New random bytes, plain and encrypted under the key that the input names. */
export async function newDataKey(
  call: KeyCall,
  input: GenerateDataKeyWithoutPlaintextRequest,
  operation: string,
): Promise<{ plain: Buffer; ciphertext: Buffer; key: Key }> {
  await checkGrantTokens(call.db, input.GrantTokens)
  const length = dataKeyBytes(input)
  const key = await mustFindKey(call.db, call.scope, input.KeyId)
  mustBeFor(key, 'ENCRYPT_DECRYPT', operation)
  const plain = randomBytes(length)
  const ciphertext = await encryptUnder(call, key, plain, input.EncryptionContext)
  if (input.DryRun) throw dryRun()
  return { plain, ciphertext, key }
}

/** A new key pair; its private key plain, as PKCS #8, and encrypted under the key that the input names. */
export async function newDataKeyPair(
  call: KeyCall,
  input: GenerateDataKeyPairWithoutPlaintextRequest,
  operation: string,
) {
  await checkGrantTokens(call.db, input.GrantTokens)
  const key = await mustFindKey(call.db, call.scope, input.KeyId)
  mustBeFor(key, 'ENCRYPT_DECRYPT', operation)
  const { secret, publicKey } = await newKeyPair(input.KeyPairSpec)
  const ciphertext = await encryptUnder(call, key, secret, input.EncryptionContext)
  if (input.DryRun) throw dryRun()
  return {
    plain: secret,
    PrivateKeyCiphertextBlob: ciphertext,
    PublicKey: publicKey,
    KeyId: key.arn,
    KeyPairSpec: input.KeyPairSpec,
    KeyMaterialId: key.currentMaterialId,
  }
}
