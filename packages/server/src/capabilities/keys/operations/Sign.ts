import { sign } from '../asymmetric.ts'
import { dryRun } from '../errors.ts'
import { checkGrantTokens } from '../grant-store.ts'
import { accessByReference } from '../key-access.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { signingConditions } from '../request-rules.ts'

export const Sign = kms.read('Sign', {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, 'kms:Sign')
    return { ...access, context: { ...access.context, ...signingConditions(input) } }
  },

  async handle(input, call) {
    await checkGrantTokens(call.db, input.GrantTokens)
    const key = await mustFindKey(call.db, call.scope, input.KeyId)
    const signature = await sign(call, key, input)
    if (input.DryRun) throw dryRun()
    return { KeyId: key.arn, Signature: signature, SigningAlgorithm: input.SigningAlgorithm }
  },
})
