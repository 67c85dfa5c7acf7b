import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustBeOwn, mustNotBePending } from '../key-state.ts'
import { changeKey, mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

export const UpdateKeyDescription = kms.write('UpdateKeyDescription', {
  access: (input, call) => accessByReference(call, input.KeyId, 'kms:UpdateKeyDescription'),

  async handle(input, call) {
    const key = await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    mustBeOwn(key, call, 'kms:UpdateKeyDescription')
    mustNotBePending(key)
    await changeKey(call.db, key.keyId, { description: input.Description })
    return {}
  },
})
