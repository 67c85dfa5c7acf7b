import { findAccount } from '../account-store.ts'
import { entityArn } from '../entity.ts'
import { creation, withTags } from '../entity-tags.ts'
import { mfaDeviceExists, mfaNameTooLong } from '../errors.ts'
import { iam } from '../iam.ts'
import { addMfaDevice } from '../mfa-device-store.ts'
import { png } from '../png.ts'
import { qrCode } from '../qr-code.ts'
import { toBase32 } from '../totp.ts'

/** Of a serial number, wherever one is named. */
const SERIAL_NUMBER_LENGTH = 256

const QR_SCALE = 5
const QR_MARGIN = 4

/** The seed is shown this once. */
export const CreateVirtualMFADevice = iam.write('CreateVirtualMFADevice', {
  access({ VirtualMFADeviceName, Path = '/', Tags }, { scope }) {
    const resources = [entityArn(scope.account, 'mfa', Path, VirtualMFADeviceName)]
    return creation({ action: 'iam:CreateVirtualMFADevice', resources }, 'iam:TagMFADevice', Tags)
  },

  async handle(input, call) {
    const { account } = call.scope
    const { VirtualMFADeviceName: name } = input
    const serialNumber = entityArn(account, 'mfa', input.Path ?? '/', name)
    if (serialNumber.length > SERIAL_NUMBER_LENGTH) throw mfaNameTooLong(name)
    const tags = withTags([], input.Tags)
    const seed = await addMfaDevice(call.db, call.vault, { serialNumber, account, createdAt: call.now, tags })
    if (!seed) throw mfaDeviceExists()
    const { alias } = await findAccount(call.db, account)
    return {
      VirtualMFADevice: {
        SerialNumber: serialNumber,
        Base32StringSeed: Buffer.from(toBase32(seed)),
        QRCodePNG: png(qrCode(otpauth(`${name}@${alias ?? account}`, seed)), QR_SCALE, QR_MARGIN),
        Tags: tags.length > 0 ? tags : undefined,
      },
    }
  },
})

/** As authenticator apps read it off the QR code. */
function otpauth(label: string, seed: Uint8Array): string {
  return `otpauth://totp/${label}?secret=${toBase32(seed)}`
}
