import type { ParameterMetadata } from '@aws-sdk/client-ssm'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { Person, TypeName } from './parameter-columns.tsx'
import { parameterPage } from './paths.ts'
import { useShared } from './read-parameter.ts'
import { Whose } from './whose.tsx'

const { columns: names, sharedWithUs } = texts

/** What other accounts share with this one. */
export function SharedParameters() {
  const read = useShared()
  return (
    <PageFrame title={sharedWithUs.title} contentType="table" titleInContent>
      <ResourceTable
        name="shared-parameters"
        title={sharedWithUs.title}
        description={sharedWithUs.hint}
        columns={COLUMNS}
        idOf={({ ARN = '' }) => ARN}
        items={read.data}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        placeholder={sharedWithUs.search}
        sortedBy={{ column: 'Name', descending: false }}
        command={shellWords('aws', 'ssm', 'describe-parameters', '--shared')}
        above={<Whose />}
        empty={<Empty title={sharedWithUs.none}>{sharedWithUs.noneHint}</Empty>}
      />
    </PageFrame>
  )
}

function accountOf({ ARN = '' }: ParameterMetadata): string {
  return ARN.split(':')[4] ?? ''
}

const COLUMNS: readonly Column<ParameterMetadata>[] = [
  {
    id: 'Name',
    header: names.name,
    cell: ({ Name, ARN = '' }) => <ConsoleLink to={parameterPage(ARN)}>{Name}</ConsoleLink>,
    text: ({ Name = '' }) => Name,
    rowHeader: true,
    width: 300,
  },
  { id: 'Account', header: names.account, cell: accountOf, text: accountOf, width: 160 },
  {
    id: 'Type',
    header: names.type,
    cell: ({ Type = '' }) => <TypeName type={Type} />,
    text: ({ Type = '' }) => Type,
    width: 150,
  },
  {
    id: 'Version',
    header: names.version,
    cell: ({ Version }) => Version,
    text: ({ Version = 0 }) => String(Version),
    number: true,
    width: 115,
  },
  {
    id: 'LastModifiedDate',
    header: names.changed,
    cell: ({ LastModifiedDate }) => <Time at={LastModifiedDate} only="relative" />,
    text: ({ LastModifiedDate }) => LastModifiedDate?.toISOString() ?? '',
    width: 150,
  },
  {
    id: 'LastModifiedUser',
    header: names.user,
    cell: ({ LastModifiedUser }) => <Person arn={LastModifiedUser} />,
    text: ({ LastModifiedUser = '' }) => LastModifiedUser,
    width: 160,
  },
  {
    id: 'Description',
    header: names.description,
    cell: ({ Description }) => Description,
    text: ({ Description = '' }) => Description,
    width: 280,
  },
  {
    id: 'ARN',
    header: names.arn,
    cell: ({ ARN }) => ARN,
    text: ({ ARN = '' }) => ARN,
    hidden: true,
    width: 360,
  },
]
