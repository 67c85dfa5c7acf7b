/** What the capability that applies documents to nodes again and again tells of the nodes in lists. */
import type { Expression, RawBuilder } from 'kysely'
import type { Reader } from '#db/database.ts'
import type { Scope } from '../scope.ts'

export interface AssociationDirectory {
  /**
   * Those of the nodes (1,000 at most) that have associations, by their ids. The same map as before if nothing of it has changed and the
   * database remembers the question.
   */
  onNodes(reader: Reader, nodeIds: readonly string[]): Promise<ReadonlyMap<string, AssociationsOnNode>>
  /** In SQL: the status of {@link AssociationsOnNode}, null for a node without associations. */
  statusOn(nodeId: Expression<string>): Expression<string | null>
  /** In SQL: nodes (`resource_id`), each with the name of the document of an association that it has (`value`). */
  documentsOnNodes(scope: Scope): RawBuilder<unknown>
  /** The name of the document that is meant. Throws `InvalidDocument` if there is none. */
  documentName(reader: Reader, scope: Scope, nameOrArn: string): Promise<string>
}

/** What all the associations of one node have come to. */
export interface AssociationsOnNode {
  /** The worst: `Failed` before `Pending` before `Success`. */
  readonly status: 'Failed' | 'Pending' | 'Success'
  /** How many are in each status. */
  readonly counts: Readonly<Record<string, number>>
  readonly lastExecutedAt: Date | undefined
  readonly lastSucceededAt: Date | undefined
}
