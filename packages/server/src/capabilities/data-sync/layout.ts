/** How AWS lays out what it syncs: one object for each type of each node, one line of JSON for each entry. Pure. */
import type { TypeOfNode } from '#capabilities/inventory/index.ts'
import type { Scope } from '#kernel/scope.ts'

export function objectKey({ account, region }: Scope, prefix: string, typeName: string, nodeId: string): string {
  const folder = prefix.replace(/\/+$/, '')
  const place = `${typeName}/accountid=${account}/region=${region}/resourcetype=ManagedInstanceInventory/${nodeId}.json`
  return folder === '' ? place : `${folder}/${place}`
}

export function toLines(
  { nodeId, captureTime, schemaVersion }: TypeOfNode,
  entries: readonly Readonly<Record<string, string>>[],
): Buffer {
  const more = { resourceId: nodeId, captureTime, schemaVersion }
  return Buffer.from(entries.map((entry) => JSON.stringify({ ...entry, ...more })).join('\n'))
}
