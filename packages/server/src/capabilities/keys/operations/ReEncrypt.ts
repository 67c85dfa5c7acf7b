import { checkAlgorithm, decryptBlob, encryptUnder } from '../encryption.ts'
import { dryRun } from '../errors.ts'
import { checkGrantTokens } from '../grant-store.ts'
import { accessByBlob, accessByReference } from '../key-access.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { mustHaveBlob } from '../request-rules.ts'

export const ReEncrypt = kms.read('ReEncrypt', {
  access: async (input, call) => [
    input.SourceKeyId
      ? await accessByReference(call, input.SourceKeyId, 'kms:ReEncryptFrom', input.SourceEncryptionContext)
      : await accessByBlob(
          call,
          input.CiphertextBlob ?? new Uint8Array(),
          'kms:ReEncryptFrom',
          input.SourceEncryptionContext,
        ),
    await accessByReference(call, input.DestinationKeyId, 'kms:ReEncryptTo', input.DestinationEncryptionContext),
  ],

  async handle(input, call) {
    await checkGrantTokens(call.db, input.GrantTokens)
    const named = input.SourceKeyId && (await mustFindKey(call.db, call.scope, input.SourceKeyId))
    const target = await mustFindKey(call.db, call.scope, input.DestinationKeyId)
    const blob = mustHaveBlob(input.CiphertextBlob)
    const { plain, key, materialId } = await decryptBlob(call, blob, input.SourceEncryptionContext, named || undefined)
    checkAlgorithm(key, input.SourceEncryptionAlgorithm)
    checkAlgorithm(target, input.DestinationEncryptionAlgorithm)
    const ciphertext = await encryptUnder(call, target, plain, input.DestinationEncryptionContext)
    if (input.DryRun) throw dryRun()
    return {
      CiphertextBlob: ciphertext,
      SourceKeyId: key.arn,
      KeyId: target.arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
      SourceKeyMaterialId: materialId,
      DestinationKeyMaterialId: target.currentMaterialId,
    }
  },
})
