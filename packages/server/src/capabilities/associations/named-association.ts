import type { Call } from '#kernel/declare.ts'
import { associationDoesNotExist, idOrNameAndNode, noAssociationOf } from './errors.ts'
import { findAssociation, findByNode } from './store.ts'
import type { AssociationTable } from './tables.ts'

/** How operations name an association: by its id, or the one of a document with a node. */
export interface Named {
  readonly AssociationId?: string | undefined
  readonly Name?: string | undefined
  readonly InstanceId?: string | undefined
}

/** Throws `AssociationDoesNotExist`. */
export async function namedAssociation(
  { db, scope }: Pick<Call, 'db' | 'scope'>,
  { AssociationId: id, Name: name, InstanceId: nodeId }: Named,
): Promise<AssociationTable> {
  if (id !== undefined) {
    const found = await findAssociation(db, scope, id)
    if (!found) throw associationDoesNotExist(id)
    return found
  }
  if (name === undefined || nodeId === undefined) throw idOrNameAndNode()
  const found = await findByNode(db, scope, name, nodeId)
  if (!found) throw noAssociationOf(name, nodeId)
  return found
}
