/** Types that nobody reports, because they follow from what is known: what the node said of itself, its tags, its groups. */
import { groupArn, listGroups, nodesOf } from '#capabilities/groups/index.ts'
import { INSTANCE_STATUSES, type ListedNode, listNodes, nodesMatching } from '#capabilities/nodes/index.ts'
import { tagsOfEach } from '#capabilities/tags/index.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Entry } from './entry-codec.ts'

export const INSTANCE_INFORMATION = 'AWS:InstanceInformation'
/** More than any fleet has. */
const ALL = 1_000_000
/** Nodes whose tags are asked for at once. */
const AT_ONCE = 1000

export function allNodes(reader: Reader, scope: Scope, now: Date): Promise<readonly ListedNode[]> {
  return listNodes(reader, scope, [], now, { after: undefined, limit: ALL })
}

/** The entries of a derived type for these nodes; those without an entry may be left out. */
export async function derivedEntries(
  reader: Reader,
  scope: Scope,
  typeName: string,
  nodes: readonly ListedNode[],
): Promise<Map<string, readonly Entry[]>> {
  if (typeName === INSTANCE_INFORMATION) return new Map(nodes.map((node) => [node.nodeId, [instanceInformation(node)]]))
  const ids = nodes.map(({ nodeId }) => nodeId)
  return typeName === 'AWS:Tag' ? tagEntries(reader, scope, ids) : groupEntries(reader, scope, new Set(ids))
}

function instanceInformation({ nodeId, facts, pingStatus }: ListedNode): Entry {
  const known: Record<string, string | undefined> = {
    AgentStatus: pingStatus === 'Online' ? 'Active' : 'Inactive',
    AgentType: facts.agentName,
    AgentVersion: facts.agentVersion,
    ComputerName: facts.computerName,
    InstanceId: nodeId,
    InstanceStatus: INSTANCE_STATUSES[pingStatus],
    IpAddress: facts.ipAddress,
    PlatformName: facts.platformName,
    PlatformType: facts.platformType,
    PlatformVersion: facts.platformVersion,
    ResourceType: 'ManagedInstance',
  }
  return Object.fromEntries(Object.entries(known).filter((pair): pair is [string, string] => pair[1] !== undefined))
}

async function tagEntries(reader: Reader, scope: Scope, ids: readonly string[]): Promise<Map<string, Entry[]>> {
  const entries = new Map<string, Entry[]>()
  for (let first = 0; first < ids.length; first += AT_ONCE) {
    const tagged = await tagsOfEach(reader, scope, 'ManagedInstance', ids.slice(first, first + AT_ONCE))
    for (const [id, tags] of tagged)
      entries.set(
        id,
        tags.map(({ Key = '', Value = '' }) => ({ Key, Value })),
      )
  }
  return entries
}

async function groupEntries(reader: Reader, scope: Scope, ids: ReadonlySet<string>): Promise<Map<string, Entry[]>> {
  const entries = new Map<string, Entry[]>()
  for (const group of await listGroups(reader, scope)) {
    const entry = { Name: group.name, Arn: groupArn(scope, group.name) }
    for (const { nodeId } of await nodesMatching(reader, scope, await nodesOf(reader, scope, group))) {
      if (!ids.has(nodeId)) continue
      const known = entries.get(nodeId)
      if (known) known.push(entry)
      else entries.set(nodeId, [entry])
    }
  }
  return entries
}
