import { newDataKeyPair } from '../data-key.ts'
import { accessByReference } from '../key-access.ts'
import { kms } from '../kms.ts'
import { noRecipient } from '../request-rules.ts'

const NAME = 'GenerateDataKeyPair'

export const GenerateDataKeyPair = kms.read(NAME, {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, `kms:${NAME}`, {
      encryptionContext: input.EncryptionContext,
    })
    return { ...access, context: { ...access.context, 'kms:DataKeyPairSpec': input.KeyPairSpec } }
  },

  async handle(input, call) {
    noRecipient(input.Recipient)
    const { plain, ...pair } = await newDataKeyPair(call, input, NAME)
    return { ...pair, PrivateKeyPlaintext: plain }
  },
})
