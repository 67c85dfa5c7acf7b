import { DescribeActivationsCommand } from '@aws-sdk/client-ssm'
import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { ssm } from '#api/clients/ssm.ts'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Failed } from '#components/failed.tsx'
import { NodeStatus } from '#components/node-status.tsx'
import { shellWords } from '#components/shell-words.ts'
import { nodes } from '#texts/nodes.ts'
import { nameOf, platformOf } from '../node-columns.tsx'
import type { FleetNode } from '../nodes-query.ts'

const { adding: texts } = nodes
const SHOWN = 20

/** Shows the machines of an activation as they register; the event stream says when one does. */
export function Watch({ activation }: { activation: string }) {
  const made = useRead('activations', ['one', activation], async () => {
    const Filters = [{ FilterKey: 'ActivationIds' as const, FilterValues: [activation] }]
    return (await ssm().send(new DescribeActivationsCommand({ Filters }))).ActivationList?.[0] ?? null
  })
  const arrived = useRead('nodes', ['of-activation', activation], (signal) => {
    const Filters = [{ Key: 'ActivationId', Values: [activation] }]
    return steward('SearchNodes', { Filters, MaxResults: SHOWN, SortBy: 'RegistrationDate' }, signal)
  })
  const { Nodes = [], TotalCount = 0 } = arrived.data ?? {}
  const online = Nodes.find(({ PingStatus }) => PingStatus === 'Online')
  const limit = made.data?.RegistrationLimit ?? 1
  const over = made.data?.Expired && TotalCount < limit
  return (
    <Container
      header={
        <Header variant="h2" actions={<CliCommand command={arrivedCommand(activation)} />}>
          {online ? texts.next : texts.watch}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <div aria-live="polite">
          {online ? (
            <Arrived node={online} />
          ) : over ? (
            <StatusIndicator type="warning">{texts.expired}</StatusIndicator>
          ) : (
            <StatusIndicator type="pending">{texts.waiting}</StatusIndicator>
          )}
        </div>
        <span>{texts.watchMany(TotalCount, limit)}</span>
        {arrived.error && <Failed error={arrived.error} retry={() => void arrived.refetch()} />}
        {Nodes.length > 0 && <NodeList found={Nodes} />}
      </SpaceBetween>
    </Container>
  )
}

function Arrived({ node }: { node: FleetNode }) {
  const id = node.InstanceId ?? ''
  return (
    <Alert
      type="success"
      header={texts.arrived(nameOf(node))}
      action={
        <SpaceBetween direction="horizontal" size="xs">
          <ButtonLink to={`/sessions/shell?${new URLSearchParams({ node: id })}`}>{texts.firstSession}</ButtonLink>
          <ButtonLink to={`/commands/run?${new URLSearchParams({ nodes: id })}`}>{texts.firstRun}</ButtonLink>
        </SpaceBetween>
      }
    >
      {platformOf(node)}
    </Alert>
  )
}

function NodeList({ found }: { found: readonly FleetNode[] }) {
  return (
    <SpaceBetween size="xs">
      {found.map((node) => (
        <SpaceBetween key={node.InstanceId} direction="horizontal" size="m">
          <NodeStatus status={node.PingStatus} />
          <ConsoleLink to={`/nodes/${node.InstanceId}`}>{nameOf(node)}</ConsoleLink>
          <span className="st-mono">{node.InstanceId}</span>
        </SpaceBetween>
      ))}
    </SpaceBetween>
  )
}

function arrivedCommand(activation: string): string {
  return shellWords(
    ...['aws', 'ssm', 'describe-instance-information', '--filters', `Key=ActivationIds,Values=${activation}`],
  )
}
