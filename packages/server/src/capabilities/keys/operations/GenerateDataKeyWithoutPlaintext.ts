import { newDataKey } from '../data-key.ts'
import { accessByReference } from '../key-access.ts'
import { kms } from '../kms.ts'

const NAME = 'GenerateDataKeyWithoutPlaintext'

export const GenerateDataKeyWithoutPlaintext = kms.read(NAME, {
  access: (input, call) =>
    accessByReference(call, input.KeyId, `kms:${NAME}`, { encryptionContext: input.EncryptionContext }),

  async handle(input, call) {
    const { ciphertext, key } = await newDataKey(call, input, NAME)
    return { CiphertextBlob: ciphertext, KeyId: key.arn, KeyMaterialId: key.currentMaterialId }
  },
})
