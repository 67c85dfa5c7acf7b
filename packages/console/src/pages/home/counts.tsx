import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { ButtonLink } from '#components/button-link.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Share } from '#components/share.tsx'
import { home } from '#texts/home.ts'
import { nodes as nodeTexts } from '#texts/nodes.ts'
import type { FleetSummary } from './use-fleet-summary.ts'

const { platforms: texts } = home
const SHOWN = 5

interface CountsProps {
  readonly title: string
  /** Where all of them are. */
  readonly all: string
  readonly counts: readonly { readonly label: string; readonly count: number; readonly filter: string }[]
  readonly total: number
}

/** The most frequent of some values, each as a share of the fleet. */
function Counts({ title, all, counts, total }: CountsProps) {
  const rest = counts.length - SHOWN
  return (
    <Container
      header={
        <Header variant="h2" actions={<ButtonLink to={all}>{texts.show}</ButtonLink>}>
          {title}
        </Header>
      }
      fitHeight
    >
      <ul className="st-matters">
        {counts.slice(0, SHOWN).map(({ label, count, filter }) => (
          <li key={filter} className="st-row">
            <ConsoleLink to={`/nodes?${new URLSearchParams({ f: filter })}`}>{label}</ConsoleLink>
            <Share part={count} whole={total} />
          </li>
        ))}
        {rest > 0 && <li>{texts.more(rest)}</li>}
      </ul>
    </Container>
  )
}

/** How many nodes there are of the most frequent platforms. */
export function Platforms({ summary }: { summary: NonNullable<FleetSummary['Nodes']> }) {
  const counts = summary.Platforms.map(({ Value, Count }) => ({
    label: Value ?? texts.unknown,
    count: Count,
    filter: `PlatformName~=~${Value ?? nodeTexts.noValue}`,
  }))
  return <Counts title={texts.title} all="/nodes?group=PlatformName" counts={counts} total={summary.Total} />
}

/** How many nodes run which version of which agent, the newest first. */
export function AgentVersions({ summary }: { summary: NonNullable<FleetSummary['Nodes']> }) {
  const counts = summary.Agents.map(({ AgentName, AgentVersion, Count }) => ({
    label: `${AgentName} ${AgentVersion}`,
    count: Count,
    filter: `AgentVersion~=~${AgentVersion}`,
  }))
  return (
    <Counts title={home.agents.versions} all="/nodes?group=AgentVersion" counts={counts} total={summary.AgentsKnown} />
  )
}
