import SpaceBetween from '@cloudscape-design/components/space-between'
import Tabs from '@cloudscape-design/components/tabs'
import { useLocation, useSearchParams } from 'wouter'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Loaded } from '#components/loaded.tsx'
import { NodeStatus } from '#components/node-status.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { shellWords } from '#components/shell-words.ts'
import { SsmTags } from '#components/ssm-tags.tsx'
import { ComplianceTab } from '#pages/compliance/node-tab.tsx'
import { InventoryTab } from '#pages/inventory/node-tab.tsx'
import { nodes } from '#texts/nodes.ts'
import { AgentTab } from './agent-tab.tsx'
import { CommandsTab } from './commands-tab.tsx'
import { EventsTab } from './events-tab.tsx'
import { NodeActs } from './node-acts.tsx'
import { nameOf } from './node-columns.tsx'
import type { NodeDetails } from './node-details.ts'
import { Overview } from './overview.tsx'
import { SessionsTab } from './sessions-tab.tsx'
import { StateTab } from './state-tab.tsx'

const { page: texts } = nodes

/** All about one node. */
export function NodePage({ params: { id = '' } }: { params: { id?: string } }) {
  const [, navigate] = useLocation()
  const read = useRead('nodes', ['node', id], (signal) => steward('DescribeNode', { InstanceId: id }, signal), {
    keepLast: false,
  })
  const node = read.data?.Node
  return (
    <PageFrame
      title={node ? nameOf(node) : id}
      info={node && <NodeStatus status={node.PingStatus} />}
      above={[{ text: nodes.title, to: '/nodes' }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <CliCommand command={describeCommand(id)} />
          <NodeActs nodes={node ? [node] : []} onGone={() => navigate('/nodes')} withoutReach />
          <ButtonLink to={`/commands/run?${new URLSearchParams({ nodes: id })}`}>{nodes.act.run}</ButtonLink>
          <ButtonLink to={`/sessions/shell?${new URLSearchParams({ node: id })}`} variant="primary">
            {nodes.act.session}
          </ButtonLink>
        </SpaceBetween>
      }
    >
      <Loaded read={read}>{(details) => <NodeTabs details={details} />}</Loaded>
    </PageFrame>
  )
}

function describeCommand(id: string): string {
  return shellWords('aws', 'ssm', 'describe-instance-information', '--filters', `Key=InstanceIds,Values=${id}`)
}

/** The tab is in the address, so that it can be shared. */
function NodeTabs({ details }: { details: NodeDetails }) {
  const [search, setSearch] = useSearchParams()
  const id = details.Node.InstanceId
  const contents = {
    overview: <Overview details={details} />,
    commands: <CommandsTab node={id} />,
    sessions: <SessionsTab node={id} />,
    state: <StateTab node={id} />,
    inventory: <InventoryTab node={id} />,
    compliance: <ComplianceTab node={id} />,
    tags: <SsmTags kind="nodes" type="ManagedInstance" id={id} />,
    agent: <AgentTab details={details} />,
    events: <EventsTab node={id} />,
  }
  return (
    <Tabs
      activeTabId={search.get('tab') ?? 'overview'}
      onChange={({ detail }) =>
        setSearch(detail.activeTabId === 'overview' ? {} : { tab: detail.activeTabId }, { replace: true })
      }
      tabs={(Object.keys(contents) as (keyof typeof contents)[]).map((tab) => ({
        id: tab,
        label: texts.tabs[tab],
        content: contents[tab],
      }))}
    />
  )
}
