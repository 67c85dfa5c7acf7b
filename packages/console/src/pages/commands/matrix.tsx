import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { CommandMatrixCell, CommandMatrixRow, CommandMatrixStep } from '@steward/model/generated/steward.ts'
import { useSearchParams } from 'wouter'
import { allPages } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { CommandStatus, statusWords } from '#components/command-status.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { stewardCall } from '#components/steward-call.ts'
import type { Column } from '#components/table/column.ts'
import { downloadCsv } from '#components/table/resource-table.tsx'
import type { TableQuery } from '#components/table/table-query.ts'
import { useTableState } from '#components/table/table-state.ts'
import { TableView } from '#components/table/table-view.tsx'
import { durationText, Time } from '#components/time.tsx'
import { commands } from '#texts/commands.ts'
import { type MatrixInput, useMatrix } from './use-matrix.ts'

type Row = Wire<CommandMatrixRow>
type Cell = Wire<CommandMatrixCell>

const words = commands.matrix

/** Nodes × steps, while it runs and afterwards. */
export function Matrix({ id }: { id: string }) {
  const state = useTableState('command-nodes')
  const [search, setSearch] = useSearchParams()
  const result = search.get('result') ?? undefined
  const input = toInput(id, result, state.query)
  const read = useMatrix({ ...input, MaxResults: state.pageSize, Skip: (state.query.page - 1) * state.pageSize })
  const columns = columnsOf(id, read.data?.Steps ?? [])
  const all = read.data?.Counts?.reduce((sum, { Count = 0 }) => sum + Count, 0)
  const setResult = (value: string | undefined) =>
    setSearch((last) => {
      const next = new URLSearchParams(last)
      next.delete('result')
      if (value) next.set('result', value)
      return next
    })
  return (
    <TableView
      variant="container"
      state={state}
      title={commands.command.tabs.nodes}
      columns={columns}
      idOf={({ InstanceId }) => InstanceId ?? ''}
      items={read.data?.Rows}
      matching={read.data?.MatchingCount}
      total={all}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      properties={PROPERTIES}
      choices={(read.data?.Counts ?? []).map(({ StatusDetails = '' }) => ({
        propertyKey: 'status',
        value: StatusDetails,
      }))}
      placeholder={words.search}
      allMustHold
      command={stewardCall('GetCommandMatrix', input)}
      onDownload={() => void download(input, columns, state)}
      above={
        result && (
          <SpaceBetween direction="horizontal" size="s" alignItems="center">
            <Box>{words.onlyResult}</Box>
            <Button iconName="close" onClick={() => setResult(undefined)}>
              {words.everyNode}
            </Button>
          </SpaceBetween>
        )
      }
      empty={<Empty title={words.empty}>{words.emptyBody}</Empty>}
    />
  )
}

const ORDERS: Readonly<Record<string, MatrixInput['SortBy']>> = {
  node: 'InstanceName',
  status: 'Status',
  started: 'Started',
}

function toInput(id: string, result: string | undefined, { tokens, sort }: TableQuery): MatrixInput {
  const states = tokens.filter(({ property }) => property === 'status').map(({ value }) => value)
  const text = tokens.findLast(({ property }) => property === undefined)?.value
  return {
    CommandId: id,
    ResultId: result,
    Text: text,
    Statuses: states.length > 0 ? (states as MatrixInput['Statuses']) : undefined,
    SortBy: sort && ORDERS[sort.column],
    SortOrder: sort && (sort.descending ? 'Descending' : 'Ascending'),
  }
}

async function download(
  input: MatrixInput,
  columns: readonly Column<Row>[],
  state: Parameters<typeof downloadCsv>[3],
): Promise<void> {
  const all = await allPages(async (NextToken) => {
    const { Rows = [], NextToken: next } = await steward('GetCommandMatrix', { ...input, MaxResults: 500, NextToken })
    return { items: Rows, next }
  })
  downloadCsv(`command-${input.CommandId}`, all, columns, state)
}

