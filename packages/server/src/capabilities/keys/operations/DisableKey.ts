import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustBeOwn, mustNotBePending } from '../key-state.ts'
import { changeKey, mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

export const DisableKey = kms.write('DisableKey', {
  access: (input, call) => accessByReference(call, input.KeyId, 'kms:DisableKey'),

  async handle(input, call) {
    const key = await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    mustBeOwn(key, call, 'kms:DisableKey')
    mustNotBePending(key)
    await changeKey(call.db, key.keyId, { state: 'Disabled' })
    return {}
  },
})
