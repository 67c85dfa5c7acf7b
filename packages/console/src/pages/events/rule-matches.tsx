import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { RuleMatch } from '@steward/model/generated/steward.ts'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Editor } from '#components/editor/editor.tsx'
import { Empty } from '#components/empty.tsx'
import { Loaded } from '#components/loaded.tsx'
import { shellWords } from '#components/shell-words.ts'
import { Time } from '#components/time.tsx'
import { events } from '#texts/events.ts'
import { DEFAULT_BUS } from './read-rules.ts'
import { pretty } from './rule-page.tsx'
import { targetName } from './words.ts'

const { rule: texts, empty } = events

/** The last events that a rule matched, the newest first, and what became of each delivery. */
export function RuleMatches({ bus, name }: { bus: string; name: string }) {
  const read = useRead('deliveries', ['matches', bus, name], async (signal) => {
    const { Matches = [] } = await steward('ListRuleMatches', { Rule: name, EventBusName: bus }, signal)
    return Matches
  })
  const busWords = bus === DEFAULT_BUS ? [] : ['--bus', bus]
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={<CliCommand command={shellWords('npx', 'steward', 'events', 'matches', name, ...busWords)} />}
        >
          {texts.matches}
        </Header>
      }
    >
      <Loaded read={read}>
        {(matches) =>
          matches.length === 0 ? (
            <Empty title={empty.matches}>{empty.matchesBody}</Empty>
          ) : (
            <SpaceBetween size="m">
              {matches.map((match) => (
                <Match key={`${match.EventId} ${match.MatchedDate}`} match={match} />
              ))}
            </SpaceBetween>
          )
        }
      </Loaded>
    </Container>
  )
}

const TYPES = { Pending: 'pending', Delivered: 'success', Failed: 'error' } as const

function Match({ match: { Event = '{}', MatchedDate, Deliveries = [] } }: { match: Wire<RuleMatch> }) {
  const { 'detail-type': kind, source } = JSON.parse(Event) as Record<string, string>
  return (
    <div>
      <Box variant="strong">{kind}</Box>{' '}
      <Box variant="span" color="text-body-secondary">
        {source} · <Time at={instant(MatchedDate)} />
      </Box>
      <SpaceBetween size="xxs">
        {Deliveries.map(({ DeliveryId, TargetArn = '', State = 'Pending', Attempts = 0, Error: error }) => (
          <StatusIndicator key={DeliveryId} type={TYPES[State]} wrapText>
            {targetName(TargetArn)}: {texts.states[State]}, {texts.attempts(Attempts)}
            {error && `. ${error}`}
          </StatusIndicator>
        ))}
        <ExpandableSection headerText={texts.showEvent} variant="footer">
          <Editor value={pretty(Event)} language="json" label={texts.event} />
        </ExpandableSection>
      </SpaceBetween>
    </div>
  )
}
