import { DescribeInstanceAssociationsStatusCommand, type InstanceAssociationStatusInfo } from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { allPages, useRead } from '#api/queries.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { CommandStatus, statusWords } from '#components/command-status.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { Time } from '#components/time.tsx'
import { associations } from '#texts/associations.ts'

const { node: texts } = associations

/** The associations that keep the node in its state, and what each came to on it last. */
export function StateTab({ node }: { node: string }) {
  const read = useRead('associations', ['of-node', node], (abortSignal) =>
    allPages<InstanceAssociationStatusInfo>(async (NextToken) => {
      const input = { InstanceId: node, MaxResults: 50, NextToken }
      const answer = await ssm().send(new DescribeInstanceAssociationsStatusCommand(input), { abortSignal })
      return { items: answer.InstanceAssociationStatusInfos ?? [], next: answer.NextToken }
    }),
  )
  const create = (
    <ButtonLink to={`/associations/new?${new URLSearchParams({ nodes: node })}`}>{associations.create}</ButtonLink>
  )
  return (
    <ListPanel
      name="node-associations"
      prefix="a-"
      title={texts.title}
      description={texts.description}
      columns={COLUMNS}
      idOf={({ AssociationId = '' }) => AssociationId}
      read={read}
      searchable
      actions={create}
      command={shellWords('aws', 'ssm', 'describe-instance-associations-status', '--instance-id', node)}
      empty={
        <Empty title={texts.empty} action={create}>
          {texts.emptyBody}
        </Empty>
      }
    />
  )
}

const { columns: names, nodeColumns } = associations

const COLUMNS: readonly Column<InstanceAssociationStatusInfo>[] = [
  {
    id: 'name',
    header: names.name,
    cell: ({ AssociationId, AssociationName, Name }) => (
      <ConsoleLink to={`/associations/${AssociationId}`}>{AssociationName || Name}</ConsoleLink>
    ),
    text: ({ AssociationName, Name = '' }) => AssociationName || Name,
    rowHeader: true,
    width: 220,
  },
  {
    id: 'status',
    header: nodeColumns.status,
    cell: ({ DetailedStatus, Status }) => <CommandStatus details={DetailedStatus || Status} />,
    text: ({ DetailedStatus, Status = '' }) => statusWords(DetailedStatus || Status),
    choices: true,
    width: 150,
  },
  {
    id: 'last',
    header: nodeColumns.last,
    cell: ({ ExecutionDate }) => (ExecutionDate ? <Time at={ExecutionDate} /> : associations.never),
    text: ({ ExecutionDate }) => ExecutionDate?.toISOString() ?? '',
    width: 260,
  },
  {
    id: 'summary',
    header: nodeColumns.summary,
    cell: ({ ExecutionSummary, ErrorCode }) => [ErrorCode, ExecutionSummary].filter(Boolean).join(': ') || '–',
    text: ({ ExecutionSummary, ErrorCode }) => [ErrorCode, ExecutionSummary].filter(Boolean).join(': '),
    width: 380,
  },
  {
    id: 'document',
    header: names.document,
    cell: ({ Name }) => Name,
    text: ({ Name = '' }) => Name,
    width: 220,
  },
]
