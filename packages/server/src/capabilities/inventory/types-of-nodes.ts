/** Inventory for those who copy it elsewhere, of many nodes at a time. */
import { hash } from 'node:crypto'
import { complianceOfNodes } from '#capabilities/compliance/index.ts'
import { wholeSeconds } from '#capabilities/events/index.ts'
import type { ListedNode } from '#capabilities/nodes/index.ts'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { complianceContents } from './compliance-type.ts'
import { derivedEntries } from './derived-type.ts'
import type { Entry } from './entry-codec.ts'
import { AWS_TYPES, COMPLIANCE_ITEM, COMPLIANCE_SUMMARY } from './inventory-type.ts'
import { contentOf } from './item-store.ts'
import type { InventoryTables } from './tables.ts'

/** That there are entries of one type of one node. */
export interface TypeOfNode {
  readonly nodeId: string
  readonly typeName: string
  readonly schemaVersion: string
  readonly captureTime: string
  /** Another one means other entries. */
  readonly fingerprint: string
  entries(reader: Reader): Promise<readonly Entry[]>
}

/** What there is of these nodes, reported or not, in no particular order; no two are of the same type and node. */
export async function typesOfNodes(
  reader: Reader,
  scope: Scope,
  nodes: readonly ListedNode[],
  now: Date,
): Promise<TypeOfNode[]> {
  const captureTime = wholeSeconds(now)
  const derived = [...AWS_TYPES.values()].filter(({ isDerived }) => isDerived)
  const reported = await reportedTypes(reader, scope, nodes)
  const compliance = await complianceTypes(reader, scope, nodes, reported)
  const isPartOf = new Set(compliance.map(placeOf))
  const found = [...reported.filter((type) => !isPartOf.has(placeOf(type))), ...compliance]
  for (const { name: typeName, versions } of derived) {
    for (const [nodeId, entries] of await derivedEntries(reader, scope, typeName, nodes, now)) {
      const fingerprint = hash('sha256', JSON.stringify(entries), 'base64url')
      const common = { nodeId, typeName, schemaVersion: versions[0]!, captureTime, fingerprint }
      if (entries.length > 0) found.push({ ...common, entries: async () => entries })
    }
  }
  return found
}

/** Compliance with what is reported of it as inventory. */
async function complianceTypes(
  reader: Reader,
  scope: Scope,
  nodes: readonly ListedNode[],
  reported: readonly TypeOfNode[],
): Promise<TypeOfNode[]> {
  const others = new Map(reported.map((type) => [placeOf(type), type]))
  const nodeIds = nodes.map(({ nodeId }) => nodeId)
  return (await complianceOfNodes(reader, scope, nodeIds)).flatMap(({ nodeId, revision, foundAt }) =>
    [COMPLIANCE_ITEM, COMPLIANCE_SUMMARY].map((typeName): TypeOfNode => {
      const other = others.get(placeOf({ nodeId, typeName }))
      return {
        nodeId,
        typeName,
        schemaVersion: '1.0',
        captureTime: wholeSeconds(foundAt),
        fingerprint: other ? `${other.fingerprint} ${revision}` : revision,
        entries: async (db) => (await complianceContents(db, scope, typeName, [nodeId])).get(nodeId)?.entries ?? [],
      }
    }),
  )
}

function placeOf({ nodeId, typeName }: Pick<TypeOfNode, 'nodeId' | 'typeName'>): string {
  return `${nodeId} ${typeName}`
}

async function reportedTypes(reader: Reader, { account, region }: Scope, nodes: readonly ListedNode[]) {
  if (nodes.length === 0) return []
  const rows = await tables<InventoryTables>(reader)
    .selectFrom('inventory_item')
    .select(['node_id', 'type_name', 'schema_version', 'capture_time', 'digest'])
    .where((eb) => eb.and({ account, region }))
    .where(
      'node_id',
      'in',
      nodes.map(({ nodeId }) => nodeId),
    )
    .where('entries', '>', 0)
    .execute()
  return rows.map(
    (row): TypeOfNode => ({
      nodeId: row.node_id,
      typeName: row.type_name,
      schemaVersion: row.schema_version,
      captureTime: row.capture_time,
      fingerprint: `${row.schema_version} ${row.digest}`,
      entries: (db) => contentOf(db, row.node_id, row.type_name),
    }),
  )
}
