import { newDataKeyPair } from '../data-key.ts'
import { accessByReference } from '../key-access.ts'
import { kms } from '../kms.ts'

const NAME = 'GenerateDataKeyPairWithoutPlaintext'

export const GenerateDataKeyPairWithoutPlaintext = kms.read(NAME, {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, `kms:${NAME}`, {
      encryptionContext: input.EncryptionContext,
    })
    return { ...access, context: { ...access.context, 'kms:DataKeyPairSpec': input.KeyPairSpec } }
  },

  async handle(input, call) {
    const { plain: _kept, ...pair } = await newDataKeyPair(call, input, NAME)
    return pair
  },
})
