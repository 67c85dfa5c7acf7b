import type { ComplianceItem } from '@aws-sdk/client-ssm'
import { ConsoleLink } from '#components/console-link.tsx'
import { plainOutput } from '#components/plain-output.ts'
import type { Column } from '#components/table/column.ts'
import { Time } from '#components/time.tsx'
import { compliance } from '#texts/compliance.ts'
import { Severity, Standing, severityRank, severityText, statusText } from './standing.tsx'
import { typePage } from './type-page-address.ts'

const { columns: texts, details: detailTexts } = compliance.type

/** Names an item among all. */
export function idOfItem({ ResourceId, ComplianceType, Id }: ComplianceItem): string {
  return `${ResourceId} ${ComplianceType} ${Id}`
}

/** Columns of items; those of one node say their type and not the node. `node` shows whose an item is. */
export function itemColumns(node?: (item: ComplianceItem) => React.ReactNode): Column<ComplianceItem>[] {
  return [
    ...(node ? [nodeColumn(node)] : []),
    {
      id: 'item',
      header: texts.item,
      cell: ({ Title, Id }) => Title || Id || '–',
      text: ({ Title, Id = '' }) => Title || Id,
      rowHeader: true,
      width: 280,
    },
    ...(node ? [] : [TYPE]),
    ...COLUMNS,
  ]
}

function nodeColumn(node: (item: ComplianceItem) => React.ReactNode): Column<ComplianceItem> {
  return { id: 'node', header: texts.node, cell: node, text: ({ ResourceId = '' }) => ResourceId, width: 200 }
}

const TYPE: Column<ComplianceItem> = {
  id: 'type',
  header: texts.type,
  cell: ({ ComplianceType = '' }) => <ConsoleLink to={typePage(ComplianceType)}>{ComplianceType}</ConsoleLink>,
  text: ({ ComplianceType = '' }) => ComplianceType,
  choices: true,
  width: 160,
}

const COLUMNS: readonly Column<ComplianceItem>[] = [
  {
    id: 'status',
    header: texts.status,
    cell: ({ Status }) => <Standing status={Status} />,
    text: ({ Status = '' }) => statusText(Status),
    choices: true,
    width: 170,
  },
  {
    id: 'severity',
    header: texts.severity,
    cell: ({ Severity: severity }) => <Severity severity={severity} />,
    text: ({ Severity: severity = '' }) => severityText(severity),
    sort: ({ Severity: severity }) => severityRank(severity),
    choices: true,
    width: 140,
  },
  {
    id: 'time',
    header: texts.time,
    cell: ({ ExecutionSummary }) => <Time at={ExecutionSummary?.ExecutionTime} only="relative" />,
    text: ({ ExecutionSummary }) => ExecutionSummary?.ExecutionTime?.toISOString() ?? '',
    width: 170,
  },
  {
    id: 'execution',
    header: texts.execution,
    cell: ({ ExecutionSummary }) => (
      <FoundBy id={ExecutionSummary?.ExecutionId} type={ExecutionSummary?.ExecutionType} />
    ),
    text: ({ ExecutionSummary }) => ExecutionSummary?.ExecutionId ?? '',
    width: 160,
  },
  {
    id: 'details',
    header: texts.details,
    cell: (item) => <Details item={item} />,
    text: (item) =>
      detailsOf(item)
        .map(([key, value]) => `${key}: ${value}`)
        .join(', '),
    width: 260,
  },
  {
    id: 'id',
    header: texts.id,
    cell: ({ Id }) => <span className="st-mono">{Id}</span>,
    text: ({ Id = '' }) => Id,
    hidden: true,
    width: 280,
  },
]

/** What found out about it: a command can be looked at. */
function FoundBy({ id, type }: { id: string | undefined; type: string | undefined }) {
  if (!id) return <>{type || '–'}</>
  return type === 'Command' ? (
    <ConsoleLink to={`/commands/${encodeURIComponent(id)}`}>{type}</ConsoleLink>
  ) : (
    <span>{type ?? id}</span>
  )
}

function Details({ item }: { item: ComplianceItem }) {
  const details = detailsOf(item)
  if (details.length === 0) return <>–</>
  return (
    <>
      {details.map(([key, value]) => (
        <div key={key}>
          {detailTexts[key] ?? key}: {plainOutput(value)}
        </div>
      ))}
    </>
  )
}

function detailsOf({ Details: details = {} }: ComplianceItem): [string, string][] {
  return Object.entries(details).filter(([, value]) => value !== '')
}
