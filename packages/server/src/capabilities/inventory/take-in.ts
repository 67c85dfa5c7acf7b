import { hash } from 'node:crypto'
import { noteChange } from '#db/changes.ts'
import { type Tx, tables } from '#db/database.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { type ContentChange, contentChanges } from './content-change.ts'
import { customTypes, isDisabled, learnType } from './custom-type.ts'
import { type Entry, splitEntry } from './entry-codec.ts'
import { entriesBy, internEntries } from './entry-store.ts'
import { itemContentMismatch } from './errors.ts'
import { isCustomName, ownAttributes } from './inventory-type.ts'
import type { ReportedItem } from './item.ts'
import { entryIds, itemsOf, storeItem, touchItem } from './item-store.ts'
import type { InventoryItemTable, InventoryTables } from './tables.ts'
import { tellOfChanges, tellOfDisabled } from './tell.ts'

/** Changes of which one statement tells the database. */
const WRITTEN_AT_ONCE = 100

/**
 * Replaces what the node reported of each type. What it has still is only marked as such: that takes a look at a hash. Resolves with
 * what the node is to be told.
 */
export async function takeIn(call: WriteCall, nodeId: string, items: readonly ReportedItem[]): Promise<string[]> {
  const before = await itemsOf(call.db, nodeId)
  const told: string[] = []
  for (const item of items) {
    const ignored = isCustomName(item.typeName) ? await takeCustomType(call, nodeId, item) : undefined
    if (ignored) told.push(ignored)
    else await takeItem(call, nodeId, item, before.get(item.typeName))
  }
  return told
}

/** Makes the type known, if it is new. Resolves with the reason if its data is ignored. */
async function takeCustomType(call: WriteCall, nodeId: string, item: ReportedItem): Promise<string | undefined> {
  const { typeName, version, content } = item
  const known = await customTypes(call.db, call.scope)
  if (isDisabled(known.get(typeName), version)) return tellOfDisabled(call, nodeId, item, known)
  if (content) await learnType(call.db, call.scope, known, { typeName, version, entries: content.entries })
  return undefined
}

async function takeItem(
  call: WriteCall,
  nodeId: string,
  item: ReportedItem,
  before: InventoryItemTable | undefined,
): Promise<void> {
  const { typeName, content } = item
  if (!content && before?.content_hash !== item.contentHash) throw itemContentMismatch(typeName)
  const digest = content ? hash('sha256', content.text, 'base64url') : before!.digest
  const isSame = before?.digest === digest
  const reported_at = call.now.toISOString()
  const row = {
    schema_version: item.version,
    capture_time: item.captureTime,
    content_hash: item.contentHash ?? null,
    reported_at,
    // Content that is sent counts as new where it may be about to be deleted: what is told to be stored stays.
    changed_at: isSame && !(content && isCustomName(typeName)) ? before.changed_at : reported_at,
  }
  if (isSame) return touchItem(call.db, nodeId, typeName, row)
  const stored = { node_id: nodeId, type_name: typeName, digest, ...row }
  await replaceContent(call, stored, content!.entries, before === undefined)
  noteChange(call.db, { kind: 'inventory', ids: [nodeId], region: call.scope.region })
}

async function replaceContent(
  call: WriteCall,
  item: Parameters<typeof storeItem>[2],
  entries: readonly Entry[],
  isNew: boolean,
): Promise<void> {
  const { node_id: nodeId, type_name: typeName } = item
  const place = `${call.scope.account}/${call.scope.region}/${typeName}\n`
  const names = ownAttributes(typeName)
  const split = entries.map((entry) => splitEntry(place, entry, names))
  const shared = split.map(({ shared }) => shared)
  const ids = await internEntries(call.db, call.scope, typeName, shared)
  const changes = isNew ? [] : await changesFrom(call.db, nodeId, typeName, ids)
  await storeItem(call.db, call.scope, item, { ids, own: split.map(({ own }) => own), isNew })
  await recordChanges(call, nodeId, typeName, changes)
  await tellOfChanges(call, item, changes)
}

async function changesFrom(tx: Tx, nodeId: string, typeName: string, ids: readonly number[]): Promise<ContentChange[]> {
  const before = await entryIds(tx, nodeId, typeName)
  const removed = without(before, ids)
  const added = without(ids, before)
  const entries = await entriesBy(tx, [...removed, ...added])
  const known = (id: number) => entries.get(id) ?? {}
  return contentChanges(typeName, removed.map(known), added.map(known))
}

function without(ids: readonly number[], others: readonly number[]): number[] {
  const known = new Set(others)
  return ids.filter((id) => !known.has(id))
}

async function recordChanges(
  { db, scope, now }: WriteCall,
  nodeId: string,
  typeName: string,
  changes: readonly ContentChange[],
): Promise<void> {
  const rows = changes.map(({ kind, name, before, after }) => ({
    account: scope.account,
    region: scope.region,
    node_id: nodeId,
    type_name: typeName,
    at: now.toISOString(),
    kind,
    name,
    before: before ? JSON.stringify(before) : null,
    after: after ? JSON.stringify(after) : null,
  }))
  for (let first = 0; first < rows.length; first += WRITTEN_AT_ONCE) {
    const some = rows.slice(first, first + WRITTEN_AT_ONCE)
    await tables<InventoryTables>(db)
      .insertInto('inventory_change')
      .values(some as never)
      .execute()
  }
}
