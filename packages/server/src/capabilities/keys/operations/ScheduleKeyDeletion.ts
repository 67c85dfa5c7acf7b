import { deletionWindow } from '../errors.ts'
import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustBeOwn, mustNotBePending } from '../key-state.ts'
import { changeKey, mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { inDays } from '../new-key.ts'

const ACTION = 'kms:ScheduleKeyDeletion'
const DEFAULT_DAYS = 30

export const ScheduleKeyDeletion = kms.write('ScheduleKeyDeletion', {
  access: async (input, call) => {
    const access = await accessByReference(call, input.KeyId, ACTION)
    const days = String(input.PendingWindowInDays ?? DEFAULT_DAYS)
    return { ...access, context: { ...access.context, 'kms:ScheduleKeyDeletionPendingWindowInDays': days } }
  },

  async handle({ KeyId, PendingWindowInDays: days = DEFAULT_DAYS }, call) {
    if (days < 7 || days > 30) throw deletionWindow(days)
    const key = await mustFindKey(call.db, call.scope, withoutAlias(KeyId))
    mustBeOwn(key, call, ACTION)
    mustNotBePending(key)
    const at = inDays(call.now, days)
    await changeKey(call.db, key.keyId, {
      state: 'PendingDeletion',
      deletion_at: at.toISOString(),
      pending_days: days,
    })
    return { KeyId: key.arn, DeletionDate: at, KeyState: 'PendingDeletion' as const, PendingWindowInDays: days }
  },
})
