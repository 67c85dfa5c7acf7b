import { signedIn } from '#api/sign-in.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { compliance } from '#texts/compliance.ts'
import type { Overview } from './read-compliance.ts'
import { Severity, severityRank, severityText } from './standing.tsx'

const { worst: texts } = compliance

type Node = Overview['Worst'][number]

/** The nodes with the most severe faults. */
export function WorstNodes({ nodes }: { nodes: readonly Node[] }) {
  return (
    <ResourceTable
      name="compliance-worst"
      prefix="w-"
      variant="container"
      title={texts.title}
      columns={COLUMNS}
      idOf={({ InstanceId }) => InstanceId}
      items={nodes}
      searchable={false}
      empty={<Empty title={texts.empty}>{texts.emptyBody}</Empty>}
    />
  )
}

const COLUMNS: readonly Column<Node>[] = [
  {
    id: 'node',
    header: texts.columns.node,
    // A node's page is of the Region in which the console is.
    cell: ({ InstanceId, Name, Region }) =>
      Region && Region !== signedIn()?.region ? (
        `${Name ?? InstanceId} (${Region})`
      ) : (
        <ConsoleLink to={`/nodes/${InstanceId}?tab=compliance`}>{Name ?? InstanceId}</ConsoleLink>
      ),
    text: ({ InstanceId, Name, Region }) => [Name ?? InstanceId, Region].filter(Boolean).join(' '),
    rowHeader: true,
    width: 180,
  },
  {
    id: 'severity',
    header: texts.columns.severity,
    cell: ({ Severity: severity }) => <Severity severity={severity} />,
    text: ({ Severity: severity }) => severityText(severity),
    sort: ({ Severity: severity }) => severityRank(severity),
    width: 130,
  },
  {
    id: 'items',
    header: texts.columns.items,
    cell: ({ NonCompliantItems }) => NonCompliantItems.toLocaleString('en'),
    text: ({ NonCompliantItems }) => String(NonCompliantItems),
    sort: ({ NonCompliantItems }) => NonCompliantItems,
    number: true,
    width: 100,
  },
  {
    id: 'types',
    header: texts.columns.types,
    cell: ({ ComplianceTypes }) => ComplianceTypes.join(', '),
    text: ({ ComplianceTypes }) => ComplianceTypes.join(', '),
    width: 180,
  },
]
