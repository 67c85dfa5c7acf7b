import { dryRun } from '../errors.ts'
import { checkGrantTokens } from '../grant-store.ts'
import { accessByReference } from '../key-access.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { macOf } from '../mac.ts'

export const GenerateMac = kms.read('GenerateMac', {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, 'kms:GenerateMac')
    return { ...access, context: { ...access.context, 'kms:MacAlgorithm': input.MacAlgorithm } }
  },

  async handle(input, call) {
    await checkGrantTokens(call.db, input.GrantTokens)
    const key = await mustFindKey(call.db, call.scope, input.KeyId)
    const mac = await macOf(call, key, input, 'GenerateMac')
    if (input.DryRun) throw dryRun()
    return { KeyId: key.arn, Mac: mac, MacAlgorithm: input.MacAlgorithm }
  },
})
