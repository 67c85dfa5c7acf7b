import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { instant } from '#api/wire.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { scheduleInWords } from '#components/schedule-in-words.ts'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { events } from '#texts/events.ts'
import { busQuery, DEFAULT_BUS, type ListedRule, rulePath, useRules } from './read-rules.ts'
import { kindOf, patternInWords, targetName } from './words.ts'

const { columns: names } = events

export function RulesTable({ bus }: { bus: string }) {
  const read = useRules(bus)
  return (
    <ResourceTable
      name="rules"
      variant="container"
      title={events.tabs.rules}
      columns={COLUMNS}
      idOf={({ Name = '' }) => Name}
      items={read.items}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      command={shellWords('aws', 'events', 'list-rules', ...(bus === DEFAULT_BUS ? [] : ['--event-bus-name', bus]))}
      empty={
        <Empty
          title={events.empty.title}
          action={<ButtonLink to={`/events/create${busQuery(bus)}`}>{events.create}</ButtonLink>}
        >
          {events.empty.body}
        </Empty>
      }
    />
  )
}

const COLUMNS: readonly Column<ListedRule>[] = [
  {
    id: 'name',
    header: names.name,
    cell: ({ Name = '', EventBusName = DEFAULT_BUS }) => (
      <ConsoleLink to={rulePath(EventBusName, Name)}>{Name}</ConsoleLink>
    ),
    text: ({ Name = '' }) => Name,
    rowHeader: true,
    width: 160,
  },
  {
    id: 'state',
    header: names.state,
    cell: ({ State }) => <RuleState state={State} />,
    text: ({ State }) => (State === 'DISABLED' ? events.states.off : events.states.on),
    choices: true,
    width: 85,
  },
  { id: 'when', header: names.when, cell: whenOf, text: whenOf, width: 230 },
  {
    id: 'targets',
    header: names.targets,
    cell: targetsOf,
    text: targetsOf,
    width: 180,
  },
  {
    id: 'last',
    header: names.last,
    cell: ({ activity }) => <Time at={instant(activity?.LastMatchedDate)} only="relative" />,
    text: ({ activity }) => instant(activity?.LastMatchedDate)?.toISOString() ?? '',
    width: 145,
  },
  {
    id: 'deliveries',
    header: names.deliveries,
    cell: (rule) => <Deliveries rule={rule} />,
    text: deliveriesOf,
    width: 150,
  },
  {
    id: 'description',
    header: names.description,
    cell: ({ Description = '' }) => Description,
    text: ({ Description = '' }) => Description,
    hidden: true,
  },
]

export function RuleState({ state }: { state: string | undefined }) {
  return state === 'DISABLED' ? (
    <StatusIndicator type="stopped">{events.states.off}</StatusIndicator>
  ) : (
    <StatusIndicator type="success">{events.states.on}</StatusIndicator>
  )
}

/** What a rule waits for, in words. */
export function whenOf({ EventPattern, ScheduleExpression }: Pick<ListedRule, 'EventPattern' | 'ScheduleExpression'>) {
  const parts = [
    EventPattern && patternInWords(EventPattern),
    ScheduleExpression && events.schedule(scheduleInWords(ScheduleExpression)),
  ]
  return parts.filter(Boolean).join('; ')
}

function targetsOf({ activity }: ListedRule): string {
  const arns = activity?.TargetArns ?? []
  return arns.map((arn) => `${events.kinds[kindOf(arn)]} ${targetName(arn)}`).join(', ') || events.nothing
}

function deliveriesOf({ activity }: ListedRule): string {
  const { Delivered = 0, Pending = 0, Failed = 0 } = activity ?? {}
  const parts = [
    Failed > 0 && events.failed(Failed),
    Pending > 0 && events.pending(Pending),
    Delivered > 0 && events.delivered(Delivered),
  ]
  return parts.filter(Boolean).join(', ') || events.nothing
}

function Deliveries({ rule }: { rule: ListedRule }) {
  const { Delivered = 0, Pending = 0, Failed = 0 } = rule.activity ?? {}
  if (Delivered + Pending + Failed === 0) return <>{events.nothing}</>
  return (
    <StatusIndicator type={Failed > 0 ? 'error' : Pending > 0 ? 'pending' : 'success'}>
      {deliveriesOf(rule)}
    </StatusIndicator>
  )
}
