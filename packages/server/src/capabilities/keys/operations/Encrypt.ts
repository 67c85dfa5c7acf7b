import { encryptBy } from '../ciphers.ts'
import { dryRun } from '../errors.ts'
import { checkGrantTokens } from '../grant-store.ts'
import { accessByReference } from '../key-access.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

export const Encrypt = kms.read('Encrypt', {
  access: (input, call) =>
    accessByReference(call, input.KeyId, 'kms:Encrypt', {
      encryptionContext: input.EncryptionContext,
      encryptionAlgorithm: input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT',
    }),

  async handle(input, call) {
    await checkGrantTokens(call.db, input.GrantTokens)
    const key = await mustFindKey(call.db, call.scope, input.KeyId)
    const cipher = { algorithm: input.EncryptionAlgorithm, context: input.EncryptionContext }
    const { ciphertext, algorithm } = await encryptBy(call, key, input.Plaintext, cipher)
    if (input.DryRun) throw dryRun()
    return { CiphertextBlob: ciphertext, KeyId: key.arn, EncryptionAlgorithm: algorithm }
  },
})
