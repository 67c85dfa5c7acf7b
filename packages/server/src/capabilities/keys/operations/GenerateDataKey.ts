import { newDataKey } from '../data-key.ts'
import { accessByReference } from '../key-access.ts'
import { kms } from '../kms.ts'
import { noRecipient } from '../request-rules.ts'

export const GenerateDataKey = kms.read('GenerateDataKey', {
  access: (input, call) =>
    accessByReference(call, input.KeyId, 'kms:GenerateDataKey', { encryptionContext: input.EncryptionContext }),

  async handle(input, call) {
    noRecipient(input.Recipient)
    const { plain, ciphertext, key } = await newDataKey(call, input, 'GenerateDataKey')
    return {
      CiphertextBlob: ciphertext,
      Plaintext: plain,
      KeyId: key.arn,
      KeyMaterialId: key.currentMaterialId,
    }
  },
})
