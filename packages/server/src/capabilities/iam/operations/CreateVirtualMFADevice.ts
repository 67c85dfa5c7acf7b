import { entityArn } from '../entity.ts'
import { requestTags, withTags } from '../entity-tags.ts'
import { mfaDeviceExists } from '../errors.ts'
import { iam } from '../iam.ts'
import { addMfaDevice } from '../mfa-device-store.ts'
import { toBase32 } from '../totp.ts'

/** The seed is shown this once. */
export const CreateVirtualMFADevice = iam.write('CreateVirtualMFADevice', {
  access: (input, { scope }) => ({
    action: 'iam:CreateVirtualMFADevice',
    resources: [entityArn(scope.account, 'mfa', input.Path ?? '/', input.VirtualMFADeviceName)],
    context: requestTags(input.Tags),
  }),

  async handle(input, call) {
    const { account } = call.scope
    const serialNumber = entityArn(account, 'mfa', input.Path ?? '/', input.VirtualMFADeviceName)
    const tags = withTags([], input.Tags)
    const seed = await addMfaDevice(call.db, call.vault, { serialNumber, account, createdAt: call.now, tags })
    if (!seed) throw mfaDeviceExists()
    return {
      VirtualMFADevice: {
        SerialNumber: serialNumber,
        Base32StringSeed: Buffer.from(toBase32(seed)),
        Tags: tags.length > 0 ? tags : undefined,
      },
    }
  },
})
