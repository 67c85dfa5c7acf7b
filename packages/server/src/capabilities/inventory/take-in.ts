import { hash } from 'node:crypto'
import { findNodes } from '#capabilities/nodes/index.ts'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Scope } from '#kernel/scope.ts'
import { type ContentChange, contentChanges } from './content-change.ts'
import { customTypes, isDisabled, learnType } from './custom-type.ts'
import { type OwnAttributes, type SharedEntry, splitEntry } from './entry-codec.ts'
import { entriesBy, internEntries, knownEntries } from './entry-store.ts'
import { itemContentMismatch, noSuchNode } from './errors.ts'
import { isCustomName, ownAttributes } from './inventory-type.ts'
import type { ReportedItem } from './item.ts'
import { entryIds, itemsOf, storeItem, touchItem } from './item-store.ts'
import type { InventoryItemTable, InventoryTables } from './tables.ts'
import { tellOfChanges, tellOfDisabled } from './tell.ts'

/** Changes of which one statement tells the database. */
const WRITTEN_AT_ONCE = 100

/** A report as it will be stored, made before the transaction: that may have to be done more than once. */
export interface PreparedItem extends ReportedItem {
  readonly digest: string | undefined
  readonly shared: readonly SharedEntry[]
  readonly own: OwnAttributes
  readonly known: ReadonlyMap<string, number>
}

/** The part of a call that a report needs in its transaction. */
export interface Taking {
  readonly tx: Tx
  readonly scope: Scope
  readonly now: Date
  readonly ids: Ids
}

/** Takes apart what is new about a report. What the node has still takes a look at a hash. */
export async function prepareItem(
  reader: Reader,
  scope: Scope,
  item: ReportedItem,
  before: ReadonlyMap<string, InventoryItemTable>,
): Promise<PreparedItem> {
  const { typeName, content } = item
  const digest = content && hash('sha256', content.text, 'base64url')
  if (!content || before.get(typeName)?.digest === digest)
    return { ...item, digest, shared: [], own: [], known: new Map() }
  const place = `${scope.account}/${scope.region}/${typeName}\n`
  const names = ownAttributes(typeName)
  const split = content.entries.map((entry) => splitEntry(place, entry, names))
  const shared = split.map(({ shared }) => shared)
  return { ...item, digest, shared, own: split.map(({ own }) => own), known: await knownEntries(reader, shared) }
}

/**
 * Replaces what the node reported of each type; what is the same is only marked as such. Resolves with what the node is to be told.
 * Throws `InvalidInstanceId`, `ItemContentMismatchException` and what `learnType` does.
 */
export async function takeIn(taking: Taking, nodeId: string, items: readonly PreparedItem[]): Promise<string[]> {
  const before = await itemsOf(taking.tx, nodeId)
  if (before.size === 0 && (await findNodes(taking.tx, taking.scope, [nodeId])).length === 0) throw noSuchNode(nodeId)
  const told: string[] = []
  for (const item of items) {
    const ignored = isCustomName(item.typeName) ? await takeCustomType(taking, nodeId, item) : undefined
    if (ignored) told.push(ignored)
    else await takeItem(taking, nodeId, item, before.get(item.typeName))
  }
  return told
}

/** Makes the type known, if it is new. Resolves with the reason if its data is ignored. */
async function takeCustomType(taking: Taking, nodeId: string, item: PreparedItem): Promise<string | undefined> {
  const { typeName, version, content } = item
  const known = await customTypes(taking.tx, taking.scope)
  if (isDisabled(known.get(typeName), version)) return tellOfDisabled(taking, nodeId, item, known)
  if (content) await learnType(taking.tx, taking.scope, known, { typeName, version, entries: content.entries })
  return undefined
}

async function takeItem(
  taking: Taking,
  nodeId: string,
  item: PreparedItem,
  before: InventoryItemTable | undefined,
): Promise<void> {
  const { typeName, content } = item
  const { tx, scope, now } = taking
  if (!content && before?.content_hash !== item.contentHash) throw itemContentMismatch(typeName)
  const digest = item.digest ?? before!.digest
  const isSame = before?.digest === digest
  const reported_at = now.toISOString()
  const row = {
    schema_version: item.version,
    capture_time: item.captureTime,
    content_hash: item.contentHash ?? null,
    reported_at,
    // Content that is sent counts as new where it may be about to be deleted: what is told to be stored stays.
    changed_at: isSame && !(content && isCustomName(typeName)) ? before.changed_at : reported_at,
  }
  if (isSame) return touchItem(tx, nodeId, typeName, row)
  // It was the same before the transaction, and is not any more.
  const isPrepared = item.shared.length === content!.entries.length
  const { shared, own, known } = isPrepared ? item : await prepareItem(tx, scope, item, new Map())
  const ids = await internEntries(tx, scope, typeName, shared, known)
  const changes = before ? await changesFrom(tx, nodeId, typeName, ids) : []
  const stored = { node_id: nodeId, type_name: typeName, digest, ...row }
  await storeItem(tx, scope, stored, { ids, own, isNew: !before })
  await recordChanges(taking, nodeId, typeName, changes)
  await tellOfChanges(taking, stored, changes)
  noteChange(tx, { kind: 'inventory', ids: [nodeId], region: scope.region })
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
  { tx, scope, now }: Taking,
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
    await tables<InventoryTables>(tx)
      .insertInto('inventory_change')
      .values(some as never)
      .execute()
  }
}
