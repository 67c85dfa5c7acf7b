import { publicKey } from '../asymmetric.ts'
import { mustBeUsable } from '../encryption.ts'
import { unsupported } from '../errors.ts'
import { checkGrantTokens } from '../grant-store.ts'
import { accessByReference } from '../key-access.ts'
import { algorithmsOf, isAsymmetric } from '../key-spec.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

export const GetPublicKey = kms.read('GetPublicKey', {
  access: (input, call) => accessByReference(call, input.KeyId, 'kms:GetPublicKey'),

  async handle(input, call) {
    await checkGrantTokens(call.db, input.GrantTokens)
    const key = await mustFindKey(call.db, call.scope, input.KeyId)
    mustBeUsable(key)
    if (!isAsymmetric(key.spec)) throw unsupported(`${key.arn} is not an asymmetric key.`)
    const { EncryptionAlgorithms, SigningAlgorithms, KeyAgreementAlgorithms } = algorithmsOf(key.spec, key.usage)
    return {
      KeyId: key.arn,
      PublicKey: await publicKey(call, key),
      CustomerMasterKeySpec: key.spec as 'RSA_2048',
      KeySpec: key.spec,
      KeyUsage: key.usage,
      EncryptionAlgorithms,
      SigningAlgorithms,
      KeyAgreementAlgorithms,
    }
  },
})
