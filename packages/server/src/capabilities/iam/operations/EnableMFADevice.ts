import { mfaDeviceInUse, quotaExceeded } from '../errors.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { synchronise } from '../mfa.ts'
import { MFA_DEVICES_PER_USER, mfaDevicesOf, mustFindMfaDevice, setMfaDevice } from '../mfa-device-store.ts'
import { mustFindUser } from '../user-store.ts'

export const EnableMFADevice = iam.write('EnableMFADevice', {
  access: (input, call) => onHolder(call, 'iam:EnableMFADevice', 'user', input.UserName),

  async handle(input, call) {
    const { account } = call.scope
    const user = await mustFindUser(call.db, account, input.UserName)
    const device = await mustFindMfaDevice(call.db, account, input.SerialNumber)
    if (device.enabled) throw mfaDeviceInUse()
    if ((await mfaDevicesOf(call.db, user.id)).length >= MFA_DEVICES_PER_USER) {
      throw quotaExceeded('MfaDevicesPerUser', MFA_DEVICES_PER_USER)
    }
    const codes = [input.AuthenticationCode1, input.AuthenticationCode2] as const
    const state = await synchronise(call.db, call.vault, call.now, device, codes)
    await setMfaDevice(call.db, device, { enabled: { userId: user.id, at: call.now }, ...state })
    return {}
  },
})
