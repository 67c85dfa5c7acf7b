import type { PlatformType, Target, Targets } from '@steward/model/generated/ssm.ts'
import type { Kysely } from 'kysely'
import { isTagged } from '#capabilities/tags/index.ts'
import { type Reader, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import { equal, type NodeCondition, tagFilter } from './node-condition.ts'
import { type ListedNode, listNodes } from './node-query.ts'
import type { NodeTables } from './tables.ts'

/** A node as those see it who send something to it. */
export interface TargetNode {
  readonly nodeId: string
  /** Its host name; before it has told that, the name its activation gave it, or nothing. */
  readonly name: string
  /** Null until the node has said what it is. */
  readonly platformType: PlatformType | null
}

/** Those of the ids that are registered nodes, in no particular order. */
export async function findNodes(reader: Reader, scope: Scope, ids: readonly string[]): Promise<TargetNode[]> {
  if (ids.length === 0) return []
  if (ids.length === 1) return toTargets(await oneNode(reader, ids[0]!, scope.account, scope.region))
  return toTargets(await select(reader, scope).where('node.node_id', 'in', ids).execute())
}

/**
 * The nodes that all targets mean, in order of their ids: `InstanceIds` (in any case; `*` is every node), `tag:<name>`, `tag-key`.
 * Values of one target are alternatives. An empty tag value means a tag whose value is empty (T-06a). Offline nodes are targets too (T-05).
 * A target without values, or with another key, means no node.
 */
export async function nodesMatching(reader: Reader, scope: Scope, targets: Targets): Promise<TargetNode[]> {
  let query = select(reader, scope).orderBy('node.node_id')
  for (const { Key = '', Values = [] } of targets) {
    const tag = tagFilter(Key, Values)
    if (Values.length === 0 || (!tag && Key.toLowerCase() !== 'instanceids')) return []
    if (!tag && Values.includes(EVERY)) continue
    query = tag
      ? query.where((eb) => isTagged(scope, 'ManagedInstance', eb.ref('node.node_id'), [tag]))
      : query.where('node.node_id', 'in', Values)
  }
  return toTargets(await query.execute())
}

/** The id that means every node. */
const EVERY = '*'

/** More than any fleet has. */
const ALL = 1_000_000

/** The same nodes as lists show them: for those who look before they send. */
export function listTargets(
  reader: Reader,
  scope: Scope,
  { instanceIds, targets }: { instanceIds: readonly string[]; targets: Targets },
  now: Date,
): Promise<readonly ListedNode[]> {
  const conditions = targets.map(targetCondition)
  if (instanceIds.length > 0) conditions.push(equal('nodeId', instanceIds))
  else if (targets.length === 0) conditions.push({ always: false })
  return listNodes(reader, scope, conditions, now, { after: undefined, limit: ALL })
}

/** The condition that one target makes; a target without values, or with another key, means no node. */
export function targetCondition({ Key = '', Values = [] }: Target): NodeCondition {
  const tag = tagFilter(Key, Values)
  if (Values.length === 0 || (!tag && Key.toLowerCase() !== 'instanceids')) return { always: false }
  if (!tag && Values.includes(EVERY)) return { always: true }
  return tag ? { tag } : equal('nodeId', Values)
}

function select(reader: Reader, scope: Scope) {
  return tables<NodeTables>(reader)
    .selectFrom('node')
    .select(['node.node_id', 'node.name', 'node.computer_name', 'node.platform_type'])
    .where('node.account', '=', scope.account)
    .where('node.region', '=', scope.region)
}

const oneNode = statement((db: Kysely<NodeTables>, id: string, account: string, region: string) =>
  db
    .selectFrom('node')
    .select(['node.node_id', 'node.name', 'node.computer_name', 'node.platform_type'])
    .where('node.node_id', '=', id)
    .where('node.account', '=', account)
    .where('node.region', '=', region),
)

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

function toTargets(rows: readonly Row[]): TargetNode[] {
  return rows.map(({ node_id, name, computer_name, platform_type }) => ({
    nodeId: node_id,
    name: computer_name ?? name ?? '',
    platformType: platform_type,
  }))
}
