/** Types that nobody reports, because they follow from what is known: what the node said of itself, its tags, its groups. */
import { groupArn, type Looking, listGroups, nodesOf } from '#capabilities/groups/index.ts'
import { INSTANCE_STATUSES, type ListedNode, listNodes, nodesMatching } from '#capabilities/nodes/index.ts'
import { tagsOfEach } from '#capabilities/tags/index.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Entry } from './entry-codec.ts'
import { inventoryDirectory } from './inventory-directory.ts'

export const RESOURCE_GROUP = 'AWS:ResourceGroup'
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
  now: Date,
): Promise<Map<string, readonly Entry[]>> {
  if (typeName === INSTANCE_INFORMATION) return new Map(nodes.map((node) => [node.nodeId, [instanceInformation(node)]]))
  const ids = nodes.map(({ nodeId }) => nodeId)
  if (typeName === 'AWS:Tag') return tagEntries(reader, scope, ids)
  return groupEntries({ db: reader, scope, now, inventory: inventoryDirectory }, new Set(ids))
}

/** In order of their names. */
const FACTS: readonly (readonly [name: string, of: (node: ListedNode) => string | undefined])[] = [
  ['AgentStatus', ({ pingStatus }) => (pingStatus === 'Online' ? 'Active' : 'Inactive')],
  ['AgentType', ({ facts }) => facts.agentName],
  ['AgentVersion', ({ facts }) => facts.agentVersion],
  ['ComputerName', ({ facts }) => facts.computerName],
  ['InstanceId', ({ nodeId }) => nodeId],
  ['InstanceStatus', ({ pingStatus }) => INSTANCE_STATUSES[pingStatus]],
  ['IpAddress', ({ facts }) => facts.ipAddress],
  ['PlatformName', ({ facts }) => facts.platformName],
  ['PlatformType', ({ facts }) => facts.platformType],
  ['PlatformVersion', ({ facts }) => facts.platformVersion],
  ['ResourceType', () => 'ManagedInstance'],
]

function instanceInformation(node: ListedNode): Entry {
  const entry: Record<string, string> = {}
  for (const [name, of] of FACTS) {
    const value = of(node)
    if (value !== undefined) entry[name] = value
  }
  return entry
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

async function groupEntries(looking: Looking, ids: ReadonlySet<string>): Promise<Map<string, Entry[]>> {
  const { db, scope } = looking
  const entries = new Map<string, Entry[]>()
  for (const group of await listGroups(db, scope)) {
    const entry = { Name: group.name, Arn: groupArn(scope, group.name) }
    for (const { nodeId } of await nodesMatching(db, scope, await nodesOf(looking, group))) {
      if (!ids.has(nodeId)) continue
      const known = entries.get(nodeId)
      if (known) known.push(entry)
      else entries.set(nodeId, [entry])
    }
  }
  return entries
}
