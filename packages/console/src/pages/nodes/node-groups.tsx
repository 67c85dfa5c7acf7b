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
    ...(group.startsWith('tag:') ? [runColumn(group.slice('tag:'.length))] : []),
  ]
}

/** Leads to a command for all nodes with the tag, also those that will carry it by then. */
function runColumn(key: string): Column<NodeGroup> {
  return {
    id: 'act',
    header: texts.group.act,
    cell: ({ Value }) =>
      Value === undefined ? '–' : <ConsoleLink to={runOnTags([`${key}=${Value}`])}>{texts.act.run}</ConsoleLink>,
    width: 180,
  }
}

/** The page that runs a command, filled in with tags written `key=value`. */
export function runOnTags(tags: readonly string[]): string {
  return `/commands/run?${new URLSearchParams(tags.map((tag) => ['tag', tag]))}`
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
