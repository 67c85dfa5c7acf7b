import { DeleteResourceDataSyncCommand, type ResourceDataSyncItem } from '@aws-sdk/client-ssm'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { useMemo, useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { dataSyncs as texts } from '#texts/data-syncs.ts'
import { inventory } from '#texts/inventory.ts'
import { CreateSync } from './create-sync.tsx'
import { GatheringSync } from './gathering-sync.tsx'
import { FROM_SOURCE, useSyncs } from './read-syncs.ts'

const ABOVE = [{ text: inventory.title, to: '/inventory' }]
const TO_DESTINATION = 'SyncToDestination'

/** The syncs of inventory and compliance to buckets, and how they stand. */
export function SyncsPage() {
  const [creating, setCreating] = useState<'writing' | 'gathering'>()
  const [edited, setEdited] = useState<ResourceDataSyncItem>()
  const [deleted, setDeleted] = useState<ResourceDataSyncItem>()
  const columns = useMemo(() => columnsOf(setEdited, setDeleted), [])
  const read = useSyncs()
  const create = (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => setCreating('gathering')}>{texts.gathering.create}</Button>
      <Button variant="primary" onClick={() => setCreating('writing')}>
        {texts.create}
      </Button>
    </SpaceBetween>
  )
  return (
    <PageFrame title={texts.title} above={ABOVE} contentType="table" titleInContent>
      <ResourceTable
        name="data-syncs"
        searchable={false}
        title={texts.title}
        description={texts.description}
        columns={columns}
        idOf={({ SyncName = '' }) => SyncName}
        items={read.data}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        command={shellWords('aws', 'ssm', 'list-resource-data-sync')}
        actions={create}
        empty={<Empty title={texts.empty.title}>{texts.empty.body}</Empty>}
      />
      {creating === 'writing' && <CreateSync onClose={() => setCreating(undefined)} />}
      {creating === 'gathering' && <GatheringSync onClose={() => setCreating(undefined)} />}
      {edited && <GatheringSync sync={edited} onClose={() => setEdited(undefined)} />}
      {deleted && <DeleteSync sync={deleted} onClose={() => setDeleted(undefined)} />}
    </PageFrame>
  )
}

interface DeleteSyncProps {
  readonly sync: ResourceDataSyncItem
  readonly onClose: () => void
}

function DeleteSync({ sync: { SyncName = '', SyncType }, onClose }: DeleteSyncProps) {
  const { remove: words } = texts
  const remove = useAct(['resource-data-syncs'], () =>
    ssm().send(new DeleteResourceDataSyncCommand({ SyncName, SyncType })),
  )
  const isUsual = SyncType === TO_DESTINATION
  return (
    <Confirm
      title={words.title(SyncName)}
      act={words.act}
      command={shellWords(
        ...['aws', 'ssm', 'delete-resource-data-sync', '--sync-name', SyncName],
        ...(isUsual ? [] : ['--sync-type', SyncType]),
      )}
      onConfirm={async () => {
        await remove.mutateAsync(undefined)
        notify({ type: 'success', header: words.done(SyncName) })
      }}
      onClose={onClose}
    >
      {SyncType === FROM_SOURCE ? words.gathering : words.body}
    </Confirm>
  )
}

const STATUS: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  Successful: 'success',
  InProgress: 'in-progress',
  Failed: 'error',
}

function placeOf({ S3Destination, SyncSource }: ResourceDataSyncItem): string {
  if (!S3Destination)
    return texts.gathers(
      [...(SyncSource?.SourceRegions ?? []), ...(SyncSource?.IncludeFutureRegions ? [texts.allRegions] : [])].join(
        ', ',
      ),
    )
  const { BucketName, Prefix } = S3Destination
  return `s3://${[BucketName, Prefix].filter(Boolean).join('/')}`
}

function columnsOf(
  onEdit: (sync: ResourceDataSyncItem) => void,
  onDelete: (sync: ResourceDataSyncItem) => void,
): Column<ResourceDataSyncItem>[] {
  const { columns: names, statuses } = texts
  return [
    {
      id: 'name',
      header: names.name,
      cell: ({ SyncName }) => SyncName,
      text: ({ SyncName = '' }) => SyncName,
      rowHeader: true,
      width: 180,
    },
    {
      id: 'status',
      header: names.status,
      cell: ({ LastStatus = '' }) => (
        <StatusIndicator type={STATUS[LastStatus] ?? 'pending'}>{statuses[LastStatus] ?? LastStatus}</StatusIndicator>
      ),
      text: ({ LastStatus = '' }) => statuses[LastStatus] ?? LastStatus,
      width: 140,
    },
    { id: 'where', header: names.where, cell: placeOf, text: placeOf, width: 220 },
    {
      id: 'complete',
      header: names.complete,
      cell: ({ LastSuccessfulSyncTime }) => <Time at={LastSuccessfulSyncTime} only="relative" />,
      text: ({ LastSuccessfulSyncTime }) => LastSuccessfulSyncTime?.toISOString() ?? '',
      width: 170,
    },
    {
      id: 'message',
      header: names.message,
      cell: ({ LastSyncStatusMessage }) => LastSyncStatusMessage || '–',
      text: ({ LastSyncStatusMessage = '' }) => LastSyncStatusMessage,
      width: 260,
    },
    {
      id: 'looked',
      header: names.looked,
      cell: ({ LastSyncTime }) => <Time at={LastSyncTime} only="relative" />,
      text: ({ LastSyncTime }) => LastSyncTime?.toISOString() ?? '',
      width: 150,
    },
    {
      id: 'created',
      header: names.created,
      cell: ({ SyncCreatedTime }) => <Time at={SyncCreatedTime} only="relative" />,
      text: ({ SyncCreatedTime }) => SyncCreatedTime?.toISOString() ?? '',
      hidden: true,
      width: 150,
    },
    {
      id: 'acts',
      header: names.acts,
      cell: (sync) => (
        <SpaceBetween direction="horizontal" size="s">
          {sync.SyncType === FROM_SOURCE && (
            <Button
              variant="inline-link"
              ariaLabel={`${texts.gathering.editAct} ${sync.SyncName}`}
              onClick={() => onEdit(sync)}
            >
              {texts.gathering.editAct}
            </Button>
          )}
          <Button
            variant="inline-link"
            ariaLabel={`${texts.remove.act} ${sync.SyncName}`}
            onClick={() => onDelete(sync)}
          >
            {texts.remove.act}
          </Button>
        </SpaceBetween>
      ),
      width: 120,
    },
  ]
}
