import type { GroupOverviewCompliance } from '@steward/model/generated/steward.ts'
import { sql } from 'kysely'
import { type NodeCondition, nodeIds, nodeValues } from '#capabilities/nodes/index.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { countNodes, standings, summariesOf, types } from './overview.ts'

/** The compliance of the nodes that meet all conditions, in numbers. */
export async function complianceOnNodes(
  reader: Reader,
  scope: Scope,
  ofNodes: readonly NodeCondition[],
  now: Date,
): Promise<GroupOverviewCompliance> {
  const rows = await summariesOf(reader, [scope], [sql`node_id in ${nodeIds(scope, ofNodes, now)}`])
  const nodes = standings(await nodeValues(reader, scope, ofNodes, undefined, now), rows)
  return { Nodes: countNodes(nodes), Types: types(rows) }
}
