import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { changeKey, mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { mustRotate } from '../rotation.ts'

const ACTION = 'kms:DisableKeyRotation'

export const DisableKeyRotation = kms.write('DisableKeyRotation', {
  access: (input, call) => accessByReference(call, input.KeyId, ACTION),

  async handle(input, call) {
    const key = await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    mustRotate(key, call, ACTION)
    await changeKey(call.db, key.keyId, { rotation_days: null, next_rotation_at: null })
    return {}
  },
})
