import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tabs from '@cloudscape-design/components/tabs'
import { useSearchParams } from 'wouter'
import { ButtonLink } from '#components/button-link.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { events } from '#texts/events.ts'
import { DeadLetters } from './dead-letters.tsx'
import { Destinations } from './destinations.tsx'
import { busQuery, DEFAULT_BUS, useBuses } from './read-rules.ts'
import { RulesTable } from './rules-table.tsx'

const TABS = ['rules', 'destinations', 'dead'] as const

export function EventsPage() {
  const [search, setSearch] = useSearchParams()
  const bus = search.get('bus') ?? DEFAULT_BUS
  const tab = TABS.find((one) => one === search.get('tab')) ?? 'rules'
  const content = { rules: <RulesTable bus={bus} />, destinations: <Destinations />, dead: <DeadLetters /> }
  return (
    <PageFrame
      title={events.title}
      description={events.description}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <BusChoice bus={bus} onChoose={(next) => setSearch(next === DEFAULT_BUS ? {} : { bus: next })} />
          <ButtonLink to={`/events/create${busQuery(bus)}`} variant="primary">
            {events.create}
          </ButtonLink>
        </SpaceBetween>
      }
    >
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => {
          // What was searched for in one table means nothing in the next.
          const kept: Record<string, string> = bus === DEFAULT_BUS ? {} : { bus }
          setSearch(detail.activeTabId === 'rules' ? kept : { ...kept, tab: detail.activeTabId })
        }}
        tabs={TABS.map((id) => ({ id, label: events.tabs[id], content: id === tab && content[id] }))}
      />
    </PageFrame>
  )
}

/** Shown where there is a choice. */
function BusChoice({ bus, onChoose }: { bus: string; onChoose: (bus: string) => void }) {
  const { data: buses = [] } = useBuses()
  if (buses.length < 2 && bus === DEFAULT_BUS) return null
  return (
    <Select
      selectedOption={{ value: bus, label: bus }}
      options={buses.map((value) => ({ value, label: value }))}
      onChange={({ detail }) => onChoose(detail.selectedOption.value ?? DEFAULT_BUS)}
      inlineLabelText={events.bus}
    />
  )
}
