import Badge from '@cloudscape-design/components/badge'
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { instant } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { NodeStatus, nodeStatusText } from '#components/node-status.tsx'
import type { Column } from '#components/table/column.ts'
import { Time } from '#components/time.tsx'
import { nodes as texts } from '#texts/nodes.ts'
import type { FleetNode } from './nodes-query.ts'

/** What people call a node. */
export function nameOf({ Name, ComputerName, InstanceId = '' }: FleetNode): string {
  return Name ?? ComputerName ?? InstanceId
}

export function platformOf({ PlatformName, PlatformVersion }: FleetNode): string {
  return [PlatformName, PlatformVersion].filter(Boolean).join(' ')
}

/** Columns of the list, those of tags included; their ids are the keys by which SearchNodes sorts. */
export function nodeColumns(tagKeys: readonly string[]): Column<FleetNode>[] {
  return [...COLUMNS, ...tagKeys.map(tagColumn)]
}

const COLUMNS: readonly Column<FleetNode>[] = [
  {
    id: 'Name',
    header: texts.columns.Name,
    cell: (node) => <ConsoleLink to={`/nodes/${node.InstanceId}`}>{nameOf(node)}</ConsoleLink>,
    text: nameOf,
    rowHeader: true,
    width: 220,
  },
  {
    id: 'PingStatus',
    header: texts.columns.PingStatus,
    cell: ({ PingStatus }) => <NodeStatus status={PingStatus} />,
    text: ({ PingStatus = '' }) => nodeStatusText(PingStatus),
    width: 170,
  },
  {
    id: 'InstanceId',
    header: texts.columns.InstanceId,
    cell: ({ InstanceId }) => <span className="st-mono">{InstanceId}</span>,
    text: ({ InstanceId = '' }) => InstanceId,
    width: 200,
  },
  {
    id: 'PlatformName',
    header: texts.columns.PlatformName,
    cell: (node) => platformOf(node) || '–',
    text: platformOf,
    width: 190,
  },
  { id: 'AgentVersion', header: texts.columns.AgentVersion, cell: agent, text: agentText, width: 140 },
  plain('IPAddress', ({ IPAddress }) => IPAddress, { width: 140 }),
  { id: 'Tags', header: texts.columns.Tags, cell: tags, text: tagsText, unsorted: true, width: 240 },
  {
    id: 'LastPingDateTime',
    header: texts.columns.LastPingDateTime,
    cell: ({ LastPingDateTime }) => <Time at={instant(LastPingDateTime)} only="relative" />,
    text: ({ LastPingDateTime }) => instant(LastPingDateTime)?.toISOString() ?? '',
    width: 150,
  },
  plain('ComputerName', ({ ComputerName }) => ComputerName, { hidden: true }),
  plain('PlatformType', ({ PlatformType }) => PlatformType, { hidden: true }),
  plain('PlatformVersion', ({ PlatformVersion }) => PlatformVersion, { hidden: true }),
  plain('AgentName', ({ AgentName }) => AgentName, { hidden: true }),
  plain('IamRole', ({ IamRole }) => IamRole, { hidden: true }),
  plain('ActivationId', ({ ActivationId }) => ActivationId, { hidden: true, width: 300 }),
  {
    id: 'RegistrationDate',
    header: texts.columns.RegistrationDate,
    cell: ({ RegistrationDate }) => <Time at={instant(RegistrationDate)} only="relative" />,
    text: ({ RegistrationDate }) => instant(RegistrationDate)?.toISOString() ?? '',
    hidden: true,
  },
]

function plain(
  id: keyof typeof texts.columns,
  text: (node: FleetNode) => string | undefined,
  more: Partial<Column<FleetNode>>,
): Column<FleetNode> {
  return { id, header: texts.columns[id], cell: (node) => text(node) ?? '–', text: (node) => text(node) ?? '', ...more }
}

function tagColumn(key: string): Column<FleetNode> {
  const value = ({ Tags = [] }: FleetNode) => Tags.find(({ Key }) => Key === key)?.Value ?? ''
  return { id: `tag:${key}`, header: texts.tag(key), cell: value, text: value, hidden: true }
}

function agent({ AgentVersion, IsLatestVersion }: FleetNode) {
  if (!AgentVersion) return '–'
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <span className="st-number">{AgentVersion}</span>
      {IsLatestVersion === false && (
        <span title={texts.outdatedHint}>
          <Badge color="severity-low">{texts.outdated}</Badge>
        </span>
      )}
    </SpaceBetween>
  )
}

function agentText({ AgentVersion = '' }: FleetNode): string {
  return AgentVersion
}

const TAGS_SHOWN = 2

function tags({ Tags = [] }: FleetNode) {
  if (Tags.length === 0) return '–'
  const rest = Tags.length - TAGS_SHOWN
  return (
    <span title={Tags.map(({ Key, Value }) => `${Key}=${Value}`).join('\n')}>
      {Tags.slice(0, TAGS_SHOWN)
        .map(({ Key, Value }) => `${Key}=${Value}`)
        .join(', ')}
      {rest > 0 && <Box variant="span" color="text-body-secondary">{` +${rest}`}</Box>}
    </span>
  )
}

function tagsText({ Tags = [] }: FleetNode): string {
  return Tags.map(({ Key, Value }) => `${Key}=${Value}`).join(' ')
}