const PROPERTIES = [
  {
    key: 'status',
    propertyLabel: words.properties.status,
    groupValuesLabel: words.properties.status,
    operators: ['='],
  },
]

function columnsOf(id: string, steps: readonly Wire<CommandMatrixStep>[]): Column<Row>[] {
  const [only] = steps.length === 1 ? steps : []
  return [
    {
      id: 'node',
      header: words.node,
      cell: (row) => <NodeName id={id} row={row} />,
      text: ({ InstanceId = '', InstanceName }) => InstanceName || InstanceId,
      width: 210,
      rowHeader: true,
    },
    {
      id: 'status',
      header: words.status,
      cell: ({ StatusDetails, TraceOutput }) => (
        <span title={TraceOutput || undefined}>
          <CommandStatus details={StatusDetails} />
        </span>
      ),
      text: ({ StatusDetails = '' }) => statusWords(StatusDetails),
      width: 140,
    },
    ...(only ? onlyStep(only.Name ?? '') : steps.map(({ Name = '' }) => stepColumn(Name))),
    {
      id: 'started',
      header: words.started,
      cell: ({ StartedAt }) => <Time at={instant(StartedAt)} only="relative" />,
      text: ({ StartedAt }) => instant(StartedAt)?.toISOString() ?? '',
      width: 150,
    },
    {
      id: 'took',
      header: words.took,
      cell: ({ StartedAt, EndedAt }) => (StartedAt && EndedAt ? durationText((EndedAt - StartedAt) * 1000) : '–'),
      text: ({ StartedAt, EndedAt }) => (StartedAt && EndedAt ? String(EndedAt - StartedAt) : ''),
      unsorted: true,
      number: true,
      width: 100,
    },
  ]
}

function NodeName({ id, row: { InstanceId = '', InstanceName } }: { id: string; row: Row }) {
  return (
    <ConsoleLink to={`/commands/${id}/${InstanceId}`} ariaLabel={InstanceName || InstanceId}>
      <span title={InstanceId}>{InstanceName || InstanceId}</span>
    </ConsoleLink>
  )
}

/** With one step its state is the node's, so only what else there is to say is shown. */
function onlyStep(name: string): Column<Row>[] {
  return [
    {
      id: 'code',
      header: words.code,
      cell: (row) => codeText(cellOf(row, name)),
      text: (row) => codeText(cellOf(row, name)),
      unsorted: true,
      number: true,
      width: 120,
    },
    {
      id: 'line',
      header: words.lastLine,
      cell: (row) => <LastLine row={row} cell={cellOf(row, name)} />,
      text: (row) => cellOf(row, name)?.LastLine ?? '',
      unsorted: true,
      width: 250,
    },
  ]
}

function stepColumn(name: string): Column<Row> {
  return {
    id: `step-${name}`,
    header: name,
    cell: (row) => {
      const cell = cellOf(row, name)
      return cell ? (
        <>
          <CommandStatus details={cell.StatusDetails} />
          <LastLine row={row} cell={cell} />
        </>
      ) : (
        '–'
      )
    },
    text: (row) => {
      const cell = cellOf(row, name)
      return cell ? `${statusWords(cell.StatusDetails ?? '')} ${codeText(cell)} ${cell.LastLine ?? ''}` : ''
    },
    unsorted: true,
    width: 260,
  }
}

function LastLine({ row, cell }: { row: Row; cell: Cell | undefined }) {
  const line = plainOutput(cell?.LastLine ?? '')
  if (!line) return <Box color="text-body-secondary">{row.TraceOutput || '–'}</Box>
  return (
    <div className="st-mono st-one-line" title={line}>
      {line}
    </div>
  )
}

function cellOf({ Steps = [] }: Row, name: string): Cell | undefined {
  return Steps.find(({ Name }) => Name === name)
}

function codeText(cell: Cell | undefined): string {
  return cell?.ResponseCode === undefined || cell.ResponseCode === -1 ? '–' : String(cell.ResponseCode)
}
