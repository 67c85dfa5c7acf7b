import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { ServerTask } from '@steward/model/generated/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { Empty } from '#components/empty.tsx'
import { stewardCall } from '#components/steward-call.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { durationText, Time } from '#components/time.tsx'
import { settings } from '#texts/settings.ts'
import { useServerStatus } from './server-status.ts'

const { work: texts } = settings

type Task = Wire<ServerTask>

/** What the server does by itself, and whether it goes well. */
export function Work() {
  const read = useServerStatus()
  return (
    <ResourceTable
      name="background-work"
      variant="container"
      title={texts.title}
      description={texts.description}
      columns={COLUMNS}
      idOf={({ Name = '' }) => Name}
      items={read.data?.Tasks}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      command={stewardCall('GetServerStatus', {})}
      sortedBy={{ column: 'name', descending: false }}
      empty={<Empty title={texts.empty} />}
    />
  )
}

const COLUMNS: readonly Column<Task>[] = [
  {
    id: 'name',
    header: texts.name,
    cell: ({ Name = '' }) => Name,
    text: ({ Name = '' }) => Name,
    rowHeader: true,
    width: 240,
  },
  {
    id: 'state',
    header: texts.state,
    cell: (task) => <StatusIndicator type={TYPES[stateOf(task)]}>{texts[stateOf(task)]}</StatusIndicator>,
    text: (task) => texts[stateOf(task)],
    choices: true,
    width: 130,
  },
  {
    id: 'last',
    header: texts.last,
    cell: ({ LastRunDate }) => <Time at={instant(LastRunDate)} only="relative" />,
    text: ({ LastRunDate }) => instant(LastRunDate)?.toISOString() ?? '',
    width: 140,
  },
  {
    id: 'took',
    header: texts.took,
    cell: tookText,
    text: tookText,
    sort: ({ LastMilliseconds = -1 }) => LastMilliseconds,
    number: true,
    width: 100,
  },
  {
    id: 'every',
    header: texts.every,
    cell: everyText,
    text: everyText,
    sort: ({ EverySeconds = 0 }) => EverySeconds,
    number: true,
    width: 100,
  },
  count('runs', ({ Runs = 0 }) => Runs),
  count('failures', ({ Failures = 0 }) => Failures),
  {
    id: 'error',
    header: texts.error,
    cell: ({ LastError = '' }) => LastError,
    text: ({ LastError = '' }) => LastError,
    width: 280,
  },
  {
    id: 'failed',
    header: texts.lastFailure,
    cell: ({ LastFailureDate }) => <Time at={instant(LastFailureDate)} />,
    text: ({ LastFailureDate }) => instant(LastFailureDate)?.toISOString() ?? '',
    hidden: true,
  },
]

const TYPES = { running: 'in-progress', fine: 'success', failing: 'error', waiting: 'pending' } as const

function stateOf({ Running, LastError, Runs = 0 }: Task): keyof typeof TYPES {
  if (LastError) return 'failing'
  if (Running) return 'running'
  return Runs > 0 ? 'fine' : 'waiting'
}

function tookText({ LastMilliseconds }: Task): string {
  return LastMilliseconds === undefined ? '–' : durationText(LastMilliseconds)
}

/** Periods are round. */
function everyText({ EverySeconds = 0 }: Task): string {
  if (EverySeconds % 3600 === 0) return `${EverySeconds / 3600} h`
  return EverySeconds % 60 === 0 ? `${EverySeconds / 60} min` : `${EverySeconds} s`
}

function count(id: 'runs' | 'failures', of: (task: Task) => number): Column<Task> {
  const text = (task: Task) => of(task).toLocaleString('en')
  return { id, header: texts[id], cell: text, text, sort: of, number: true, width: 100 }
}
