import type { Association } from '@aws-sdk/client-ssm'
import { ButtonLink } from '#components/button-link.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { associations } from '#texts/associations.ts'
import { CountsBar, stateCounts, totalOf } from './counts.tsx'
import { scheduleInWords, targetsInWords } from './in-words.ts'
import { nameOf, useAssociations } from './read.ts'

/** Every association, with what it came to on its nodes. */
export function AssociationsPage() {
  const read = useAssociations()
  const create = (
    <ButtonLink variant="primary" to="/associations/new">
      {associations.create}
    </ButtonLink>
  )
  return (
    <PageFrame title={associations.title} contentType="table" titleInContent>
      <ResourceTable
        name="associations"
        title={associations.title}
        description={associations.description}
        columns={COLUMNS}
        idOf={({ AssociationId = '' }) => AssociationId}
        items={read.data}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        placeholder={associations.search}
        command={shellWords('aws', 'ssm', 'list-associations')}
        actions={create}
        empty={
          <Empty title={associations.empty.title} action={create}>
            {associations.empty.body}
          </Empty>
        }
      />
    </PageFrame>
  )
}

const countsOf = ({ Overview }: Association) => stateCounts(Overview?.AssociationStatusAggregatedCount ?? {})

const { columns: names } = associations

const COLUMNS: readonly Column<Association>[] = [
  {
    id: 'name',
    header: names.name,
    cell: (one) => (
      <ConsoleLink to={`/associations/${one.AssociationId}`}>
        {one.AssociationName || associations.unnamed(one.Name ?? '')}
      </ConsoleLink>
    ),
    text: nameOf,
    rowHeader: true,
    width: 200,
  },
  {
    id: 'state',
    header: names.state,
    cell: (one) => <CountsBar counts={countsOf(one)} />,
    text: (one) => associations.counted(countsOf(one).success, totalOf(countsOf(one))),
    // What fails most comes first.
    sort: (one) => -countsOf(one).failed,
    width: 280,
  },
  {
    id: 'document',
    header: names.document,
    cell: ({ Name = '' }) => (
      <ConsoleLink to={`/documents/show?${new URLSearchParams({ name: Name })}`}>{Name}</ConsoleLink>
    ),
    text: ({ Name = '' }) => Name,
    choices: true,
    width: 220,
  },
  {
    id: 'targets',
    header: names.targets,
    cell: ({ Targets, InstanceId }) => targetsInWords(Targets, InstanceId),
    text: ({ Targets, InstanceId }) => targetsInWords(Targets, InstanceId),
    width: 180,
  },
  {
    id: 'schedule',
    header: names.schedule,
    cell: ({ ScheduleExpression }) => <span title={ScheduleExpression}>{scheduleInWords(ScheduleExpression)}</span>,
    text: ({ ScheduleExpression }) => scheduleInWords(ScheduleExpression),
    choices: true,
    width: 180,
  },
  {
    id: 'last',
    header: names.last,
    cell: ({ LastExecutionDate }) =>
      LastExecutionDate ? <Time at={LastExecutionDate} only="relative" /> : associations.never,
    text: ({ LastExecutionDate }) => LastExecutionDate?.toISOString() ?? '',
    width: 140,
  },
  {
    id: 'id',
    header: names.id,
    cell: ({ AssociationId = '' }) => <Copyable text={AssociationId} />,
    text: ({ AssociationId = '' }) => AssociationId,
    hidden: true,
    width: 330,
  },
]
