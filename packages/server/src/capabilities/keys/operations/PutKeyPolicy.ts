import { noSuchPolicy } from '../errors.ts'
import { accessByReference } from '../key-access.ts'
import { checkNewPolicy } from '../key-policy.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustBeOwn } from '../key-state.ts'
import { changeKey, mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

export const PutKeyPolicy = kms.write('PutKeyPolicy', {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, 'kms:PutKeyPolicy')
    const bypass = String(input.BypassPolicyLockoutSafetyCheck ?? false)
    return { ...access, context: { ...access.context, 'kms:BypassPolicyLockoutSafetyCheck': bypass } }
  },

  async handle({ KeyId, PolicyName = 'default', Policy, BypassPolicyLockoutSafetyCheck }, call) {
    const key = await mustFindKey(call.db, call.scope, withoutAlias(KeyId))
    mustBeOwn(key, call, 'kms:PutKeyPolicy')
    if (PolicyName !== 'default') throw noSuchPolicy()
    await checkNewPolicy(Policy, call, BypassPolicyLockoutSafetyCheck)
    await changeKey(call.db, key.keyId, { policy: Policy })
    return {}
  },
})
