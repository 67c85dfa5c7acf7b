import {
  CreateVirtualMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
} from '@aws-sdk/client-iam'
import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { useAct } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'
import { Copyable } from '#components/copyable.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'
import { QrCode } from './qr-code.tsx'

const texts = access.enrol

interface Device {
  readonly serial: string
  /** In Base32, as apps take it when there is no camera. */
  readonly seed: string
}

/** Makes a device, shows its secret this once, and enables it with two codes in a row. One that was not enabled is forgotten again. */
export function EnrolMfaDialog({ name, taken, onClose }: { name: string; taken: number; onClose: () => void }) {
  const [label, setLabel] = useState(taken === 0 ? name : `${name}-${taken + 1}`)
  const [device, setDevice] = useState<Device>()
  const [codes, setCodes] = useState(['', ''])
  const create = useAct(['iam'], async () => {
    const { VirtualMFADevice } = await iam().send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: label }))
    const { SerialNumber, Base32StringSeed } = VirtualMFADevice!
    setDevice({ serial: SerialNumber!, seed: new TextDecoder().decode(Base32StringSeed) })
  })
  const enable = useAct(['iam'], ({ serial }: Device) => {
    const [AuthenticationCode1, AuthenticationCode2] = codes
    const request = { UserName: name, SerialNumber: serial, AuthenticationCode1, AuthenticationCode2 }
    return iam().send(new EnableMFADeviceCommand(request))
  })
  async function leave() {
    onClose()
    if (device) await iam().send(new DeleteVirtualMFADeviceCommand({ SerialNumber: device.serial }))
  }
  if (!device) {
    return (
      <FormDialog
        key="name"
        title={texts.title(name)}
        act={texts.next}
        disabled={label === ''}
        command={`${shellWords('aws', 'iam', 'create-virtual-mfa-device', '--virtual-mfa-device-name', label)} \\\n    --outfile qr-code.png --bootstrap-method QRCodePNG`}
        onSubmit={() => create.mutateAsync(undefined)}
        onDone={() => {}}
        onClose={onClose}
      >
        <Box variant="p">{texts.explain}</Box>
        <FormField label={texts.label} constraintText={texts.labelHint}>
          <Input value={label} onChange={({ detail }) => setLabel(detail.value)} autoFocus spellcheck={false} />
        </FormField>
      </FormDialog>
    )
  }
  const words = ['--user-name', name, '--serial-number', device.serial]
  return (
    <FormDialog
      key="codes"
      title={texts.title(name)}
      act={texts.enable}
      size="large"
      disabled={!codes.every((code) => /^\d{6}$/.test(code))}
      command={shellWords(
        'aws',
        'iam',
        'enable-mfa-device',
        ...words,
        '--authentication-code1',
        '000000',
        '--authentication-code2',
        '111111',
      )}
      onSubmit={async () => {
        await enable.mutateAsync(device)
      }}
      onDone={onClose}
      onClose={() => void leave()}
    >
      <ColumnLayout columns={2}>
        <SpaceBetween size="s">
          <Box variant="strong">{texts.scan}</Box>
          <QrCode text={otpUri(device)} label={texts.qrLabel} />
          <Box variant="small" color="text-body-secondary">
            {texts.orType}
          </Box>
          <span className="st-mono">
            <Copyable text={device.seed} />
          </span>
        </SpaceBetween>
        <SpaceBetween size="s">
          <Box variant="strong">{texts.typeCodes}</Box>
          {[0, 1].map((index) => (
            <FormField key={index} label={texts.codes[index]}>
              <Input
                value={codes[index]!}
                onChange={({ detail }) =>
                  setCodes(codes.map((code, at) => (at === index ? detail.value.replace(/\D/g, '') : code)))
                }
                inputMode="numeric"
                autoComplete={false}
                autoFocus={index === 0}
              />
            </FormField>
          ))}
          <Box variant="small" color="text-body-secondary">
            {texts.wait}
          </Box>
        </SpaceBetween>
      </ColumnLayout>
    </FormDialog>
  )
}

/** What authenticator apps read from the picture. */
function otpUri({ serial, seed }: Device): string {
  const label = `Steward:${serial.split(':mfa/')[1]}@${signedIn()?.account}`
  return `otpauth://totp/${encodeURIComponent(label)}?${new URLSearchParams({ secret: seed, issuer: 'Steward' })}`
}
