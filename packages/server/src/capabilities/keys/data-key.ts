import { randomBytes } from 'node:crypto'
import type { GenerateDataKeyWithoutPlaintextRequest } from '@steward/model/generated/kms.ts'
import { encryptUnder, type KeyCall, mustBeFor } from './encryption.ts'
import { dryRun } from './errors.ts'
import { checkGrantTokens } from './grant-store.ts'
import type { Key } from './key.ts'
import { mustFindKey } from './key-store.ts'
import { dataKeyBytes } from './request-rules.ts'

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
