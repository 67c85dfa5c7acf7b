import {
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  type KeyMetadata,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Toggle from '@cloudscape-design/components/toggle'
import { useState } from 'react'
import { kms } from '#api/clients/kms.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { Loaded } from '#components/loaded.tsx'
import { Properties } from '#components/properties.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { keys as texts } from '#texts/keys.ts'
import { type Rotation, type RotationStatus, useRotation } from './read-keys.ts'

const { rotation: words } = texts

/** When the key gets a new secret, and when it got those that it has. */
export function RotationTab({ metadata, canChange }: { metadata: KeyMetadata; canChange: boolean }) {
  const { KeyId: keyId = '', KeyState } = metadata
  const read = useRotation(keyId)
  const [asking, setAsking] = useState<'change' | 'now'>()
  const close = () => setAsking(undefined)
  const usable = canChange && KeyState === 'Enabled'
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            description={words.hint}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <CliCommand command={shellWords('aws', 'kms', 'get-key-rotation-status', '--key-id', keyId)} />
                {usable && <Button onClick={() => setAsking('now')}>{words.now}</Button>}
                {usable && (
                  <Button disabled={!read.data} onClick={() => setAsking('change')}>
                    {words.change}
                  </Button>
                )}
              </SpaceBetween>
            }
          >
            {words.title}
          </Header>
        }
      >
        <Loaded read={read}>
          {({ status }) => (
            <Properties
              columns={3}
              items={[
                {
                  label: words.automatic,
                  value: status.KeyRotationEnabled ? words.every(status.RotationPeriodInDays ?? 365) : words.off,
                },
                { label: words.next, value: <Time at={status.NextRotationDate} /> },
              ]}
            />
          )}
        </Loaded>
      </Container>
      <ResourceTable
        name="key-rotations"
        variant="container"
        title={words.past}
        columns={columns}
        idOf={({ material }) => material}
        items={read.data?.past}
        error={read.error}
        searchable={false}
        command={shellWords('aws', 'kms', 'list-key-rotations', '--key-id', keyId)}
        empty={<Empty title={words.never} />}
      />
      {asking === 'change' && read.data && <Change keyId={keyId} status={read.data.status} onClose={close} />}
      {asking === 'now' && <Now keyId={keyId} onClose={close} />}
    </SpaceBetween>
  )
}

function Change({ keyId, status, onClose }: { keyId: string; status: RotationStatus; onClose: () => void }) {
  const [on, setOn] = useState(status.KeyRotationEnabled ?? false)
  const [days, setDays] = useState(String(status.RotationPeriodInDays ?? 365))
  const period = Number(days)
  const isGood = !on || (Number.isInteger(period) && period >= 90 && period <= 2560)
  const act = useAct(['keys'], async () => {
    if (on) await kms().send(new EnableKeyRotationCommand({ KeyId: keyId, RotationPeriodInDays: period }))
    else await kms().send(new DisableKeyRotationCommand({ KeyId: keyId }))
  })
  const command = on
    ? shellWords('aws', 'kms', 'enable-key-rotation', '--key-id', keyId, '--rotation-period-in-days', days)
    : shellWords('aws', 'kms', 'disable-key-rotation', '--key-id', keyId)
  return (
    <Confirm
      title={words.change}
      act={texts.save}
      disabled={!isGood}
      command={command}
      onConfirm={() => act.mutateAsync(undefined)}
      onClose={onClose}
    >
      <Toggle checked={on} onChange={({ detail }) => setOn(detail.checked)}>
        {words.automatic}
      </Toggle>
      {on && (
        <FormField label={words.period} constraintText={words.periodHint}>
          <Input
            type="number"
            inputMode="numeric"
            value={days}
            invalid={!isGood}
            onChange={({ detail }) => setDays(detail.value)}
          />
        </FormField>
      )}
    </Confirm>
  )
}

function Now({ keyId, onClose }: { keyId: string; onClose: () => void }) {
  const act = useAct(['keys'], () => kms().send(new RotateKeyOnDemandCommand({ KeyId: keyId })))
  return (
    <Confirm
      title={words.now}
      act={words.now}
      command={shellWords('aws', 'kms', 'rotate-key-on-demand', '--key-id', keyId)}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: words.done })
      }}
      onClose={onClose}
    >
      <Box>{words.nowHint}</Box>
    </Confirm>
  )
}

const columns: readonly Column<Rotation['past'][number]>[] = [
  {
    id: 'at',
    header: words.columns.at,
    cell: ({ at }) => <Time at={at} />,
    text: ({ at }) => at?.toISOString() ?? '',
    width: 290,
  },
  {
    id: 'type',
    header: words.columns.type,
    cell: ({ type }) => words.types[type as keyof typeof words.types] ?? type,
    text: ({ type }) => type,
    width: 180,
  },
  {
    id: 'material',
    header: words.columns.material,
    cell: ({ material }) => <span className="st-mono">{material}</span>,
    text: ({ material }) => material,
  },
]
