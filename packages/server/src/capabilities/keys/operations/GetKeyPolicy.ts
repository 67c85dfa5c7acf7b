import { noSuchPolicy } from '../errors.ts'
import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

export const GetKeyPolicy = kms.read('GetKeyPolicy', {
  access: (input, call) => accessByReference(call, input.KeyId, 'kms:GetKeyPolicy'),

  async handle({ KeyId, PolicyName = 'default' }, call) {
    const key = await mustFindKey(call.db, call.scope, withoutAlias(KeyId))
    if (PolicyName !== 'default') throw noSuchPolicy()
    return { Policy: key.policy, PolicyName }
  },
})
