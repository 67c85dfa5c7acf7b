import Alert, { type AlertProps } from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { instant } from '#api/wire.ts'
import { Copyable } from '#components/copyable.tsx'
import { NodeStatus } from '#components/node-status.tsx'
import { Properties } from '#components/properties.tsx'
import { Time } from '#components/time.tsx'
import { common } from '#texts/common.ts'
import { nodes } from '#texts/nodes.ts'
import { platformOf } from './node-columns.tsx'
import type { NodeDetails } from './node-details.ts'

const { page: texts, columns } = nodes

/** What the node is, and why it is there or not. */
export function Overview({ details }: { details: NodeDetails }) {
  const { Node: node, Arn } = details
  const items: KeyValuePairsProps.Pair[] = [
    { label: columns.PingStatus, value: <NodeStatus status={node.PingStatus} /> },
    { label: columns.LastPingDateTime, value: <Heard at={instant(node.LastPingDateTime)} /> },
    { label: columns.RegistrationDate, value: <Time at={instant(node.RegistrationDate)} /> },
    { label: columns.InstanceId, value: <Copyable text={node.InstanceId} /> },
    { label: columns.ComputerName, value: node.ComputerName ?? '–' },
    { label: columns.IPAddress, value: node.IPAddress ? <Copyable text={node.IPAddress} /> : '–' },
    { label: columns.PlatformName, value: platformOf(node) || '–' },
    { label: columns.AgentVersion, value: [node.AgentName, node.AgentVersion].filter(Boolean).join(' ') || '–' },
    { label: columns.IamRole, value: node.IamRole },
  ]
  return (
    <SpaceBetween size="l">
      <Presence details={details} />
      <Container header={<Header variant="h2">{texts.overview}</Header>}>
        <SpaceBetween size="l">
          <Properties columns={3} minColumnWidth={200} items={items} />
          <Properties
            columns={1}
            items={[
              { label: columns.Tags, value: node.Tags.map(({ Key, Value }) => `${Key}=${Value}`).join(', ') || '–' },
              { label: texts.arn, value: <Copyable text={Arn} /> },
            ]}
          />
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  )
}

function Heard({ at }: { at: Date | undefined }) {
  return at ? <Time at={at} /> : common.never
}

const TYPES: Readonly<Record<string, AlertProps.Type>> = {
  Connected: 'success',
  Reporting: 'info',
  NeverReported: 'warning',
  LongSilent: 'warning',
}

/** The reason in words, what to do, and the last call that was refused. */
function Presence({ details: { Presence: presence } }: { details: NodeDetails }) {
  const { Reason, Explanation, Advice, OnlineUntil, LastRefusal } = presence
  return (
    <Alert type={TYPES[Reason] ?? 'error'} header={Explanation}>
      <SpaceBetween size="xs">
        {Advice && <span>{Advice}</span>}
        {OnlineUntil !== undefined && (
          <span>
            {texts.onlineUntil} <Time at={instant(OnlineUntil)} />
          </span>
        )}
        {LastRefusal && (
          <Box variant="small" color="text-body-secondary">
            {texts.lastRefusal}: {LastRefusal.Code}, <Time at={instant(LastRefusal.Date)} />, {texts.refusalFrom}{' '}
            {LastRefusal.SourceIp}. {LastRefusal.Message}
          </Box>
        )}
      </SpaceBetween>
    </Alert>
  )
}
