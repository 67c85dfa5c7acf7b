import { ButtonLink } from '#components/button-link.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { common } from '#texts/common.ts'
import { keys as texts } from '#texts/keys.ts'
import { KeyState, stateText } from './key-state.tsx'
import { keyPage, type ListedKey, useKeys } from './read-keys.ts'

/** All keys of KMS. */
export function ListPage() {
  const read = useKeys()
  const create = (
    <ButtonLink to="/keys/new" variant="primary">
      {texts.create}
    </ButtonLink>
  )
  return (
    <PageFrame title={texts.title} contentType="table" titleInContent>
      <ResourceTable
        name="keys"
        title={texts.title}
        description={texts.description}
        columns={columns}
        idOf={({ keyId }) => keyId}
        items={read.data}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        placeholder={texts.search}
        command="aws kms list-aliases"
        sortedBy={{ column: 'alias', descending: false }}
        actions={create}
        empty={
          <Empty title={texts.empty.title} action={<ButtonLink to="/keys/new">{texts.create}</ButtonLink>}>
            {texts.empty.body}
          </Empty>
        }
      />
    </PageFrame>
  )
}

const { columns: names } = texts

const columns: readonly Column<ListedKey>[] = [
  {
    id: 'alias',
    header: names.alias,
    cell: ({ aliases, keyId }) => (
      <ConsoleLink to={keyPage(keyId)}>{aliases.length > 0 ? aliases.join(', ') : texts.noAlias}</ConsoleLink>
    ),
    text: ({ aliases }) => aliases.join(' '),
    // Keys without a name stand at the end.
    sort: ({ aliases }) => aliases[0] ?? '\uffff',
    rowHeader: true,
    width: 180,
  },
  {
    id: 'id',
    header: names.id,
    cell: ({ keyId }) => <span className="st-mono">{keyId}</span>,
    text: ({ keyId }) => keyId,
    width: 340,
  },
  {
    id: 'state',
    header: names.state,
    cell: ({ metadata }) => <KeyState state={metadata?.KeyState} />,
    text: ({ metadata }) => stateText(metadata?.KeyState ?? ''),
    choices: true,
    width: 160,
  },
  {
    id: 'rotation',
    header: names.rotation,
    cell: ({ rotation }) => rotationText(rotation),
    text: ({ rotation }) => rotationText(rotation),
    choices: true,
    width: 140,
  },
  {
    id: 'spec',
    header: names.spec,
    cell: ({ metadata }) => metadata?.KeySpec ?? common.unknown,
    text: ({ metadata }) => metadata?.KeySpec ?? '',
    choices: true,
    width: 190,
  },
  {
    id: 'usage',
    header: names.usage,
    cell: ({ metadata }) => usageText(metadata?.KeyUsage),
    text: ({ metadata }) => usageText(metadata?.KeyUsage),
    choices: true,
    width: 210,
  },
  {
    id: 'manager',
    header: names.manager,
    cell: ({ metadata }) => texts.managers[metadata?.KeyManager ?? 'CUSTOMER'],
    text: ({ metadata }) => texts.managers[metadata?.KeyManager ?? 'CUSTOMER'],
    choices: true,
    width: 150,
  },
  {
    id: 'created',
    header: names.created,
    cell: ({ metadata }) => <Time at={metadata?.CreationDate} only="relative" />,
    text: ({ metadata }) => metadata?.CreationDate?.toISOString() ?? '',
    width: 150,
  },
  {
    id: 'description',
    header: names.description,
    cell: ({ metadata }) => metadata?.Description,
    text: ({ metadata }) => metadata?.Description ?? '',
    width: 280,
  },
]

function rotationText(rotation: ListedKey['rotation']): string {
  if (!rotation) return '–'
  return rotation.KeyRotationEnabled ? texts.rotation.every(rotation.RotationPeriodInDays ?? 365) : texts.rotation.off
}

export function usageText(usage: string | undefined): string {
  return texts.usages[usage as keyof typeof texts.usages] ?? common.unknown
}
