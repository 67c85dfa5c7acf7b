import {
  type AccessKey,
  type AccessKeyLastUsed,
  type AccessKeyMetadata,
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { useAct, useRead } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'
import { NewKeyDialog } from './new-key-dialog.tsx'

const texts = access.keys

type Key = AccessKeyMetadata & { readonly used: AccessKeyLastUsed | undefined }

/** The keys with which programs of a user sign; the secret of a new one is shown this once. */
export function AccessKeysPanel({ name }: { name: string }) {
  const [made, setMade] = useState<AccessKey>()
  const [asking, setAsking] = useState<{ key: Key; act: 'toggle' | 'delete' }>()
  const read = useRead<Key[]>('iam', ['access-keys', name], () => keysOf(name))
  const create = useAct(['iam'], async () => {
    const { AccessKey } = await iam().send(new CreateAccessKeyCommand({ UserName: name }))
    setMade(AccessKey)
  })
  const change = useAct(['iam'], async ({ key, act }: { key: Key; act: 'toggle' | 'delete' }) => {
    const id = { UserName: name, AccessKeyId: key.AccessKeyId }
    if (act === 'delete') await iam().send(new DeleteAccessKeyCommand(id))
    else await iam().send(new UpdateAccessKeyCommand({ ...id, Status: toggled(key) }))
  })
  const fail = (error: Error) => notify({ type: 'error', header: error.message })
  return (
    <>
      <ListPanel<Key>
        name="access-keys"
        prefix="keys-"
        title={texts.title}
        columns={columns(
          (key) => setAsking({ key, act: 'toggle' }),
          (key) => setAsking({ key, act: 'delete' }),
        )}
        idOf={({ AccessKeyId }) => AccessKeyId!}
        read={read}
        command={shellWords('aws', 'iam', 'list-access-keys', '--user-name', name)}
        empty={<Empty title={texts.none}>{texts.noneHint}</Empty>}
        actions={
          <Button
            loading={create.isPending}
            disabled={(read.data?.length ?? 0) >= KEYS_PER_USER}
            disabledReason={texts.full}
            onClick={() => create.mutate(undefined, { onError: fail })}
          >
            {texts.create}
          </Button>
        }
      />
      {made && <NewKeyDialog accessKey={made} onClose={() => setMade(undefined)} />}
      {asking && (
        <Confirm
          title={asking.act === 'delete' ? texts.deleteTitle : texts.toggleTitle[toggled(asking.key)]}
          act={asking.act === 'delete' ? access.delete : texts.toggle[toggled(asking.key)]}
          command={actCommand(name, asking)}
          onConfirm={() => change.mutateAsync(asking)}
          onClose={() => setAsking(undefined)}
        >
          {asking.act === 'delete'
            ? texts.deleteHint(asking.key.AccessKeyId!)
            : texts.toggleHint[toggled(asking.key)](asking.key.AccessKeyId!)}
        </Confirm>
      )}
    </>
  )
}

const KEYS_PER_USER = 2

function toggled({ Status }: AccessKeyMetadata): 'Active' | 'Inactive' {
  return Status === 'Active' ? 'Inactive' : 'Active'
}

/** With when each was used last. */
export async function keysOf(UserName: string): Promise<Key[]> {
  const { AccessKeyMetadata = [] } = await iam().send(new ListAccessKeysCommand({ UserName }))
  return Promise.all(
    AccessKeyMetadata.map(async (key) => {
      const request = new GetAccessKeyLastUsedCommand({ AccessKeyId: key.AccessKeyId })
      const used = await iam()
        .send(request)
        .catch(() => undefined)
      return { ...key, used: used?.AccessKeyLastUsed }
    }),
  )
}

function columns(toggle: (key: Key) => void, remove: (key: Key) => void): Column<Key>[] {
  return [
    {
      id: 'id',
      header: texts.id,
      rowHeader: true,
      width: 240,
      text: ({ AccessKeyId }) => AccessKeyId!,
      cell: ({ AccessKeyId }) => <span className="st-mono">{AccessKeyId}</span>,
    },
    {
      id: 'status',
      header: access.status,
      text: ({ Status }) => Status!,
      cell: ({ Status }) => (
        <StatusIndicator type={Status === 'Active' ? 'success' : 'stopped'}>
          {Status === 'Active' ? texts.active : texts.inactive}
        </StatusIndicator>
      ),
    },
    {
      id: 'created',
      header: access.created,
      text: ({ CreateDate }) => CreateDate!.toISOString(),
      cell: ({ CreateDate }) => <Time at={CreateDate} only="relative" />,
    },
    {
      id: 'used',
      header: texts.used,
      text: ({ used }) => used?.LastUsedDate?.toISOString() ?? '',
      cell: ({ used }) =>
        used?.LastUsedDate ? (
          <span>
            <Time at={used.LastUsedDate} only="relative" /> · {used.ServiceName}
          </span>
        ) : (
          common.never
        ),
      width: 220,
    },
    {
      id: 'acts',
      header: access.acts,
      cell: (key) => (
        <SpaceBetween direction="horizontal" size="s">
          <Button
            variant="inline-link"
            ariaLabel={`${texts.toggle[toggled(key)]} ${key.AccessKeyId}`}
            onClick={() => toggle(key)}
          >
            {texts.toggle[toggled(key)]}
          </Button>
          <Button
            variant="inline-link"
            ariaLabel={`${access.delete} ${key.AccessKeyId}`}
            disabled={key.Status === 'Active'}
            disabledReason={texts.deactivateFirst}
            onClick={() => remove(key)}
          >
            {access.delete}
          </Button>
        </SpaceBetween>
      ),
      width: 220,
    },
  ]
}

function actCommand(name: string, { key, act }: { key: Key; act: 'toggle' | 'delete' }): string {
  const words = ['--user-name', name, '--access-key-id', key.AccessKeyId]
  return act === 'delete'
    ? shellWords('aws', 'iam', 'delete-access-key', ...words)
    : shellWords('aws', 'iam', 'update-access-key', ...words, '--status', toggled(key))
}
