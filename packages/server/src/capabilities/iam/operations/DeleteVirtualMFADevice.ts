import { deleteConflict } from '../errors.ts'
import { iam } from '../iam.ts'
import { mustFindMfaDevice, removeMfaDevice } from '../mfa-device-store.ts'

export const DeleteVirtualMFADevice = iam.write('DeleteVirtualMFADevice', {
  access: (input) => ({ action: 'iam:DeleteVirtualMFADevice', resources: [input.SerialNumber] }),

  async handle(input, call) {
    const device = await mustFindMfaDevice(call.db, call.scope.account, input.SerialNumber)
    if (device.enabled) throw deleteConflict('MFA VirtualDevice in use. Must deactivate first.')
    await removeMfaDevice(call.db, device)
    return {}
  },
})
