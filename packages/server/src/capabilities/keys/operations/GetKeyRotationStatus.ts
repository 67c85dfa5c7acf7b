import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'

export const GetKeyRotationStatus = kms.read('GetKeyRotationStatus', {
  access: (input, call) => accessByReference(call, input.KeyId, 'kms:GetKeyRotationStatus'),

  async handle(input, call) {
    const key = await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    // A key that is to be deleted does not rotate meanwhile.
    const enabled = key.rotationDays !== undefined && key.state !== 'PendingDeletion'
    return {
      KeyId: key.arn,
      KeyRotationEnabled: enabled,
      RotationPeriodInDays: enabled ? key.rotationDays : undefined,
      NextRotationDate: enabled ? key.nextRotationAt : undefined,
    }
  },
})
