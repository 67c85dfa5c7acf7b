import { noSuchMfaDevice } from '../errors.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { synchronise } from '../mfa.ts'
import { mustFindMfaDevice, setMfaDevice } from '../mfa-device-store.ts'
import { mustFindUser } from '../user-store.ts'

export const ResyncMFADevice = iam.write('ResyncMFADevice', {
  access: (input, call) => onHolder(call, 'iam:ResyncMFADevice', 'user', input.UserName),

  async handle(input, call) {
    const user = await mustFindUser(call.db, call.scope.account, input.UserName)
    const device = await mustFindMfaDevice(call.db, call.scope.account, input.SerialNumber)
    if (device.enabled?.userId !== user.id) throw noSuchMfaDevice(input.SerialNumber)
    const codes = [input.AuthenticationCode1, input.AuthenticationCode2] as const
    await setMfaDevice(call.db, device, await synchronise(call.db, call.vault, call.now, device, codes))
    return {}
  },
})
