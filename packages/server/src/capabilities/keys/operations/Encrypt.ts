import { checkAlgorithm, encryptUnder } from '../encryption.ts'
import { dryRun } from '../errors.ts'
import { checkGrantTokens } from '../grant-store.ts'
import { accessByReference } from '../key-access.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

export const Encrypt = kms.read('Encrypt', {
  access: (input, call) => accessByReference(call, input.KeyId, 'kms:Encrypt', input.EncryptionContext),

  async handle(input, call) {
    await checkGrantTokens(call.db, input.GrantTokens)
    const key = await mustFindKey(call.db, call.scope, input.KeyId)
    checkAlgorithm(key, input.EncryptionAlgorithm)
    const CiphertextBlob = await encryptUnder(call, key, input.Plaintext, input.EncryptionContext)
    if (input.DryRun) throw dryRun()
    return { CiphertextBlob, KeyId: key.arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const }
  },
})
