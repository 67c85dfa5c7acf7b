import type { PlatformType, Targets } from '@steward/model/generated/ssm.ts'
import { isTagged, type TagFilter } from '#capabilities/tags/index.ts'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { NodeTables } from './tables.ts'

/** A node as those see it who send something to it. */
export interface TargetNode {
  readonly nodeId: string
  /** Empty if it was given none. */
  readonly name: string
  /** Null until the node has said what it is. */
  readonly platformType: PlatformType | null
}

/** Those of the ids that are registered nodes, in no particular order. */
export function findNodes(reader: Reader, scope: Scope, ids: readonly string[]): Promise<TargetNode[]> {
  return select(reader, scope).where('node.node_id', 'in', ids).execute().then(toTargets)
}

/**
 * The nodes that all targets mean, in order of their ids: `InstanceIds` (in any case), `tag:<name>`, `tag-key`. Values of one
 * target are alternatives. An empty tag value means a tag whose value is empty (T-06a). Offline nodes are targets too (T-05).
 */
export function nodesMatching(reader: Reader, scope: Scope, targets: Targets): Promise<TargetNode[]> {
  let query = select(reader, scope)
  for (const { Key = '', Values = [] } of targets) {
    if (Key.toLowerCase() === 'instanceids') query = query.where('node.node_id', 'in', Values)
  }
  const tags = targets.flatMap(toTagFilter)
  if (tags.length > 0) query = query.where((eb) => isTagged(scope, 'ManagedInstance', eb.ref('node.node_id'), tags))
  return query.orderBy('node.node_id').execute().then(toTargets)
}

function toTagFilter({ Key = '', Values = [] }: Targets[number]): TagFilter[] {
  if (Key === 'tag-key') return [{ keys: Values }]
  return Key.startsWith('tag:') ? [{ key: Key.slice(4), values: Values }] : []
}

function select(reader: Reader, scope: Scope) {
  return tables<NodeTables>(reader)
    .selectFrom('node')
    .select(['node.node_id', 'node.name', 'node.platform_type'])
    .where('node.account', '=', scope.account)
    .where('node.region', '=', scope.region)
}

function toTargets(rows: { node_id: string; name: string | null; platform_type: PlatformType | null }[]): TargetNode[] {
  return rows.map(({ node_id, name, platform_type }) => ({ nodeId: node_id, name: name ?? '', platformType: platform_type }))
}
