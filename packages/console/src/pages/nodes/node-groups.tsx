import type { steward as model } from '@steward/model'
import type { Wire } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { nodeStatusText } from '#components/node-status.tsx'
import { Share } from '#components/share.tsx'
import type { Column } from '#components/table/column.ts'
import { type TableQuery, withQuery } from '#components/table/table-query.ts'
import { nodes as texts } from '#texts/nodes.ts'

export type NodeGroup = Wire<model.NodeGroup>

/** By what the list can be grouped, besides tags. */
export const GROUPINGS = ['PingStatus', 'PlatformName', 'PlatformVersion', 'AgentVersion', 'IamRole'] as const

export function groupName(key: string): string {
  return key.startsWith('tag:') ? texts.tag(key.slice(4)) : texts.columns[key as keyof typeof texts.columns]
}

/** Columns of the groups; the name of each leads to its nodes. */
export function groupColumns(group: string, query: TableQuery): Column<NodeGroup>[] {
  return [
    {
      id: 'Value',
      header: groupName(group),
      cell: (one) => <ConsoleLink to={`/nodes?${searchOf(group, one, query)}`}>{labelOf(group, one)}</ConsoleLink>,
      text: (one) => labelOf(group, one),
      rowHeader: true,
      width: 320,
    },
    {
      id: 'Count',
      header: texts.group.count,
      cell: ({ Count = 0 }) => Count.toLocaleString('en'),
      text: ({ Count = 0 }) => String(Count),
      number: true,
      width: 120,
    },
    {
      id: 'Online',
      header: texts.group.online,
      cell: ({ Online = 0, Count = 0 }) => <Share part={Online} whole={Count} />,
      text: ({ Online = 0 }) => String(Online),
      width: 240,
    },
  ]
}

function labelOf(group: string, { Value }: NodeGroup): string {
  if (Value === undefined || Value === '') return texts.noValue
  return group === 'PingStatus' ? nodeStatusText(Value) : Value
}

/** The address of the nodes of a group, under the search that there is. */
function searchOf(group: string, { Value }: NodeGroup, query: TableQuery): URLSearchParams {
  const token = { property: group, operator: '=', value: Value || texts.noValue }
  return withQuery(new URLSearchParams(), { ...query, sort: undefined, page: 1, tokens: [...query.tokens, token] })
}
