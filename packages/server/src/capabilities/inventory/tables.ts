export interface InventoryTables {
  inventory_entry: InventoryEntryTable
  inventory_item: InventoryItemTable
  inventory_content: InventoryContentTable
  inventory_custom_type: InventoryCustomTypeTable
  inventory_change: InventoryChangeTable
  inventory_deletion: InventoryDeletionTable
  inventory_saved_query: SavedQueryTable
}

/** What nodes report, each distinct entry once: see `entry-codec.ts`. */
export interface InventoryEntryTable {
  id: number
  account: string
  region: string
  type_name: string
  hash: string
  content: string
  /** Since when no node is known to have it; null: some node has it, or nobody looked. */
  unused_since: string | null
}

/** That a node reported a type. Small, because it is written at each report; what was reported is in `inventory_content`. */
export interface InventoryItemTable {
  node_id: string
  type_name: string
  account: string
  region: string
  schema_version: string
  /** As the node told it, `2026-11-21T02:59:11Z`. */
  capture_time: string
  /** As the node made it, of what it sent; null if it sent none. */
  content_hash: string | null
  /** Of the content itself: another one means another content. */
  digest: string
  entries: number
  reported_at: string
  /** Since when the content is as it is. */
  changed_at: string
}

export interface InventoryContentTable {
  node_id: string
  type_name: string
  /** The ids of its entries: `unpackNumbers`. */
  entries: Uint8Array
  /** `unpackOwn`. */
  own: Uint8Array | null
}

/** A version of a custom type. */
export interface InventoryCustomTypeTable {
  account: string
  region: string
  type_name: string
  version: string
  /** JSON list of names. */
  attributes: string
  /** 1: data of this version and older ones is ignored. */
  disabled: number
}

export type ChangeKindName = 'Added' | 'Removed' | 'Updated'

/** What a report of a node changed, other than its first of the type. */
export interface InventoryChangeTable {
  id: number
  account: string
  region: string
  node_id: string
  type_name: string
  at: string
  kind: ChangeKindName
  /** What people call it: the name of a package. */
  name: string
  /** JSON of the entries without the attributes of the node's own; null: there was none, or is none. */
  before: string | null
  after: string | null
}

export interface InventoryDeletionTable {
  id: string
  account: string
  region: string
  type_name: string
  client_token: string | null
  /** What becomes of the type itself, and its versions at the start: JSON `{ version: count }`. */
  option: 'DisableSchema' | 'DeleteSchema' | null
  counts: string
  /** What is left to do, of the same form. */
  remaining: string
  status: 'InProgress' | 'Complete'
  started_at: string
  updated_at: string
}

/** A query in SQL that people keep for each other. */
export interface SavedQueryTable {
  account: string
  region: string
  name: string
  query: string
  /** ARN of whoever saved it last. */
  saved_by: string
  saved_at: string
}
