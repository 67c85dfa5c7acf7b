import type { DecryptRequest } from '@steward/model/generated/kms.ts'
import type { Call } from '#kernel/declare.ts'
import { decryptBy } from '../ciphers.ts'
import { mustBeFor } from '../encryption.ts'
import { dryRun, invalid } from '../errors.ts'
import { checkGrantTokens } from '../grant-store.ts'
import { accessByBlob, accessByReference } from '../key-access.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { mustHaveBlob, noRecipient } from '../request-rules.ts'

export const Decrypt = kms.read('Decrypt', {
  access(input, call) {
    const use = {
      encryptionContext: input.EncryptionContext,
      encryptionAlgorithm: input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT',
    }
    return input.KeyId
      ? accessByReference(call, input.KeyId, 'kms:Decrypt', use)
      : accessByBlob(call, input.CiphertextBlob ?? new Uint8Array(), 'kms:Decrypt', use)
  },

  recordedFirst: () => true,

  async handle(input, call) {
    noRecipient(input.Recipient)
    await checkGrantTokens(call.db, input.GrantTokens)
    if (input.DryRunModifiers?.includes('IGNORE_CIPHERTEXT')) return withoutCiphertext(input, call)
    const named = input.KeyId === undefined ? undefined : await mustFindKey(call.db, call.scope, input.KeyId)
    const cipher = { algorithm: input.EncryptionAlgorithm, context: input.EncryptionContext }
    const opened = await decryptBy(call, mustHaveBlob(input.CiphertextBlob), named, cipher)
    if (input.DryRun) throw dryRun()
    return {
      KeyId: opened.key.arn,
      Plaintext: opened.plain,
      EncryptionAlgorithm: opened.algorithm,
      KeyMaterialId: opened.materialId,
    }
  },
})

/** Whether the caller may decrypt with the key at all, which is known without a ciphertext. */
async function withoutCiphertext({ DryRun, KeyId }: DecryptRequest, call: Call): Promise<never> {
  if (!DryRun || !KeyId) throw invalid('IGNORE_CIPHERTEXT needs DryRun and a KeyId.')
  mustBeFor(await mustFindKey(call.db, call.scope, KeyId), 'ENCRYPT_DECRYPT', 'Decrypt')
  throw dryRun()
}
