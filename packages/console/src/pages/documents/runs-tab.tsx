import type { Command } from '@aws-sdk/client-ssm'
import { CommandStatus, statusWords } from '#components/command-status.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { documents } from '#texts/documents.ts'
import type { DocumentTabProps } from './document-tabs.tsx'
import { NEWEST_RUNS, useRuns } from './documents-data.ts'

const texts = documents.runs

/** The newest commands that ran the document. */
export function RunsTab({ name }: DocumentTabProps) {
  const read = useRuns(name)
  return (
    <ResourceTable
      name="document-runs"
      prefix="r."
      variant="container"
      title={texts.title}
      description={read.data?.more ? texts.more : undefined}
      columns={COLUMNS}
      idOf={({ CommandId }) => CommandId!}
      items={read.data?.commands}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      command={runsCommand(name)}
      empty={<Empty title={texts.none}>{texts.noneHint}</Empty>}
    />
  )
}

const COLUMNS: readonly Column<Command>[] = [
  {
    id: 'command',
    header: texts.command,
    cell: ({ CommandId }) => <ConsoleLink to={`/commands/${CommandId}`}>{CommandId}</ConsoleLink>,
    text: ({ CommandId }) => CommandId ?? '',
    rowHeader: true,
    width: 300,
  },
  {
    id: 'status',
    header: texts.status,
    cell: ({ StatusDetails }) => <CommandStatus details={StatusDetails} />,
    text: ({ StatusDetails }) => statusWords(StatusDetails ?? ''),
    choices: true,
    width: 130,
  },
  {
    id: 'requested',
    header: texts.requested,
    cell: ({ RequestedDateTime }) => <Time at={RequestedDateTime} only="relative" />,
    text: ({ RequestedDateTime }) => RequestedDateTime?.toISOString() ?? '',
    width: 140,
  },
  {
    id: 'version',
    header: texts.version,
    cell: versionText,
    text: versionText,
    choices: true,
    width: 110,
  },
  counted('targets', ({ TargetCount }) => TargetCount),
  counted('failed', ({ ErrorCount }) => ErrorCount),
  {
    id: 'comment',
    header: texts.comment,
    cell: ({ Comment }) => Comment || '–',
    text: ({ Comment }) => Comment ?? '',
    width: 240,
  },
]

function versionText({ DocumentVersion = '' }: Command): string {
  return texts.versions[DocumentVersion] ?? DocumentVersion
}

function counted(id: 'targets' | 'failed', of: (command: Command) => number | undefined): Column<Command> {
  const count = (command: Command) => of(command) ?? 0
  const text = (command: Command) => String(count(command))
  const cell = (command: Command) => count(command).toLocaleString('en')
  return { id, header: texts[id], cell, text, sort: count, number: true, width: 110, minWidth: 80 }
}

function runsCommand(name: string): string {
  const filter = `key=DocumentName,value=${name}`
  return shellWords('aws', 'ssm', 'list-commands', '--filters', filter, '--max-items', NEWEST_RUNS)
}
