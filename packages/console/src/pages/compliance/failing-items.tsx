import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { compliance } from '#texts/compliance.ts'
import type { Overview } from './read-compliance.ts'
import { Severity, severityRank, severityText } from './standing.tsx'
import { typePage } from './type-page-address.ts'

const { failing: texts } = compliance

type Item = Overview['FailingItems'][number]

/** What is not compliant on most nodes; each leads to the nodes. */
export function FailingItems({ items }: { items: readonly Item[] }) {
  return (
    <ResourceTable
      name="compliance-failing"
      prefix="f-"
      variant="container"
      title={texts.title}
      columns={COLUMNS}
      idOf={({ ComplianceType, Id, Severity: severity }) => `${ComplianceType} ${severity} ${Id}`}
      items={items}
      searchable={false}
      empty={<Empty title={texts.empty}>{texts.emptyBody}</Empty>}
    />
  )
}

const COLUMNS: readonly Column<Item>[] = [
  {
    id: 'item',
    header: texts.columns.item,
    cell: ({ ComplianceType, Id, Title }) => (
      <ConsoleLink to={typePage(ComplianceType, { tab: 'items', status: 'NON_COMPLIANT', item: Id })}>
        {Title || Id}
      </ConsoleLink>
    ),
    text: ({ Id, Title }) => Title || Id,
    rowHeader: true,
    width: 200,
  },
  {
    id: 'nodes',
    header: texts.columns.nodes,
    cell: ({ Nodes }) => Nodes.toLocaleString('en'),
    text: ({ Nodes }) => String(Nodes),
    sort: ({ Nodes }) => Nodes,
    number: true,
    width: 100,
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
    id: 'type',
    header: texts.columns.type,
    cell: ({ ComplianceType }) => ComplianceType,
    text: ({ ComplianceType }) => ComplianceType,
    width: 160,
  },
]
