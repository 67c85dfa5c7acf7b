import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import Steps, { type StepsProps } from '@cloudscape-design/components/steps'
import type { AuditEffect, AuditEvent, TraceAuditRecordResult } from '@steward/model/generated/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Time } from '#components/time.tsx'
import { targetName } from '#pages/events/words.ts'
import { audit } from '#texts/audit.ts'
import { type FoundRecord, whoOf } from './audit-columns.tsx'

const { record: texts } = audit

type Traced = Wire<TraceAuditRecordResult>

/** From the call to what it set going, and who was told, in the order of time. */
export function Thread({ thread }: { thread: Traced }) {
  const { Record: record = {}, Effects = [], Events = [], Related = [], Withheld = [] } = thread
  const steps = [...Effects.map(effectStep), ...Events.map(eventStep), ...Related.map(callStep)].sort(
    (a, b) => a.at - b.at,
  )
  return (
    <Container
      header={
        <Header variant="h2" description={texts.threadHint}>
          {texts.thread}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {Withheld.length > 0 && <Alert type="info">{texts.withheld(Withheld.join(', '))}</Alert>}
        {steps.length > 0 ? (
          <Steps ariaLabel={texts.thread} steps={[callStep(record), ...steps]} />
        ) : (
          <Box color="text-body-secondary">{texts.nothing}</Box>
        )}
      </SpaceBetween>
    </Container>
  )
}

type Step = StepsProps.Step & { readonly at: number }

const OUTCOMES = { Succeeded: 'success', Denied: 'stopped', Failed: 'error' } as const

function callStep(record: FoundRecord): Step {
  const { EventId, EventName = '', EventTime = 0, Outcome = 'Succeeded' } = record
  return {
    at: EventTime,
    status: OUTCOMES[Outcome],
    statusIconAriaLabel: audit.outcomes[Outcome],
    header: <ConsoleLink to={`/audit/${EventId}`}>{texts.called(EventName, whoOf(record.Principal))}</ConsoleLink>,
    details: <When at={EventTime} />,
  }
}

function effectStep(effect: Wire<AuditEffect>): Step {
  const { Type, Id = '', Name = '', Status = '', StartDate = 0, EndDate, NodeCount = 0, ErrorCount = 0 } = effect
  const { Nodes = [] } = effect
  const isCommand = Type === 'Command'
  const page = isCommand ? `/commands/${Id}` : `/sessions/${encodeURIComponent(Id)}`
  const counts = [texts.nodes(NodeCount), ErrorCount > 0 && texts.errors(ErrorCount)].filter(Boolean).join(', ')
  return {
    at: StartDate,
    status: statusOf(Status),
    statusIconAriaLabel: Status,
    header: (
      <>
        {isCommand ? texts.command(Name) : texts.session} <ConsoleLink to={page}>{Id}</ConsoleLink>
      </>
    ),
    details: (
      <SpaceBetween size="xxs">
        <span>
          {Status} · {counts}
        </span>
        <When at={EndDate ?? StartDate} />
        <SpaceBetween size="xxs">
          {Nodes.map((node) => (
            <StatusIndicator key={node.InstanceId} type={statusOf(node.Status)}>
              <ConsoleLink to={`/nodes/${node.InstanceId}`}>{node.InstanceId}</ConsoleLink> {node.Status}
            </StatusIndicator>
          ))}
          {NodeCount > Nodes.length && <Box>{texts.moreNodes(NodeCount - Nodes.length)}</Box>}
        </SpaceBetween>
      </SpaceBetween>
    ),
  }
}

const DELIVERIES = { Pending: 'pending', Delivered: 'success', Failed: 'error' } as const

function eventStep({ Rule = '', DetailType, MatchedDate = 0, Deliveries = [] }: Wire<AuditEvent>): Step {
  const states = Deliveries.map(({ State = 'Pending' }) => State)
  const worst = (['Failed', 'Pending', 'Delivered'] as const).find((state) => states.includes(state)) ?? 'Delivered'
  return {
    at: MatchedDate,
    status: DELIVERIES[worst],
    statusIconAriaLabel: texts.deliveries[worst],
    header: <ConsoleLink to={`/events/rule?${new URLSearchParams({ name: Rule })}`}>{texts.rule(Rule)}</ConsoleLink>,
    details: (
      <SpaceBetween size="xxs">
        <span>{DetailType}</span>
        {Deliveries.map(({ DeliveryId, TargetArn = '', State = 'Pending', Attempts = 0, Error: error }) => (
          <StatusIndicator key={DeliveryId} type={DELIVERIES[State]}>
            {texts.told(targetName(TargetArn))}: {texts.deliveries[State]}, {texts.attempts(Attempts)}
            {error && `. ${error}`}
          </StatusIndicator>
        ))}
        <When at={MatchedDate} />
      </SpaceBetween>
    ),
  }
}

function When({ at }: { at: number }) {
  return (
    <Box variant="small" color="text-body-secondary">
      <Time at={instant(at)} />
    </Box>
  )
}

function statusOf(status = ''): StatusIndicatorProps.Type {
  if (/^(Success|Connected|Terminated)$/.test(status)) return 'success'
  if (/Cancel|Terminating/.test(status)) return 'stopped'
  if (/Fail|TimedOut|Invalid|Undeliverable|Exceeded/.test(status)) return 'error'
  return /Pending|Delayed/.test(status) ? 'pending' : 'in-progress'
}
