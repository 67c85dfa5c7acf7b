import { complianceItemsOf, complianceOfNodes } from '#capabilities/compliance/index.ts'
import { wholeSeconds } from '#capabilities/events/index.ts'
import type { TypeOfNode } from '#capabilities/inventory/index.ts'
import type { ListedNode } from '#capabilities/nodes/index.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'

/** Compliance, that of associations too: a line for each item, and one for each type of a node. */
export async function complianceOf(reader: Reader, scope: Scope, nodes: readonly ListedNode[]): Promise<TypeOfNode[]> {
  const known = await complianceOfNodes(
    reader,
    scope,
    nodes.map(({ nodeId }) => nodeId),
  )
  return known.flatMap(({ nodeId, revision: fingerprint, foundAt, summaries }) => {
    const common = { nodeId, fingerprint, schemaVersion: '1.0', captureTime: wholeSeconds(foundAt) }
    return [
      { ...common, typeName: 'AWS:ComplianceItem', entries: (db) => complianceItemsOf(db, scope, nodeId) },
      { ...common, typeName: 'AWS:ComplianceSummary', entries: async () => summaries },
    ] satisfies TypeOfNode[]
  })
}
