import type { ResourceComplianceSummaryItem } from '@aws-sdk/client-ssm'
import { useMemo } from 'react'
import { ButtonLink } from '#components/button-link.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable, useSelection } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { useNodeNames } from '#pages/sessions/node-link.tsx'
import { compliance } from '#texts/compliance.ts'
import { type Asked, listCommand } from './asked.ts'
import { cutNote } from './cut-note.tsx'
import { equal, useSummaries } from './read-compliance.ts'
import { Severity, Standing, severityRank, severityText, statusText } from './standing.tsx'

const { type: texts } = compliance

type Summary = ResourceComplianceSummaryItem
const idOf = ({ ResourceId = '' }: Summary) => ResourceId

/** The nodes that reported a type; on those that are chosen a command can be run that mends them (CMP-08). */
export function TypeNodes({ asked }: { asked: Asked }) {
  const { type, status, severity } = asked
  const filters = useMemo(
    () => [...equal('ComplianceType', type), ...equal('Status', status), ...equal('OverallSeverity', severity)],
    [type, status, severity],
  )
  const read = useSummaries(filters)
  const items = read.data?.items
  const selection = useSelection(items, idOf)
  const names = useNodeNames((items ?? []).map(idOf))
  const columns = useMemo(() => [nodeColumn(names), ...COLUMNS], [names])
  const chosen = selection.selected.map(idOf)
  return (
    <ResourceTable
      name="compliance-nodes"
      prefix="n-"
      variant="container"
      title={texts.nodes}
      columns={columns}
      idOf={idOf}
      items={items}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      selection={selection}
      actions={
        chosen.length > 0 && (
          <ButtonLink to={`/commands/run?${new URLSearchParams({ nodes: chosen.join(',') })}`}>{texts.run}</ButtonLink>
        )
      }
      command={listCommand('list-resource-compliance-summaries', filters)}
      footer={cutNote(read.data)}
      empty={<Empty title={texts.noNodes}>{texts.noNodesBody}</Empty>}
    />
  )
}

function nodeColumn(names: ReadonlyMap<string, string>): Column<Summary> {
  return {
    id: 'node',
    header: texts.columns.node,
    cell: ({ ResourceId = '' }) => (
      <ConsoleLink to={`/nodes/${ResourceId}?tab=compliance`}>{names.get(ResourceId) ?? ResourceId}</ConsoleLink>
    ),
    text: ({ ResourceId = '' }) => names.get(ResourceId) ?? ResourceId,
    rowHeader: true,
    width: 240,
  }
}

const failing = ({ NonCompliantSummary }: Summary) => NonCompliantSummary?.NonCompliantCount ?? 0
const passing = ({ CompliantSummary }: Summary) => CompliantSummary?.CompliantCount ?? 0

const COLUMNS: readonly Column<Summary>[] = [
  {
    id: 'status',
    header: texts.columns.status,
    cell: ({ Status }) => <Standing status={Status} />,
    text: ({ Status = '' }) => statusText(Status),
    choices: true,
    width: 160,
  },
  {
    id: 'severity',
    header: texts.columns.severity,
    cell: ({ Status, OverallSeverity }) => <Severity severity={Status === 'COMPLIANT' ? undefined : OverallSeverity} />,
    text: ({ OverallSeverity = '' }) => severityText(OverallSeverity),
    sort: ({ OverallSeverity }) => severityRank(OverallSeverity),
    width: 140,
  },
  {
    id: 'failing',
    header: texts.columns.failing,
    cell: (summary) => failing(summary).toLocaleString('en'),
    text: (summary) => String(failing(summary)),
    sort: failing,
    number: true,
    width: 160,
  },
  {
    id: 'passing',
    header: texts.columns.passing,
    cell: (summary) => passing(summary).toLocaleString('en'),
    text: (summary) => String(passing(summary)),
    sort: passing,
    number: true,
    width: 180,
  },
  {
    id: 'time',
    header: texts.columns.time,
    cell: ({ ExecutionSummary }) => <Time at={ExecutionSummary?.ExecutionTime} only="relative" />,
    text: ({ ExecutionSummary }) => ExecutionSummary?.ExecutionTime?.toISOString() ?? '',
    width: 170,
  },
]
