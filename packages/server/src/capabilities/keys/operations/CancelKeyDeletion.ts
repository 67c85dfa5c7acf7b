import { notPendingDeletion } from '../errors.ts'
import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { changeKey, mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

/** The key is disabled afterwards, as with AWS. */
export const CancelKeyDeletion = kms.write('CancelKeyDeletion', {
  access: (input, call) => accessByReference(call, input.KeyId, 'kms:CancelKeyDeletion'),

  async handle(input, call) {
    const key = await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    if (key.state !== 'PendingDeletion') throw notPendingDeletion(key.arn)
    await changeKey(call.db, key.keyId, { state: 'Disabled', deletion_at: null, pending_days: null })
    return { KeyId: key.arn }
  },
})
