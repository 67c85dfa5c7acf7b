import {
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  ListMFADevicesCommand,
  type MFADevice,
} from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { useAct, useRead } from '#api/queries.ts'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { EnrolMfaDialog } from './enrol-mfa-dialog.tsx'

const texts = access.mfa

/** The authenticator apps of a user. */
export function MfaPanel({ name }: { name: string }) {
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<string>()
  const read = useMfaDevices(name)
  const remove = useAct(['iam'], (serial: string) => removeDevice(name, serial))
  return (
    <>
      <ListPanel<MFADevice>
        name="mfa-devices"
        prefix="mfa-"
        title={texts.title}
        idOf={({ SerialNumber }) => SerialNumber!}
        read={read}
        command={shellWords('aws', 'iam', 'list-mfa-devices', '--user-name', name)}
        empty={<Empty title={texts.none}>{texts.noneHint}</Empty>}
        actions={<Button onClick={() => setAdding(true)}>{texts.add}</Button>}
        columns={[
          {
            id: 'serial',
            header: texts.serial,
            rowHeader: true,
            width: 420,
            text: ({ SerialNumber }) => SerialNumber!,
            cell: ({ SerialNumber }) => SerialNumber,
          },
          {
            id: 'since',
            header: texts.since,
            text: ({ EnableDate }) => EnableDate?.toISOString() ?? '',
            cell: ({ EnableDate }) => <Time at={EnableDate} only="relative" />,
          },
          {
            id: 'acts',
            header: access.acts,
            cell: ({ SerialNumber }) => (
              <Button
                variant="inline-link"
                ariaLabel={texts.removeOf(SerialNumber!)}
                onClick={() => setRemoving(SerialNumber!)}
              >
                {texts.remove}
              </Button>
            ),
          },
        ]}
      />
      {adding && <EnrolMfaDialog name={name} taken={read.data?.length ?? 0} onClose={() => setAdding(false)} />}
      {removing && (
        <Confirm
          title={texts.removeTitle}
          act={texts.remove}
          command={[
            shellWords('aws', 'iam', 'deactivate-mfa-device', '--user-name', name, '--serial-number', removing),
            shellWords('aws', 'iam', 'delete-virtual-mfa-device', '--serial-number', removing),
          ].join('\n')}
          onConfirm={async () => {
            await remove.mutateAsync(removing)
          }}
          onClose={() => setRemoving(undefined)}
        >
          {texts.removeHint(name)}
        </Confirm>
      )}
    </>
  )
}

export function useMfaDevices(name: string) {
  return useRead<MFADevice[]>('iam', ['mfa-devices', name], async () => {
    const { MFADevices = [] } = await iam().send(new ListMFADevicesCommand({ UserName: name }))
    return MFADevices
  })
}

/** Takes the device from the user and forgets it. */
export async function removeDevice(UserName: string, SerialNumber: string): Promise<void> {
  await iam().send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }))
  await iam().send(new DeleteVirtualMFADeviceCommand({ SerialNumber }))
}
