/** What associations have come to on one node. */
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { AssociationNodeTable, AssociationTables } from './tables.ts'

export function findNodeState(
  reader: Reader,
  associationId: string,
  nodeId: string,
): Promise<AssociationNodeTable | undefined> {
  return tables<AssociationTables>(reader)
    .selectFrom('association_node')
    .selectAll()
    .where('association_id', '=', associationId)
    .where('node_id', '=', nodeId)
    .executeTakeFirst()
}

/** All of a node in order of the associations' ids, after `cursor`. */
export function listNodeStates(
  reader: Reader,
  { account, region }: Scope,
  nodeId: string,
  cursor: string | undefined,
  limit: number,
): Promise<AssociationNodeTable[]> {
  return tables<AssociationTables>(reader)
    .selectFrom('association_node')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .where('node_id', '=', nodeId)
    .$if(cursor !== undefined, (query) => query.where('association_id', '>', cursor!))
    .orderBy('association_id')
    .limit(limit)
    .execute()
}
