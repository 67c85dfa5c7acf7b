import type { AssociationDescription, AssociationExecution } from '@aws-sdk/client-ssm'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useSearchParams } from 'wouter'
import { instant } from '#api/wire.ts'
import { CommandStatus, statusWords } from '#components/command-status.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Empty } from '#components/empty.tsx'
import { Loaded } from '#components/loaded.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { Time } from '#components/time.tsx'
import { associations } from '#texts/associations.ts'
import { nextRunsOrNone } from './next-runs.ts'
import { type RunNode, useRunNodes, useRuns } from './read.ts'
import { Timeline, whenText } from './timeline.tsx'

const { page: texts, nodeColumns: names } = associations
const NEXT = 5

/** The past runs and those that are due, and what the chosen one came to on each node. */
export function RunsTab({ association }: { association: AssociationDescription }) {
  const id = association.AssociationId!
  const read = useRuns(id)
  return <Loaded read={read}>{(runs) => <Runs association={association} runs={runs} />}</Loaded>
}

function Runs({ association, runs }: { association: AssociationDescription; runs: readonly AssociationExecution[] }) {
  const [search, setSearch] = useSearchParams()
  const run = runs.find(({ ExecutionId }) => ExecutionId === search.get('run')) ?? runs[0]
  const choose = (id: string) => setSearch({ run: id }, { replace: true })
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" description={texts.timelineHint}>
            {texts.timeline}
          </Header>
        }
      >
        {runs.length === 0 && dueRuns(association).length === 0 ? (
          <Empty title={texts.runsEmpty}>{texts.runsEmptyBody}</Empty>
        ) : (
          <Timeline runs={runs} next={dueRuns(association)} chosen={run?.ExecutionId} onChoose={choose} />
        )}
      </Container>
      {run && <RunNodes association={association} run={run} />}
    </SpaceBetween>
  )
}

/** A rate counts from the last change; what is due once its own time has come is not due any more. */
export function dueRuns({
  ScheduleExpression,
  ScheduleOffset,
  LastUpdateAssociationDate,
}: AssociationDescription): Date[] {
  const anchor = LastUpdateAssociationDate ?? new Date()
  return nextRunsOrNone(ScheduleExpression, { anchor, offsetDays: ScheduleOffset }, new Date(), NEXT)
}

function RunNodes({ association, run }: { association: AssociationDescription; run: AssociationExecution }) {
  const id = association.AssociationId!
  const read = useRunNodes(id, run.ExecutionId!)
  return (
    <ListPanel
      name="association-run"
      prefix="n-"
      title={texts.nodes}
      description={texts.nodesHint(whenText(run.CreatedTime))}
      columns={NODE_COLUMNS}
      idOf={({ InstanceId }) => InstanceId}
      read={read}
      searchable
      command={shellWords(
        ...['aws', 'ssm', 'describe-association-execution-targets', '--association-id', id],
        ...['--execution-id', run.ExecutionId ?? ''],
      )}
      empty={<Empty title={texts.nodesEmpty} />}
    />
  )
}

const NODE_COLUMNS: readonly Column<RunNode>[] = [
  {
    id: 'node',
    header: names.node,
    cell: ({ InstanceId, Name }) => (
      <ConsoleLink to={`/nodes/${InstanceId}?tab=state`}>{Name || InstanceId}</ConsoleLink>
    ),
    text: ({ InstanceId, Name }) => Name || InstanceId,
    rowHeader: true,
    width: 220,
  },
  {
    id: 'status',
    header: names.status,
    cell: ({ DetailedStatus }) => <CommandStatus details={DetailedStatus} />,
    text: ({ DetailedStatus }) => statusWords(DetailedStatus),
    choices: true,
    width: 150,
  },
  {
    id: 'last',
    header: names.last,
    cell: ({ ExecutedAt }) => <Time at={instant(ExecutedAt)} />,
    text: ({ ExecutedAt }) => instant(ExecutedAt)?.toISOString() ?? '',
    width: 260,
  },
  {
    id: 'summary',
    header: names.summary,
    cell: ({ ExecutionSummary, ErrorCode }) => [ErrorCode, ExecutionSummary].filter(Boolean).join(': ') || '–',
    text: ({ ExecutionSummary, ErrorCode }) => [ErrorCode, ExecutionSummary].filter(Boolean).join(': '),
    width: 420,
  },
  {
    id: 'output',
    header: names.output,
    cell: ({ OutputUrl }) => (OutputUrl ? <Copyable text={OutputUrl} /> : '–'),
    text: ({ OutputUrl = '' }) => OutputUrl,
    hidden: true,
    width: 260,
  },
]
