export interface ObjectTables {
  object_bucket: BucketRow
  object_entry: EntryRow
  object_upload: UploadRow
  object_part: PartRow
  object_garbage: GarbageRow
}

export interface BucketRow {
  name: string
  account: string
  region: string
  created_at: string
  /** JSON: what was configured, by subresource. */
  settings: string
  /** The key of the bucket's content, sealed by the vault. */
  sealed_key: Uint8Array
}

/** An object as it is now. */
export interface EntryRow {
  bucket: string
  key: string
  /** Whose parts are its content. */
  content_id: string
  size: number
  etag: string
  modified_at: string
  /** JSON: everything else that was said of it. */
  attributes: string
}

/** A multipart upload under way; its id becomes that of the object's content. */
export interface UploadRow {
  id: string
  bucket: string
  key: string
  initiated_at: string
  attributes: string
}

/** A piece of content: of an object that was put at once, the only one. */
export interface PartRow {
  content_id: string
  number: number
  file: string
  size: number
  etag: string
  /** In base64; null if there is none. */
  checksum: string | null
  modified_at: string
}

/** A file that is not, or not yet, part of anything, and when it may go. */
export interface GarbageRow {
  file: string
  removable_at: string
}
