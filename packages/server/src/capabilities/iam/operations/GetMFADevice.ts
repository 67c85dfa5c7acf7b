import { nameOrCaller } from '../caller.ts'
import { noSuchMfaDevice } from '../errors.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { mustFindMfaDevice } from '../mfa-device-store.ts'
import { mustFindUser } from '../user-store.ts'

export const GetMFADevice = iam.read('GetMFADevice', {
  access: (input, call) => onHolder(call, 'iam:GetMFADevice', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    const user = await mustFindUser(call.db, call.scope.account, nameOrCaller(call, input.UserName))
    const { serialNumber, enabled } = await mustFindMfaDevice(call.db, call.scope.account, input.SerialNumber)
    if (enabled?.userId !== user.id) throw noSuchMfaDevice(input.SerialNumber)
    return { UserName: user.name, SerialNumber: serialNumber, EnableDate: enabled.at }
  },
})
