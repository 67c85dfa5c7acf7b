import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { Fragment, type ReactNode } from 'react'
import { instant } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { Time } from '#components/time.tsx'
import { home } from '#texts/home.ts'
import { nodes as nodeTexts } from '#texts/nodes.ts'
import type { FleetSummary } from './use-fleet-summary.ts'

const { attention: texts } = home

interface Matter {
  readonly type: StatusIndicatorProps.Type
  readonly text: string
  readonly to: string
  readonly more?: ReactNode
  /** If several may have the same text. */
  readonly key?: string
}

/** The worst first. */
const URGENCY: readonly StatusIndicatorProps.Type[] = ['error', 'warning', 'pending', 'stopped', 'info']

/** What somebody should look at, the worst first, each with a way there. */
export function Attention({ summary }: { summary: FleetSummary }) {
  const matters = [
    ...ofNodes(summary.Nodes),
    ...ofCommands(summary.Commands),
    ...ofSessions(summary.Sessions),
    ...ofActivations(summary.Activations),
  ].sort((one, other) => URGENCY.indexOf(one.type) - URGENCY.indexOf(other.type))
  return (
    <Container header={<Header variant="h2">{texts.title}</Header>} fitHeight>
      {matters.length === 0 ? (
        <Empty title={summary.Withheld.length > 0 ? texts.noneSeen : texts.none}>{texts.noneHint}</Empty>
      ) : (
        <ul className="st-matters">
          {matters.map(({ type, text, to, more, key = text }) => (
            <li key={key}>
              <StatusIndicator type={type}>
                <ConsoleLink to={to}>{text}</ConsoleLink>
              </StatusIndicator>
              {more && (
                <Box variant="small" color="text-body-secondary" display="block" padding={{ left: 'l' }}>
                  {more}
                </Box>
              )}
            </li>
          ))}
        </ul>
      )}
    </Container>
  )
}

function nodesWhere(filter: string, sort?: string): string {
  return `/nodes?${new URLSearchParams({ f: filter, ...(sort && { sort }) })}`
}

function ofNodes(summary: FleetSummary['Nodes']): Matter[] {
  if (!summary) return []
  const { Total, ConnectionLost, Inactive, NeverReported = 0, AgentsOutdated, AgentsKnown, RecentlyLost = [] } = summary
  const matters: (Matter | false)[] = [
    ConnectionLost > 0 && {
      type: 'error',
      text: texts.lost(ConnectionLost, Total),
      to: nodesWhere('PingStatus~=~ConnectionLost', '-LastPingDateTime'),
      more: <Latest lost={RecentlyLost} />,
    },
    NeverReported > 0 && {
      type: 'warning',
      text: texts.never(NeverReported),
      to: nodesWhere(`LastPingDateTime~=~${nodeTexts.noValue}`),
    },
    Inactive > 0 && { type: 'stopped', text: texts.inactive(Inactive), to: nodesWhere('PingStatus~=~Inactive') },
    AgentsOutdated > 0 && {
      type: 'info',
      text: texts.outdated(AgentsOutdated, AgentsKnown),
      to: nodesWhere('IsLatestVersion~=~false'),
    },
  ]
  return matters.filter((matter) => matter !== false)
}

const NAMED = 3

function Latest({ lost }: { lost: NonNullable<FleetSummary['Nodes']>['RecentlyLost'] }) {
  return (
    <>
      {texts.lostLatest}{' '}
      {lost?.slice(0, NAMED).map(({ InstanceId, Name, ComputerName, LastPingDateTime }, index) => (
        <Fragment key={InstanceId}>
          {index > 0 && ', '}
          <ConsoleLink to={`/nodes/${InstanceId}`} fontSize="body-s">
            {Name ?? ComputerName ?? InstanceId}
          </ConsoleLink>{' '}
          <Time at={instant(LastPingDateTime)} only="relative" />
        </Fragment>
      ))}
    </>
  )
}

const FAILURES = new Set(['Failed', 'TimedOut'])

function ofCommands(summary: FleetSummary['Commands']): Matter[] {
  const failed = (summary?.Statuses ?? []).filter(({ Value = '' }) => FAILURES.has(Value))
  const count = failed.reduce((total, { Count }) => total + Count, 0)
  if (count === 0) return []
  const [latest] = summary?.Failures ?? []
  const more = latest && (
    <>
      {texts.lostLatest}{' '}
      <ConsoleLink to={`/commands/${latest.CommandId}`} fontSize="body-s">
        {latest.Comment ?? latest.DocumentName}
      </ConsoleLink>{' '}
      <Time at={instant(latest.RequestedDateTime)} only="relative" />
    </>
  )
  return [{ type: 'error', text: texts.failed(count), to: '/commands?view=failed', more }]
}

function ofSessions(summary: FleetSummary['Sessions']): Matter[] {
  const waiting = summary?.AwaitingApproval ?? 0
  return waiting > 0 ? [{ type: 'pending', text: texts.approval(waiting), to: '/sessions' }] : []
}

/** Machines that came with a key which needs approval; undefined if none waits. */
export function waitingMachines(summary: FleetSummary['Activations']): Pick<Matter, 'text' | 'to'> | undefined {
  const waiting = summary?.AwaitingApproval ?? 0
  return waiting > 0 ? { text: texts.machines(waiting), to: '/nodes/enrolment' } : undefined
}

function ofActivations(summary: FleetSummary['Activations']): Matter[] {
  const waiting = waitingMachines(summary)
  const expiring = (summary?.ExpiringSoon ?? []).map((one) => ({
    type: 'info' as const,
    key: one.ActivationId,
    text: texts.activation(
      plainOutput(one.Description || one.ActivationId.slice(0, 8)),
      one.RegistrationsCount,
      one.RegistrationLimit,
    ),
    to: '/nodes/activations',
    more: <Time at={instant(one.ExpirationDate)} />,
  }))
  return waiting ? [{ type: 'pending', ...waiting }, ...expiring] : expiring
}
