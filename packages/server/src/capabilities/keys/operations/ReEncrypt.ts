import { decryptBy, encryptBy } from '../ciphers.ts'
import { dryRun } from '../errors.ts'
import { checkGrantTokens } from '../grant-store.ts'
import { accessByBlob, accessByReference } from '../key-access.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { mustHaveBlob } from '../request-rules.ts'

export const ReEncrypt = kms.read('ReEncrypt', {
  async access(input, call) {
    const from = {
      encryptionContext: input.SourceEncryptionContext,
      encryptionAlgorithm: input.SourceEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT',
    }
    const to = {
      encryptionContext: input.DestinationEncryptionContext,
      encryptionAlgorithm: input.DestinationEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT',
    }
    const both = [
      input.SourceKeyId
        ? await accessByReference(call, input.SourceKeyId, 'kms:ReEncryptFrom', from)
        : await accessByBlob(call, input.CiphertextBlob ?? new Uint8Array(), 'kms:ReEncryptFrom', from),
      await accessByReference(call, input.DestinationKeyId, 'kms:ReEncryptTo', to),
    ]
    const isSame = new Set(both.flatMap(({ resources }) => resources)).size === 1
    const together = { 'kms:ReEncryptOnSameKey': String(isSame) }
    return both.map((access) => ({ ...access, context: { ...access.context, ...together } }))
  },

  async handle(input, call) {
    await checkGrantTokens(call.db, input.GrantTokens)
    const named = input.SourceKeyId && (await mustFindKey(call.db, call.scope, input.SourceKeyId))
    const target = await mustFindKey(call.db, call.scope, input.DestinationKeyId)
    const from = { algorithm: input.SourceEncryptionAlgorithm, context: input.SourceEncryptionContext }
    const to = { algorithm: input.DestinationEncryptionAlgorithm, context: input.DestinationEncryptionContext }
    const opened = await decryptBy(call, mustHaveBlob(input.CiphertextBlob), named || undefined, from)
    const made = await encryptBy(call, target, opened.plain, to)
    if (input.DryRun) throw dryRun()
    return {
      CiphertextBlob: made.ciphertext,
      SourceKeyId: opened.key.arn,
      KeyId: target.arn,
      SourceEncryptionAlgorithm: opened.algorithm,
      DestinationEncryptionAlgorithm: made.algorithm,
      SourceKeyMaterialId: opened.materialId,
      DestinationKeyMaterialId: made.materialId,
    }
  },
})
