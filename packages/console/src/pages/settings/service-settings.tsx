import {
  GetServiceSettingCommand,
  ResetServiceSettingCommand,
  type ServiceSetting,
  UpdateServiceSettingCommand,
} from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct, useRead } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { useSelection } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { settings } from '#texts/settings.ts'
import { KNOWN_SETTINGS } from './known-settings.ts'

const { service: texts } = settings

/** The account's service settings, each to be changed and set back. */
export function ServiceSettings() {
  const read = useRead('settings', ['service'], (signal) =>
    Promise.all(
      KNOWN_SETTINGS.map(async ({ id }) => {
        const found = await ssm().send(new GetServiceSettingCommand({ SettingId: id }), { abortSignal: signal })
        return { ...found.ServiceSetting, SettingId: id }
      }),
    ),
  )
  const selection = { ...useSelection(read.data, idOf), type: 'single' as const }
  const [chosen] = selection.selected
  const [asking, setAsking] = useState<'change' | 'reset'>()
  return (
    <>
      <ListPanel
        name="service-settings"
        title={texts.title}
        description={texts.description}
        columns={COLUMNS}
        idOf={idOf}
        read={read}
        searchable
        selection={selection}
        command={shellWords(
          'aws',
          'ssm',
          'get-service-setting',
          '--setting-id',
          chosen?.SettingId ?? KNOWN_SETTINGS[0]!.id,
        )}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={chosen?.Status !== 'Customized'} onClick={() => setAsking('reset')}>
              {texts.reset}
            </Button>
            <Button disabled={!chosen} onClick={() => setAsking('change')}>
              {texts.edit}
            </Button>
          </SpaceBetween>
        }
        empty={<Empty title={texts.empty} />}
      />
      {chosen && asking === 'change' && <Change setting={chosen} onClose={() => setAsking(undefined)} />}
      {chosen && asking === 'reset' && <Reset setting={chosen} onClose={() => setAsking(undefined)} />}
    </>
  )
}

function Change({ setting, onClose }: { setting: ServiceSetting; onClose: () => void }) {
  const id = idOf(setting)
  const name = nameOf(setting)
  const [value, setValue] = useState(setting.SettingValue ?? '')
  const values = KNOWN_SETTINGS.find((known) => known.id === id)?.values
  const change = useAct(['settings'], () =>
    ssm().send(new UpdateServiceSettingCommand({ SettingId: id, SettingValue: value })),
  )
  return (
    <Confirm
      title={texts.editTitle(name)}
      act={texts.save}
      command={shellWords('aws', 'ssm', 'update-service-setting', '--setting-id', id, '--setting-value', value)}
      onConfirm={async () => {
        await change.mutateAsync()
        notify({ type: 'success', header: texts.saved(name) })
      }}
      onClose={onClose}
    >
      <FormField label={texts.value} description={id}>
        {values ? (
          <Select
            selectedOption={{ value }}
            options={values.map((one) => ({ value: one }))}
            onChange={({ detail }) => setValue(detail.selectedOption.value ?? value)}
          />
        ) : (
          <Input value={value} onChange={({ detail }) => setValue(detail.value)} spellcheck={false} />
        )}
      </FormField>
    </Confirm>
  )
}

function Reset({ setting, onClose }: { setting: ServiceSetting; onClose: () => void }) {
  const id = idOf(setting)
  const name = nameOf(setting)
  const reset = useAct(['settings'], () => ssm().send(new ResetServiceSettingCommand({ SettingId: id })))
  return (
    <Confirm
      title={texts.resetTitle(name)}
      act={texts.reset}
      command={shellWords('aws', 'ssm', 'reset-service-setting', '--setting-id', id)}
      onConfirm={async () => {
        await reset.mutateAsync()
        notify({ type: 'success', header: texts.wasReset(name) })
      }}
      onClose={onClose}
    >
      {texts.resetBody(setting.SettingValue ?? '')}
    </Confirm>
  )
}

function idOf({ SettingId = '' }: ServiceSetting): string {
  return SettingId
}

function nameOf(setting: ServiceSetting): string {
  return texts.names[idOf(setting)] ?? idOf(setting)
}

function stateOf({ Status = 'Default' }: ServiceSetting): string {
  return (texts.states as Readonly<Record<string, string>>)[Status] ?? Status
}

const COLUMNS: readonly Column<ServiceSetting>[] = [
  { id: 'name', header: texts.name, cell: nameOf, text: nameOf, rowHeader: true, width: 310 },
  {
    id: 'value',
    header: texts.value,
    cell: ({ SettingValue = '' }) => SettingValue,
    text: ({ SettingValue = '' }) => SettingValue,
    width: 200,
  },
  {
    id: 'state',
    header: texts.state,
    cell: (setting) => (
      <Box color={setting.Status === 'Default' ? 'text-body-secondary' : 'inherit'}>{stateOf(setting)}</Box>
    ),
    text: stateOf,
    choices: true,
    width: 130,
  },
  {
    id: 'changed',
    header: texts.changed,
    cell: ({ Status, LastModifiedDate }) => <Time at={Status === 'Default' ? undefined : LastModifiedDate} />,
    text: ({ LastModifiedDate }) => LastModifiedDate?.toISOString() ?? '',
    width: 310,
  },
  {
    id: 'by',
    header: texts.by,
    cell: ({ LastModifiedUser = '' }) => LastModifiedUser.split(/[/:]/).at(-1),
    text: ({ LastModifiedUser = '' }) => LastModifiedUser,
    hidden: true,
  },
  { id: 'id', header: texts.id, cell: idOf, text: idOf, hidden: true },
]
