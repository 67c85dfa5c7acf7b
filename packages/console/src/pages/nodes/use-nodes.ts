import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { TableQuery } from '#components/table/table-query.ts'
import { type FleetNode, type SearchInput, searchInput } from './nodes-query.ts'

/** What the list is counted by while it is not grouped: enough to say how many are online. */
const STATUS = 'PingStatus'

/** One page of the nodes that match, and how many there are, by the values of `group` if one is given. */
export function useNodes(query: TableQuery, pageSize: number, group: string | undefined) {
  const input: SearchInput = {
    ...searchInput(query),
    GroupBy: group ?? STATUS,
    MaxResults: group ? 0 : pageSize,
    ...(query.page > 1 && { Offset: (query.page - 1) * pageSize }),
  }
  return useRead('nodes', ['search', input], (signal) => steward('SearchNodes', input, signal))
}

const KEYS_AT_MOST = 100

/** The keys of tags that nodes carry, the most frequent first; none until it is enabled. */
export function useTagKeys(enabled: boolean): string[] {
  const read = useRead(
    'nodes',
    ['tag-keys'],
    (signal) => steward('SearchNodes', { GroupBy: 'tag-key', MaxResults: 0 }, signal),
    { enabled },
  )
  return (read.data?.Groups ?? []).flatMap(({ Value }) => Value ?? []).slice(0, KEYS_AT_MOST)
}

const WALK = 500

/** All nodes that match; `report` is told how many there are so far. */
export async function allNodes(input: SearchInput, report?: (count: number) => void): Promise<FleetNode[]> {
  const nodes: FleetNode[] = []
  let next: string | undefined
  do {
    const page = await steward('SearchNodes', { ...input, MaxResults: WALK, ...(next && { NextToken: next }) })
    nodes.push(...(page.Nodes ?? []))
    next = page.NextToken
    report?.(nodes.length)
  } while (next)
  return nodes
}
