import type { ReferringDocument } from '@steward/model/generated/steward.ts'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { stewardCall } from '#components/steward-call.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { parameters as texts } from '#texts/parameters.ts'

type Referring = Wire<ReferringDocument>

/** Which documents have `{{ssm:…}}` with this parameter in them. */
export function ReferencesTab({ name }: { name: string }) {
  const read = useRead('documents', ['referring', name], (signal) =>
    steward('ListParameterReferences', { Name: name }, signal),
  )
  return (
    <ResourceTable
      name="parameter-references"
      variant="container"
      title={texts.references.title}
      description={texts.references.hint}
      columns={columns}
      idOf={({ Name }) => Name}
      items={read.data?.Documents}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      searchable={false}
      command={stewardCall('ListParameterReferences', { Name: name })}
      empty={<Empty title={texts.references.none}>{texts.references.noneHint}</Empty>}
    />
  )
}

const { columns: names } = texts.references

const columns: readonly Column<Referring>[] = [
  {
    id: 'name',
    header: names.name,
    cell: ({ Name }) => <ConsoleLink to={`/documents/show?${new URLSearchParams({ name: Name })}`}>{Name}</ConsoleLink>,
    text: ({ Name }) => Name,
    rowHeader: true,
    width: 320,
  },
  {
    id: 'type',
    header: names.type,
    cell: ({ DocumentType }) => DocumentType,
    text: ({ DocumentType }) => DocumentType,
  },
  {
    id: 'versions',
    header: names.versions,
    cell: ({ DocumentVersions }) => DocumentVersions.join(', '),
    text: ({ DocumentVersions }) => DocumentVersions.join(' '),
  },
  {
    id: 'default',
    header: names.isDefault,
    cell: ({ IsInDefaultVersion }) => (IsInDefaultVersion ? texts.references.yes : texts.references.no),
    text: ({ IsInDefaultVersion }) => (IsInDefaultVersion ? texts.references.yes : texts.references.no),
  },
]
