import { DescribeSessionsCommand, type Session } from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { useRead } from '#api/queries.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { Time } from '#components/time.tsx'
import { nodes } from '#texts/nodes.ts'

const { sessions: texts } = nodes
const LATEST = 100

/** Sessions on a node: those that go on, then the latest of those that are over. */
export function SessionsTab({ node }: { node: string }) {
  const read = useRead('sessions', ['of-node', node], async () => {
    const find = async (State: 'Active' | 'History') => {
      const Filters = [{ key: 'Target' as const, value: node }]
      return (await ssm().send(new DescribeSessionsCommand({ State, Filters, MaxResults: LATEST }))).Sessions ?? []
    }
    const [active, past] = await Promise.all([find('Active'), find('History')])
    return [...active, ...past]
  })
  return (
    <ListPanel
      name="node-sessions"
      prefix="s-"
      title={texts.title}
      columns={COLUMNS}
      idOf={({ SessionId = '' }) => SessionId}
      read={read}
      searchable
      command={['Active', 'History']
        .map((state) =>
          shellWords('aws', 'ssm', 'describe-sessions', '--state', state, '--filters', `key=Target,value=${node}`),
        )
        .join('\n')}
      empty={<Empty title={texts.empty}>{texts.emptyBody}</Empty>}
    />
  )
}

const COLUMNS: readonly Column<Session>[] = [
  {
    id: 'id',
    header: texts.columns.id,
    cell: ({ SessionId = '' }) => (
      <ConsoleLink to={`/sessions/${encodeURIComponent(SessionId)}`}>{SessionId}</ConsoleLink>
    ),
    text: ({ SessionId = '' }) => SessionId,
    rowHeader: true,
    width: 260,
  },
  {
    id: 'status',
    header: texts.columns.status,
    cell: ({ Status }) => Status,
    text: ({ Status = '' }) => Status,
    choices: true,
    width: 120,
  },
  {
    id: 'owner',
    header: texts.columns.owner,
    cell: ({ Owner = '' }) => <span title={Owner}>{ownerName(Owner)}</span>,
    text: ({ Owner = '' }) => Owner,
    width: 160,
  },
  {
    id: 'started',
    header: texts.columns.started,
    cell: ({ StartDate }) => <Time at={StartDate} />,
    text: ({ StartDate }) => StartDate?.toISOString() ?? '',
    width: 300,
  },
  {
    id: 'ended',
    header: texts.columns.ended,
    cell: ({ EndDate }) => <Time at={EndDate} only="relative" />,
    text: ({ EndDate }) => EndDate?.toISOString() ?? '',
    width: 140,
  },
  {
    id: 'reason',
    header: texts.columns.reason,
    cell: ({ Reason }) => Reason || '–',
    text: ({ Reason = '' }) => Reason,
    width: 200,
  },
]

function ownerName(arn: string): string {
  return arn.split(/[:/]/).at(-1) ?? arn
}
