import Button from '@cloudscape-design/components/button'
import { nodeStatusText } from '#components/node-status.tsx'
import { Share } from '#components/share.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { compliance } from '#texts/compliance.ts'
import { keyText } from './narrow-bar.tsx'
import type { Narrowing } from './narrowing.ts'
import type { Overview } from './read-compliance.ts'
import { Severity, severityRank, severityText } from './standing.tsx'

const { compare: texts } = compliance

type Group = NonNullable<Overview['Groups']>[number]

interface ComparisonProps {
  readonly by: string
  readonly groups: readonly Group[]
  readonly onNarrow: (change: Partial<Narrowing>) => void
}

/** Nodes side by side, by a tag or by what they are; each row leads to its own nodes. */
export function Comparison({ by, groups, onNarrow }: ComparisonProps) {
  const columns: Column<Group>[] = [
    {
      id: 'value',
      header: keyText(by),
      cell: (group) => (
        <Button variant="inline-link" onClick={() => onNarrow({ only: { key: by, value: group.Value } })}>
          {labelOf(by, group)}
        </Button>
      ),
      text: (group) => labelOf(by, group),
      rowHeader: true,
      width: 240,
    },
    ...COLUMNS,
  ]
  return (
    <ResourceTable
      name="compliance-by"
      prefix="b-"
      variant="container"
      title={texts.title(keyText(by))}
      columns={columns}
      idOf={({ Value }) => (Value === undefined ? 'none' : `=${Value}`)}
      items={groups}
      searchable={false}
      empty={texts.empty}
    />
  )
}

function labelOf(by: string, { Value }: Group): string {
  if (Value === undefined) return texts.without
  return by === 'PingStatus' ? nodeStatusText(Value) : Value
}

function worst({ Severities = [] }: Group): string | undefined {
  return Severities.map(({ Severity }) => Severity).sort((a, b) => severityRank(a) - severityRank(b))[0]
}

const COLUMNS: readonly Column<Group>[] = [
  {
    id: 'share',
    header: texts.columns.share,
    cell: ({ Compliant, Total }) => <Share part={Compliant} whole={Total} />,
    text: ({ Compliant, Total }) => `${Compliant} of ${Total}`,
    sort: ({ Compliant, Total }) => Compliant / Math.max(1, Total),
    width: 240,
  },
  {
    id: 'severity',
    header: texts.columns.severities,
    cell: (group) => <Severity severity={worst(group)} />,
    text: (group) => severityText(worst(group) ?? ''),
    sort: (group) => severityRank(worst(group)),
    width: 160,
  },
  count('bad', texts.columns.bad, ({ NonCompliant }) => NonCompliant),
  count('unreported', texts.columns.unreported, ({ Unreported }) => Unreported),
]

function count(id: string, header: string, of: (group: Group) => number): Column<Group> {
  return {
    id,
    header,
    cell: (group) => of(group).toLocaleString('en'),
    text: (group) => String(of(group)),
    sort: of,
    number: true,
    width: 170,
  }
}
