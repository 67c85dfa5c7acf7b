import {
  CancelKeyDeletionCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  type KeyMetadata,
  ScheduleKeyDeletionCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms'
import Box from '@cloudscape-design/components/box'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { kms } from '#api/clients/kms.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { keys as texts } from '#texts/keys.ts'

type Act = 'enable' | 'disable' | 'describe' | 'delete' | 'cancel'

/** What can be done with a key as a whole. */
export function KeyActions({ metadata }: { metadata: KeyMetadata }) {
  const { KeyId = '', KeyState, Description = '' } = metadata
  const [asking, setAsking] = useState<Act>()
  const pending = KeyState === 'PendingDeletion'
  const close = () => setAsking(undefined)
  return (
    <>
      <ButtonDropdown
        variant="primary"
        items={[
          { id: 'enable', text: texts.acts.enable, disabled: KeyState !== 'Disabled' },
          { id: 'disable', text: texts.acts.disable, disabled: KeyState !== 'Enabled' },
          { id: 'describe', text: texts.acts.describe, disabled: pending },
          pending ? { id: 'cancel', text: texts.acts.cancel } : { id: 'delete', text: texts.acts.delete },
        ]}
        onItemClick={({ detail }) => setAsking(detail.id as Act)}
      >
        {texts.actions}
      </ButtonDropdown>
      {(asking === 'enable' || asking === 'disable' || asking === 'cancel') && (
        <Simple act={asking} keyId={KeyId} onClose={close} />
      )}
      {asking === 'describe' && <Describe keyId={KeyId} description={Description} onClose={close} />}
      {asking === 'delete' && <Delete keyId={KeyId} onClose={close} />}
    </>
  )
}

const SIMPLE = {
  enable: { send: (KeyId: string) => kms().send(new EnableKeyCommand({ KeyId })), words: 'enable-key' },
  disable: { send: (KeyId: string) => kms().send(new DisableKeyCommand({ KeyId })), words: 'disable-key' },
  cancel: {
    send: (KeyId: string) => kms().send(new CancelKeyDeletionCommand({ KeyId })),
    words: 'cancel-key-deletion',
  },
} as const

interface Question {
  readonly keyId: string
  readonly onClose: () => void
}

function Simple({ act, keyId, onClose }: Question & { act: keyof typeof SIMPLE }) {
  const { send, words } = SIMPLE[act]
  const doing = useAct(['keys'], async () => {
    await send(keyId)
  })
  return (
    <Confirm
      title={texts.asking[act].title}
      act={texts.acts[act]}
      command={shellWords('aws', 'kms', words, '--key-id', keyId)}
      onConfirm={async () => {
        await doing.mutateAsync(undefined)
        notify({ type: 'success', header: texts.asking[act].done })
      }}
      onClose={onClose}
    >
      <Box>{texts.asking[act].body}</Box>
    </Confirm>
  )
}

function Describe({ keyId, description, onClose }: Question & { description: string }) {
  const [text, setText] = useState(description)
  const act = useAct(['keys'], () => kms().send(new UpdateKeyDescriptionCommand({ KeyId: keyId, Description: text })))
  return (
    <Confirm
      title={texts.acts.describe}
      act={texts.save}
      disabled={text === description}
      command={shellWords('aws', 'kms', 'update-key-description', '--key-id', keyId, '--description', text)}
      onConfirm={() => act.mutateAsync(undefined)}
      onClose={onClose}
    >
      <FormField label={texts.columns.description}>
        <Input value={text} onChange={({ detail }) => setText(detail.value)} autoFocus />
      </FormField>
    </Confirm>
  )
}

function Delete({ keyId, onClose }: Question) {
  const [days, setDays] = useState('30')
  const window = Number(days)
  const isGood = Number.isInteger(window) && window >= 7 && window <= 30
  const act = useAct(['keys'], () =>
    kms().send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: window })),
  )
  return (
    <Confirm
      title={texts.deleting.title}
      act={texts.acts.delete}
      word="delete"
      disabled={!isGood}
      command={shellWords('aws', 'kms', 'schedule-key-deletion', '--key-id', keyId, '--pending-window-in-days', days)}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.deleting.done(window) })
      }}
      onClose={onClose}
    >
      <Box>{texts.deleting.body}</Box>
      <FormField label={texts.deleting.days} constraintText={texts.deleting.daysHint}>
        <Input
          type="number"
          inputMode="numeric"
          value={days}
          invalid={!isGood}
          onChange={({ detail }) => setDays(detail.value)}
        />
      </FormField>
    </Confirm>
  )
}
