/** What is synced: inventory and compliance of nodes, in the form in which inventory is told. */
import { type TypeOfNode, typesOfNodes } from '#capabilities/inventory/index.ts'
import type { ListedNode } from '#capabilities/nodes/index.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { complianceOf } from './compliance-source.ts'

/** Everything that there is of these nodes; no two are of the same type and node. */
export async function sourcesOf(
  reader: Reader,
  scope: Scope,
  nodes: readonly ListedNode[],
  now: Date,
): Promise<TypeOfNode[]> {
  const byPlace = new Map<string, TypeOfNode>()
  for (const source of [typesOfNodes, complianceOf]) {
    for (const found of await source(reader, scope, nodes, now)) {
      const place = `${found.nodeId} ${found.typeName}`
      const other = byPlace.get(place)
      byPlace.set(place, other ? joined(other, found) : found)
    }
  }
  return [...byPlace.values()]
}

/** Nodes may tell compliance as inventory, too. */
function joined(one: TypeOfNode, other: TypeOfNode): TypeOfNode {
  return {
    ...other,
    fingerprint: `${one.fingerprint} ${other.fingerprint}`,
    entries: async (reader) => [...(await one.entries(reader)), ...(await other.entries(reader))],
  }
}
