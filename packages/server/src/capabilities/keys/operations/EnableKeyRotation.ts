import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { changeKey, mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { inDays } from '../new-key.ts'
import { mustRotate } from '../rotation.ts'

const ACTION = 'kms:EnableKeyRotation'
const DEFAULT_DAYS = 365

/** Once more, it changes the period; which then counts from now. */
export const EnableKeyRotation = kms.write('EnableKeyRotation', {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, ACTION)
    const days = String(input.RotationPeriodInDays ?? DEFAULT_DAYS)
    return { ...access, context: { ...access.context, 'kms:RotationPeriodInDays': days } }
  },

  async handle(input, call) {
    const key = await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    mustRotate(key, call, ACTION)
    const days = input.RotationPeriodInDays ?? key.rotationDays ?? DEFAULT_DAYS
    const unchanged = days === key.rotationDays
    if (!unchanged)
      await changeKey(call.db, key.keyId, {
        rotation_days: days,
        next_rotation_at: inDays(call.now, days).toISOString(),
      })
    return {}
  },
})
