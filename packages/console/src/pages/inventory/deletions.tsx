import { DescribeInventoryDeletionsCommand, type InventoryDeletionStatusItem } from '@aws-sdk/client-ssm'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { ssm } from '#api/clients/ssm.ts'
import { allPages, useRead } from '#api/queries.ts'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { inventory } from '#texts/inventory.ts'

const { deletions: texts } = inventory

/** What was deleted of custom types in the last 30 days, and what is being deleted; nothing if there is none. */
export function Deletions() {
  const read = useRead('inventory', ['deletions'], (abortSignal) =>
    allPages<InventoryDeletionStatusItem>(async (NextToken) => {
      const answer = await ssm().send(new DescribeInventoryDeletionsCommand({ NextToken }), { abortSignal })
      return { items: answer.InventoryDeletions ?? [], next: answer.NextToken }
    }),
  )
  // Who may not list them still sees the rest of the page.
  if (!read.data?.length) return null
  return (
    <ResourceTable
      name="inventory-deletions"
      prefix="d-"
      variant="container"
      searchable={false}
      title={texts.title}
      columns={COLUMNS}
      idOf={({ DeletionId = '' }) => DeletionId}
      items={read.data}
      reading={read.isFetching}
      command={shellWords('aws', 'ssm', 'describe-inventory-deletions')}
      empty={<Empty title={texts.title} />}
    />
  )
}

function statusText({ LastStatus }: InventoryDeletionStatusItem): string {
  return texts.statuses[LastStatus ?? ''] ?? LastStatus ?? ''
}

const COLUMNS: readonly Column<InventoryDeletionStatusItem>[] = [
  {
    id: 'type',
    header: texts.columns.type,
    cell: ({ TypeName }) => TypeName,
    text: ({ TypeName = '' }) => TypeName,
    rowHeader: true,
    width: 220,
  },
  {
    id: 'status',
    header: texts.columns.status,
    cell: (deletion) => (
      <StatusIndicator type={deletion.LastStatus === 'Complete' ? 'success' : 'in-progress'}>
        {statusText(deletion)}
      </StatusIndicator>
    ),
    text: statusText,
    width: 140,
  },
  {
    id: 'nodes',
    header: texts.columns.nodes,
    cell: ({ DeletionSummary }) => texts.share(DeletionSummary?.RemainingCount ?? 0, DeletionSummary?.TotalCount ?? 0),
    text: ({ DeletionSummary }) => texts.share(DeletionSummary?.RemainingCount ?? 0, DeletionSummary?.TotalCount ?? 0),
    number: true,
    width: 150,
  },
  {
    id: 'started',
    header: texts.columns.started,
    cell: ({ DeletionStartTime }) => <Time at={DeletionStartTime} only="relative" />,
    text: ({ DeletionStartTime }) => DeletionStartTime?.toISOString() ?? '',
    width: 150,
  },
  {
    id: 'id',
    header: texts.columns.id,
    cell: ({ DeletionId }) => DeletionId,
    text: ({ DeletionId = '' }) => DeletionId,
    width: 300,
  },
]
