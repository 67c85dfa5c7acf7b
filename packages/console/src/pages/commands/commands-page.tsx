import SegmentedControl from '@cloudscape-design/components/segmented-control'
import type { FoundCommand } from '@steward/model/generated/steward.ts'
import { useSearchParams } from 'wouter'
import { allPages, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { CommandStatus, statusWords } from '#components/command-status.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import type { Column } from '#components/table/column.ts'
import { downloadCsv } from '#components/table/resource-table.tsx'
import { useTableState } from '#components/table/table-state.ts'
import { TableView } from '#components/table/table-view.tsx'
import { durationText, Time } from '#components/time.tsx'
import { commands } from '#texts/commands.ts'
import { type SearchInput, toCommand, toInput, VIEWS, viewFrom } from './commands-query.ts'
import { whoOf } from './who.ts'

type Row = Wire<FoundCommand>

export function CommandsPage() {
  const state = useTableState('commands')
  const [search, setSearch] = useSearchParams()
  const view = viewFrom(search)
  const input = toInput(view, state.query)
  const part = { MaxResults: state.pageSize, Skip: (state.query.page - 1) * state.pageSize }
  const read = useRead('commands', ['search', input, part], (signal) =>
    steward('SearchCommands', { ...input, ...part }, signal),
  )
  return (
    <PageFrame title={commands.title} contentType="table" titleInContent>
      <TableView
        state={state.query.sort ? state : { ...state, query: { ...state.query, sort: NEWEST } }}
        title={commands.title}
        description={commands.description}
        columns={COLUMNS}
        idOf={({ CommandId }) => CommandId ?? ''}
        items={read.data?.Commands}
        matching={read.data?.TotalCount}
        total={read.data?.TotalCount}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        properties={PROPERTIES}
        choices={CHOICES}
        placeholder={commands.search}
        allMustHold
        command={toCommand(input)}
        onDownload={() => void download(input, state)}
        actions={
          <ButtonLink variant="primary" to="/commands/run">
            {commands.run}
          </ButtonLink>
        }
        above={
          <SegmentedControl
            label={commands.views.label}
            selectedId={view}
            options={VIEWS.map((id) => ({ id, text: commands.views[id] }))}
            onChange={({ detail }) => setSearch((last) => withView(last, detail.selectedId), { replace: true })}
          />
        }
        empty={
          view === 'all' ? (
            <Empty title={commands.empty.title} action={<ButtonLink to="/commands/run">{commands.run}</ButtonLink>}>
              {commands.empty.body}
            </Empty>
          ) : (
            <Empty title={commands.empty.views[view]} />
          )
        }
      />
    </PageFrame>
  )
}

const NEWEST = { column: 'requested', descending: true }

function withView(last: URLSearchParams, view: string): URLSearchParams {
  const next = new URLSearchParams(last)
  next.delete('page')
  if (view === 'all') next.delete('view')
  else next.set('view', view)
  return next
}

async function download(input: SearchInput, state: Parameters<typeof downloadCsv>[3]): Promise<void> {
  const all = await allPages(async (NextToken) => {
    const { Commands = [], NextToken: next } = await steward('SearchCommands', { ...input, MaxResults: 500, NextToken })
    return { items: Commands, next }
  })
  downloadCsv('commands', all, COLUMNS, state)
}

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'document',
    header: commands.columns.document,
    cell: ({ CommandId, DocumentName }) => <ConsoleLink to={`/commands/${CommandId}`}>{DocumentName}</ConsoleLink>,
    text: ({ DocumentName = '' }) => DocumentName,
    width: 210,
    rowHeader: true,
  },
  {
    id: 'status',
    header: commands.columns.status,
    cell: ({ StatusDetails }) => <CommandStatus details={StatusDetails} />,
    text: ({ StatusDetails = '' }) => statusWords(StatusDetails),
    width: 150,
  },
  {
    id: 'done',
    header: commands.columns.done,
    cell: ({ CompletedCount = 0, TargetCount = 0 }) => commands.doneOf(CompletedCount, TargetCount),
    text: ({ CompletedCount = 0, TargetCount = 0 }) => commands.doneOf(CompletedCount, TargetCount),
    number: true,
    width: 120,
  },
  {
    id: 'errors',
    header: commands.columns.errors,
    cell: ({ ErrorCount = 0 }) => ErrorCount.toLocaleString('en'),
    text: ({ ErrorCount = 0 }) => String(ErrorCount),
    number: true,
    width: 100,
  },
  {
    id: 'requested',
    header: commands.columns.requested,
    cell: ({ RequestedAt }) => <Time at={instant(RequestedAt)} only="relative" />,
    text: ({ RequestedAt }) => instant(RequestedAt)?.toISOString() ?? '',
    width: 150,
  },
  {
    id: 'by',
    header: commands.columns.by,
    cell: ({ Origin = '' }) => <span title={Origin}>{whoOf(Origin)}</span>,
    text: ({ Origin = '' }) => Origin,
    unsorted: true,
    width: 140,
  },
  {
    id: 'comment',
    header: commands.columns.comment,
    cell: ({ Comment }) => Comment || '–',
    text: ({ Comment = '' }) => Comment,
    unsorted: true,
    width: 170,
  },
  {
    id: 'took',
    header: commands.columns.took,
    cell: ({ RequestedAt, EndedAt }) => (RequestedAt && EndedAt ? durationText((EndedAt - RequestedAt) * 1000) : '–'),
    text: ({ RequestedAt, EndedAt }) => (RequestedAt && EndedAt ? String(EndedAt - RequestedAt) : ''),
    unsorted: true,
    number: true,
    width: 100,
    hidden: true,
  },
  {
    id: 'id',
    header: commands.columns.id,
    cell: ({ CommandId = '' }) => <Copyable text={CommandId} />,
    text: ({ CommandId = '' }) => CommandId,
    unsorted: true,
    width: 350,
    hidden: true,
  },
]

const STATES = ['Pending', 'InProgress', 'Success', 'Failed', 'TimedOut', 'Cancelled', 'Cancelling', 'Incomplete']

const CHOICES = STATES.map((value) => ({ propertyKey: 'status', value }))

const PROPERTIES = (['status', 'document', 'node', 'after', 'before'] as const).map((key) => ({
  key,
  propertyLabel: commands.columns[key],
  groupValuesLabel: commands.columns[key],
  operators: ['='],
}))
