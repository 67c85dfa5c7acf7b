/**
 * The types `AWS:ComplianceItem` and `AWS:ComplianceSummary`: what is known of the compliance of nodes, whoever found it, behind what nodes
 * report of these types as inventory.
 */
import { complianceItemsOf, complianceOfNodes } from '#capabilities/compliance/index.ts'
import { wholeSeconds } from '#capabilities/events/index.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Entry } from './entry-codec.ts'
import { COMPLIANCE_ITEM } from './inventory-type.ts'
import { contentsOf, itemsOfNodes } from './item-store.ts'

export interface ComplianceContent {
  /** Of the latest of it. */
  readonly captureTime: string
  readonly entries: readonly Entry[]
}

/** Of those of the nodes of which something is known. */
export async function complianceContents(
  reader: Reader,
  scope: Scope,
  typeName: string,
  nodeIds: readonly string[],
): Promise<Map<string, ComplianceContent>> {
  const contents = new Map<string, ComplianceContent>()
  const items = typeName === COMPLIANCE_ITEM ? await complianceItemsOf(reader, scope, nodeIds) : undefined
  for (const { nodeId, foundAt, summaries } of await complianceOfNodes(reader, scope, nodeIds))
    contents.set(nodeId, {
      captureTime: wholeSeconds(foundAt),
      entries: items ? (items.get(nodeId) ?? []) : summaries,
    })
  const reported = await contentsOf(reader, nodeIds, typeName)
  for (const [nodeId, { capture_time }] of await itemsOfNodes(reader, [...reported.keys()], typeName)) {
    const known = contents.get(nodeId)
    const captureTime = known && known.captureTime > capture_time ? known.captureTime : capture_time
    contents.set(nodeId, { captureTime, entries: [...reported.get(nodeId)!, ...(known?.entries ?? [])] })
  }
  return contents
}
