import type { AssignmentStatusType, VirtualMFADevice } from '@steward/model/generated/iam.ts'
import { entityArn } from '../entity.ts'
import { iam } from '../iam.ts'
import { bySerialNumber, listMfaDevices, type MfaDevice } from '../mfa-device-store.ts'
import { pageOf } from '../page.ts'
import { findUsersById, toApiUser, type User } from '../user-store.ts'

export const ListVirtualMFADevices = iam.read('ListVirtualMFADevices', {
  access: (_input, { scope }) => ({
    action: 'iam:ListVirtualMFADevices',
    resources: [entityArn(scope.account, 'mfa', '/', '')],
  }),

  async handle(input, call) {
    const devices = (await listMfaDevices(call.db, call.scope.account)).filter(isWanted(input.AssignmentStatus))
    const { items, ...page } = pageOf(call, input, devices, bySerialNumber)
    const users = await findUsersById(
      call.db,
      items.flatMap(({ enabled }) => enabled?.userId ?? []),
    )
    return { VirtualMFADevices: items.map((device) => toApiVirtualDevice(device, users)), ...page }
  },
})

function isWanted(status: AssignmentStatusType = 'Any'): (device: MfaDevice) => boolean {
  return ({ enabled }) => status === 'Any' || (status === 'Assigned') === (enabled !== undefined)
}

function toApiVirtualDevice({ serialNumber, enabled }: MfaDevice, users: readonly User[]): VirtualMFADevice {
  const user = users.find(({ id }) => id === enabled?.userId)
  return { SerialNumber: serialNumber, User: user && toApiUser(user), EnableDate: enabled?.at }
}
