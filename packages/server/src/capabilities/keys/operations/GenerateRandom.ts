import { randomBytes } from 'node:crypto'
import { invalid, unsupported } from '../errors.ts'
import { kms } from '../kms.ts'
import { noRecipient } from '../request-rules.ts'

export const GenerateRandom = kms.read('GenerateRandom', {
  access: () => ({ action: 'kms:GenerateRandom', resources: ['*'] }),

  async handle(input) {
    noRecipient(input.Recipient)
    if (input.CustomKeyStoreId) throw unsupported('There are no custom key stores in Steward.')
    if (input.NumberOfBytes === undefined) throw invalid('NumberOfBytes is required.')
    return { Plaintext: randomBytes(input.NumberOfBytes) }
  },
})
