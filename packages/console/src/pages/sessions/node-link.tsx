import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { nodeName } from './shells/node-name.ts'

/** Of how many nodes names are asked for; others show their ids. */
const MOST = 100
const NONE: ReadonlyMap<string, string> = new Map()

/** The names of nodes by their ids, as far as the person may see the fleet. */
export function useNodeNames(ids: readonly (string | undefined)[]): ReadonlyMap<string, string> {
  const wanted = [...new Set(ids.filter((id) => id !== undefined))].sort().slice(0, MOST)
  const names = useRead('nodes', ['names', wanted], (signal) => namesOf(wanted, signal), {
    enabled: wanted.length > 0,
  })
  return names.data ?? NONE
}

async function namesOf(ids: string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const Filters = [{ Key: 'InstanceId', Values: ids }]
  const { Nodes } = await steward('SearchNodes', { Filters, MaxResults: MOST }, signal)
  return new Map(Nodes.map((node) => [node.InstanceId, nodeName(node)]))
}

export function NodeLink({ id, names }: { id: string | undefined; names: ReadonlyMap<string, string> }) {
  if (!id) return <>–</>
  return <ConsoleLink to={`/nodes/${encodeURIComponent(id)}`}>{names.get(id) ?? id}</ConsoleLink>
}
