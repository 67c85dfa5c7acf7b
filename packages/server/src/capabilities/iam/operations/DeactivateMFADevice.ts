import { nameOrCaller } from '../caller.ts'
import { noSuchMfaDevice } from '../errors.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { mustFindMfaDevice, setMfaDevice } from '../mfa-device-store.ts'
import { mustFindUser } from '../user-store.ts'

/** The device is still there and may be enabled again, for this user or another one. */
export const DeactivateMFADevice = iam.write('DeactivateMFADevice', {
  access: (input, call) => onHolder(call, 'iam:DeactivateMFADevice', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    const user = await mustFindUser(call.db, call.scope.account, nameOrCaller(call, input.UserName))
    const device = await mustFindMfaDevice(call.db, call.scope.account, input.SerialNumber)
    if (device.enabled?.userId !== user.id) throw noSuchMfaDevice(input.SerialNumber)
    await setMfaDevice(call.db, device, { enabled: undefined })
    return {}
  },
})
