import { isAboutRoot, nameOrCaller } from '../caller.ts'
import { onHolder } from '../holder.ts'
import { iam } from '../iam.ts'
import { bySerialNumber, mfaDevicesOf, toApiMfaDevice } from '../mfa-device-store.ts'
import { pageOf } from '../page.ts'
import { mustFindUser } from '../user-store.ts'

export const ListMFADevices = iam.read('ListMFADevices', {
  access: (input, call) =>
    isAboutRoot(input, call)
      ? { action: 'iam:ListMFADevices', resources: [call.principal.arn] }
      : onHolder(call, 'iam:ListMFADevices', 'user', nameOrCaller(call, input.UserName)),

  async handle(input, call) {
    if (isAboutRoot(input, call)) return { MFADevices: [], IsTruncated: false }
    const user = await mustFindUser(call.db, call.scope.account, nameOrCaller(call, input.UserName))
    const { items, ...page } = pageOf(call, input, await mfaDevicesOf(call.db, user.id), bySerialNumber)
    return { MFADevices: items.map((device) => toApiMfaDevice(device, user.name)), ...page }
  },
})
