import ExpandableSection from '@cloudscape-design/components/expandable-section'
import { instant } from '#api/wire.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { compliance } from '#texts/compliance.ts'
import type { Overview } from './read-compliance.ts'

const { history: texts, types } = compliance

interface Row {
  readonly date: number
  readonly type: string
  readonly good: number
  readonly bad: number
}

/** The numbers behind the columns, for whoever wants to read or take them along. */
export function HistoryTable({ trend }: { trend: Overview['Trend'] }) {
  const rows = trend.flatMap(({ Date: date, Types }) =>
    Types.map(({ ComplianceType: type, Compliant: good, NonCompliant: bad }) => ({ date, type, good, bad })),
  )
  return (
    <ExpandableSection headerText={texts.title} variant="footer">
      <ResourceTable
        name="compliance-history"
        prefix="h-"
        variant="borderless"
        title={texts.title}
        columns={COLUMNS}
        idOf={({ date, type }) => `${date} ${type}`}
        items={rows}
        searchable={false}
        sortedBy={{ column: 'date', descending: true }}
        empty={types.noHistory}
      />
    </ExpandableSection>
  )
}

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'date',
    header: texts.columns.date,
    cell: ({ date }) => <Time at={instant(date)} only="absolute" />,
    text: ({ date }) => new Date(date * 1000).toISOString(),
    rowHeader: true,
    width: 240,
  },
  { id: 'type', header: texts.columns.type, cell: ({ type }) => type, text: ({ type }) => type, width: 240 },
  {
    id: 'good',
    header: texts.columns.good,
    cell: ({ good }) => good.toLocaleString('en'),
    text: ({ good }) => String(good),
    sort: ({ good }) => good,
    number: true,
    width: 160,
  },
  {
    id: 'bad',
    header: texts.columns.bad,
    cell: ({ bad }) => bad.toLocaleString('en'),
    text: ({ bad }) => String(bad),
    sort: ({ bad }) => bad,
    number: true,
    width: 180,
  },
]
