import { groupsSpelledOut, type Looking } from '#capabilities/groups/index.ts'
import { nodesMatching, type TargetNode } from '#capabilities/nodes/index.ts'
import { definitionOf, targetsOf } from './association.ts'
import type { AssociationTable } from './tables.ts'

/** The nodes that an association is for, as of now. */
export async function meantNodes(
  looking: Omit<Looking, 'scope'>,
  association: AssociationTable,
  among?: readonly string[],
): Promise<TargetNode[]> {
  const targets = await groupsSpelledOut({ ...looking, scope: association }, targetsOf(definitionOf(association)))
  const narrowed = among ? [...targets, { Key: 'InstanceIds', Values: [...among] }] : targets
  return nodesMatching(looking.db, association, narrowed)
}
