import type { DecryptRequest } from '@steward/model/generated/kms.ts'
import type { Call } from '#kernel/declare.ts'
import { checkAlgorithm, decryptBlob, mustBeFor } from '../encryption.ts'
import { dryRun, invalid } from '../errors.ts'
import { checkGrantTokens } from '../grant-store.ts'
import { accessByBlob, accessByReference } from '../key-access.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { mustHaveBlob, noRecipient } from '../request-rules.ts'

export const Decrypt = kms.read('Decrypt', {
  access: ({ KeyId, CiphertextBlob = new Uint8Array(), EncryptionContext }, call) =>
    KeyId
      ? accessByReference(call, KeyId, 'kms:Decrypt', EncryptionContext)
      : accessByBlob(call, CiphertextBlob, 'kms:Decrypt', EncryptionContext),

  recordedFirst: () => true,

  async handle(input, call) {
    noRecipient(input.Recipient)
    await checkGrantTokens(call.db, input.GrantTokens)
    if (input.DryRunModifiers?.includes('IGNORE_CIPHERTEXT')) return withoutCiphertext(input, call)
    const named = input.KeyId === undefined ? undefined : await mustFindKey(call.db, call.scope, input.KeyId)
    const blob = mustHaveBlob(input.CiphertextBlob)
    const { plain, key, materialId } = await decryptBlob(call, blob, input.EncryptionContext, named)
    checkAlgorithm(key, input.EncryptionAlgorithm)
    if (input.DryRun) throw dryRun()
    return {
      KeyId: key.arn,
      Plaintext: plain,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
      KeyMaterialId: materialId,
    }
  },
})

/** Whether the caller may decrypt with the key at all, which is known without a ciphertext. */
async function withoutCiphertext({ DryRun, KeyId }: DecryptRequest, call: Call): Promise<never> {
  if (!DryRun || !KeyId) throw invalid('IGNORE_CIPHERTEXT needs DryRun and a KeyId.')
  mustBeFor(await mustFindKey(call.db, call.scope, KeyId), 'ENCRYPT_DECRYPT', 'Decrypt')
  throw dryRun()
}
