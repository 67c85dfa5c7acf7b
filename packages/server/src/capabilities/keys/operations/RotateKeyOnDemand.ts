import { noMoreRotations } from '../errors.ts'
import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { mustRotate, rotate } from '../rotation.ts'

const ACTION = 'kms:RotateKeyOnDemand'
/** AWS's quota, for the life of the key. */
const ROTATIONS_ON_DEMAND = 25

export const RotateKeyOnDemand = kms.write('RotateKeyOnDemand', {
  access: (input, call) => accessByReference(call, input.KeyId, ACTION),

  async handle(input, call) {
    const key = await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    mustRotate(key, call, ACTION)
    if (key.onDemandRotations >= ROTATIONS_ON_DEMAND) throw noMoreRotations(key.arn)
    await rotate(call.db, call.vault, key, 'ON_DEMAND', call.now)
    return { KeyId: key.arn }
  },
})
