import { sharedSecret } from '../asymmetric.ts'
import { dryRun } from '../errors.ts'
import { checkGrantTokens } from '../grant-store.ts'
import { accessByReference } from '../key-access.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { noRecipient } from '../request-rules.ts'

export const DeriveSharedSecret = kms.read('DeriveSharedSecret', {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, 'kms:DeriveSharedSecret')
    return { ...access, context: { ...access.context, 'kms:KeyAgreementAlgorithm': input.KeyAgreementAlgorithm } }
  },

  async handle(input, call) {
    noRecipient(input.Recipient)
    await checkGrantTokens(call.db, input.GrantTokens)
    const key = await mustFindKey(call.db, call.scope, input.KeyId)
    const secret = await sharedSecret(call, key, input.PublicKey)
    if (input.DryRun) throw dryRun()
    return {
      KeyId: key.arn,
      SharedSecret: secret,
      KeyAgreementAlgorithm: input.KeyAgreementAlgorithm,
      KeyOrigin: 'AWS_KMS',
    }
  },
})
