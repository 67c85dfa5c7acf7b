import type { steward as model } from '@steward/model'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { Time } from '#components/time.tsx'
import { nodes } from '#texts/nodes.ts'

type AuditRecord = Wire<model.FoundAuditRecord>

const { events: texts } = nodes
const LATEST = 100

/** The latest calls that name a node. Read once: reading them is a call too, and would be told of. */
export function EventsTab({ node }: { node: string }) {
  const read = useRead('server', ['calls-about', node], async (signal) => {
    const input = { Resource: node, MaxResults: LATEST }
    return (await steward('SearchAuditRecords', input, signal)).Records ?? []
  })
  const all = new URLSearchParams({ view: 'all', f: `resource~=~${node}` })
  return (
    <ListPanel
      name="node-events"
      prefix="e-"
      title={texts.title}
      columns={COLUMNS}
      idOf={({ EventId = '' }) => EventId}
      read={read}
      searchable
      command={shellWords('npx', 'steward', 'audit', 'search', '--resource', node)}
      actions={<ButtonLink to={`/audit?${all}`}>{texts.all}</ButtonLink>}
      empty={<Empty title={texts.empty}>{texts.emptyBody}</Empty>}
    />
  )
}

const COLUMNS: readonly Column<AuditRecord>[] = [
  {
    id: 'time',
    header: texts.columns.time,
    cell: ({ EventTime }) => <Time at={instant(EventTime)} />,
    text: ({ EventTime }) => instant(EventTime)?.toISOString() ?? '',
    width: 300,
  },
  {
    id: 'action',
    header: texts.columns.action,
    cell: ({ EventId, EventName }) => <ConsoleLink to={`/audit/${EventId}`}>{EventName}</ConsoleLink>,
    text: ({ EventName = '' }) => EventName,
    choices: true,
    rowHeader: true,
    width: 240,
  },
  {
    id: 'who',
    header: texts.columns.who,
    cell: ({ Principal }) => <span title={Principal?.Arn}>{whoOf({ Principal })}</span>,
    text: whoOf,
    choices: true,
    width: 200,
  },
  {
    id: 'outcome',
    header: texts.columns.outcome,
    cell: ({ Outcome, ErrorCode }) => [Outcome, ErrorCode].filter(Boolean).join(': '),
    text: ({ Outcome = '' }) => Outcome,
    choices: true,
    width: 200,
  },
  {
    id: 'from',
    header: texts.columns.from,
    cell: ({ SourceIpAddress }) => SourceIpAddress,
    text: ({ SourceIpAddress = '' }) => SourceIpAddress,
    width: 140,
  },
]

function whoOf({ Principal }: Pick<AuditRecord, 'Principal'>): string {
  return Principal?.Name ?? Principal?.AccessKeyId ?? Principal?.Type ?? '–'
}
