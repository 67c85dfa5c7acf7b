import { verify } from '../asymmetric.ts'
import { dryRun, invalidSignature } from '../errors.ts'
import { checkGrantTokens } from '../grant-store.ts'
import { accessByReference } from '../key-access.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { signingConditions } from '../request-rules.ts'

export const Verify = kms.read('Verify', {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, 'kms:Verify')
    return { ...access, context: { ...access.context, ...signingConditions(input) } }
  },

  async handle(input, call) {
    await checkGrantTokens(call.db, input.GrantTokens)
    const key = await mustFindKey(call.db, call.scope, input.KeyId)
    if (!(await verify(call, key, input, input.Signature))) throw invalidSignature()
    if (input.DryRun) throw dryRun()
    return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm }
  },
})
