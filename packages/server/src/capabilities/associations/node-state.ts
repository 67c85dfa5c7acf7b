/** What associations have come to on one node. */
import type { Kysely } from 'kysely'
import type { Reader, Tx } from '#db/database.ts'
import { statement, updater } from '#db/statement.ts'
import type { Scope } from '#kernel/scope.ts'
import type { AssociationNodeTable, AssociationTables } from './tables.ts'

const byNode = statement((db: Kysely<AssociationTables>, associationId: string, nodeId: string) =>
  db
    .selectFrom('association_node')
    .selectAll()
    .where('association_id', '=', associationId)
    .where('node_id', '=', nodeId),
)

export async function findNodeState(
  reader: Reader,
  associationId: string,
  nodeId: string,
): Promise<AssociationNodeTable | undefined> {
  return (await byNode(reader, associationId, nodeId))[0]
}

const update = updater<AssociationTables>('association_node', ['association_id', 'node_id'])

/** Answers what it is then. */
export async function changeNodeState(
  tx: Tx,
  node: AssociationNodeTable,
  change: Partial<AssociationNodeTable>,
): Promise<AssociationNodeTable> {
  await update(tx, [node.association_id, node.node_id], change)
  return { ...node, ...change }
}

const pageOfNode = statement(
  (db: Kysely<AssociationTables>, account: string, region: string, nodeId: string, after: string, limit: number) =>
    db
      .selectFrom('association_node')
      .selectAll()
      .where('account', '=', account)
      .where('region', '=', region)
      .where('node_id', '=', nodeId)
      .where('association_id', '>', after)
      .orderBy('association_id')
      .limit(limit),
)

/** All of a node in order of the associations' ids, after `cursor`. */
export function listNodeStates(
  reader: Reader,
  { account, region }: Scope,
  nodeId: string,
  cursor: string | undefined,
  limit: number,
): Promise<AssociationNodeTable[]> {
  return pageOfNode(reader, account, region, nodeId, cursor ?? '', limit)
}
