import Grid from '@cloudscape-design/components/grid'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import {
  colorChartsStatusHigh,
  colorChartsStatusLow,
  colorChartsStatusNeutral,
  colorChartsStatusPositive,
} from '@cloudscape-design/design-tokens'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { StackedBar } from '#components/stacked-bar.tsx'
import { stewardCall } from '#components/steward-call.ts'
import { home as texts } from '#texts/home.ts'
import { Attention, waitingMachines } from './attention.tsx'
import { AgentVersions, Platforms } from './counts.tsx'
import { Figure, Withheld } from './figure.tsx'
import { HourChart } from './hour-chart.tsx'
import { LatestCommands } from './latest-commands.tsx'
import { type FleetSummary, useFleetSummary } from './use-fleet-summary.ts'

/** The fleet at a glance. */
export function HomePage() {
  const read = useFleetSummary()
  return (
    <PageFrame
      title={texts.title}
      contentType="dashboard"
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <CliCommand command={stewardCall('GetFleetSummary', {})} />
          <ButtonLink to="/commands/run">{texts.commands.run}</ButtonLink>
          <ButtonLink to="/nodes/add" variant="primary">
            {texts.nodes.add}
          </ButtonLink>
        </SpaceBetween>
      }
    >
      <Loaded read={read}>{(summary) => <Summary summary={summary} />}</Loaded>
    </PageFrame>
  )
}

const FIGURE = { default: 12, xxs: 6, s: 3 }
const WIDE = { default: 12, xs: 6 }

function Summary({ summary }: { summary: FleetSummary }) {
  const { Nodes, Commands } = summary
  if (Nodes?.Total === 0) return <Begin summary={summary} />
  const figures = [NodesFigure, AgentsFigure, CommandsFigure, SessionsFigure]
  const panels = [
    <Attention key="attention" summary={summary} />,
    ...(Commands ? [<LatestCommands key="commands" summary={Commands} />] : []),
    ...(Nodes ? [<Platforms key="platforms" summary={Nodes} />, <AgentVersions key="agents" summary={Nodes} />] : []),
  ]
  return (
    <SpaceBetween size="l">
      <Grid gridDefinition={figures.map(() => ({ colspan: FIGURE }))}>
        {figures.map((One) => (
          <One key={One.name} summary={summary} />
        ))}
      </Grid>
      <Grid gridDefinition={panels.map(() => ({ colspan: WIDE }))}>{panels}</Grid>
    </SpaceBetween>
  )
}

interface PartProps {
  readonly summary: FleetSummary
}

/** There is no node yet, but perhaps somebody need only let the first one in. */
function Begin({ summary: { Activations } }: PartProps) {
  const waiting = waitingMachines(Activations)
  return (
    <Empty
      title={texts.empty.title}
      action={
        <SpaceBetween size="s">
          {waiting && (
            <StatusIndicator type="pending">
              <ConsoleLink to={waiting.to}>{waiting.text}</ConsoleLink>
            </StatusIndicator>
          )}
          <ButtonLink to="/nodes/add">{texts.nodes.add}</ButtonLink>
        </SpaceBetween>
      }
    >
      {texts.empty.body}
    </Empty>
  )
}

function NodesFigure({ summary: { Nodes, Withheld: withheld } }: PartProps) {
  const { nodes: words } = texts
  if (!Nodes) return <Withheld title={words.title} reason={reasonFor(withheld, 'Nodes')} />
  return (
    <Figure title={words.title} number={Nodes.Online} of={words.of(Nodes.Total)}>
      <StackedBar
        parts={[
          part(words.online, Nodes.Online, colorChartsStatusPositive, 'PingStatus~=~Online'),
          part(words.lost, Nodes.ConnectionLost, colorChartsStatusHigh, 'PingStatus~=~ConnectionLost'),
          part(words.inactive, Nodes.Inactive, colorChartsStatusNeutral, 'PingStatus~=~Inactive'),
        ]}
      />
    </Figure>
  )
}

function AgentsFigure({ summary: { Nodes, Withheld: withheld } }: PartProps) {
  const { agents: words } = texts
  if (!Nodes) return <Withheld title={words.title} reason={reasonFor(withheld, 'Nodes')} />
  const { AgentsKnown, AgentsOutdated } = Nodes
  return (
    <Figure title={words.title} number={AgentsKnown - AgentsOutdated} of={words.of(AgentsKnown)}>
      <StackedBar
        parts={[
          part(words.newest, AgentsKnown - AgentsOutdated, colorChartsStatusPositive, 'IsLatestVersion~=~true'),
          part(words.older, AgentsOutdated, colorChartsStatusLow, 'IsLatestVersion~=~false'),
        ]}
      />
    </Figure>
  )
}

function part(label: string, count: number, color: string, filter: string) {
  return { label, count, color, to: `/nodes?${new URLSearchParams({ f: filter })}` }
}

function CommandsFigure({ summary: { Commands, Withheld: withheld } }: PartProps) {
  const { commands: words } = texts
  if (!Commands) return <Withheld title={words.title} reason={reasonFor(withheld, 'Commands')} />
  return (
    <Figure title={words.title} number={Commands.Total} of={words.of}>
      {Commands.Total > 0 && <HourChart hours={Commands.Hours} />}
    </Figure>
  )
}

function SessionsFigure({ summary: { Sessions, Withheld: withheld } }: PartProps) {
  const { sessions: words } = texts
  if (!Sessions) return <Withheld title={words.title} reason={reasonFor(withheld, 'Sessions')} />
  return (
    <Figure title={words.title} number={Sessions.Active} of={words.of(Sessions.Active)}>
      {Sessions.Latest.length === 0 ? (
        <ConsoleLink to="/sessions">{words.all}</ConsoleLink>
      ) : (
        <ul className="st-matters">
          {Sessions.Latest.map(({ SessionId, Owner, Target }) => (
            <li key={SessionId}>
              <ConsoleLink to={`/sessions/${encodeURIComponent(SessionId)}`}>
                {words.on(Owner.split(/[:/]/).at(-1) ?? Owner, Target)}
              </ConsoleLink>
            </li>
          ))}
        </ul>
      )}
    </Figure>
  )
}

function reasonFor(withheld: FleetSummary['Withheld'], part: string): string {
  return withheld.find(({ Part }) => Part === part)?.Reason ?? ''
}
