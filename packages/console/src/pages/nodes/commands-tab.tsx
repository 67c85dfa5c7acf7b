import { type CommandInvocation, ListCommandInvocationsCommand } from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { useRead } from '#api/queries.ts'
import { CommandStatus, statusWords } from '#components/command-status.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { Time } from '#components/time.tsx'
import { nodes } from '#texts/nodes.ts'

const { commands: texts } = nodes
const LATEST = 50

/** The latest commands on a node. */
export function CommandsTab({ node }: { node: string }) {
  const read = useRead('commands', ['of-node', node], async () => {
    const input = { InstanceId: node, MaxResults: LATEST }
    return (await ssm().send(new ListCommandInvocationsCommand(input))).CommandInvocations ?? []
  })
  return (
    <ListPanel
      name="node-commands"
      prefix="c-"
      title={texts.title}
      columns={COLUMNS}
      idOf={({ CommandId = '' }) => CommandId}
      read={read}
      searchable
      command={shellWords('aws', 'ssm', 'list-command-invocations', '--instance-id', node)}
      empty={<Empty title={texts.empty}>{texts.emptyBody}</Empty>}
    />
  )
}

const COLUMNS: readonly Column<CommandInvocation>[] = [
  {
    id: 'document',
    header: texts.columns.document,
    cell: ({ CommandId, InstanceId, DocumentName }) => (
      <ConsoleLink to={`/commands/${CommandId}/${InstanceId}`}>{DocumentName}</ConsoleLink>
    ),
    text: ({ DocumentName = '' }) => DocumentName,
    rowHeader: true,
    width: 240,
  },
  {
    id: 'status',
    header: texts.columns.status,
    cell: ({ StatusDetails }) => <CommandStatus details={StatusDetails} />,
    text: ({ StatusDetails = '' }) => statusWords(StatusDetails),
    choices: true,
    width: 160,
  },
  {
    id: 'requested',
    header: texts.columns.requested,
    cell: ({ RequestedDateTime }) => <Time at={RequestedDateTime} />,
    text: ({ RequestedDateTime }) => RequestedDateTime?.toISOString() ?? '',
    width: 300,
  },
  {
    id: 'comment',
    header: texts.columns.comment,
    cell: ({ Comment }) => Comment || '–',
    text: ({ Comment = '' }) => Comment,
    width: 240,
  },
  {
    id: 'id',
    header: texts.columns.id,
    cell: ({ CommandId }) => <span className="st-mono">{CommandId}</span>,
    text: ({ CommandId = '' }) => CommandId,
    width: 320,
  },
]
