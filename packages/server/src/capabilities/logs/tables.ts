import type { LogGroupClass } from '@steward/model/generated/logs.ts'

export interface LogTables {
  log_group: LogGroupRow
  log_group_key: LogGroupKeyRow
  log_group_tag: LogGroupTagRow
  log_stream: LogStreamRow
  log_event: LogEventRow
  log_deleted: LogDeletedRow
  log_resource_policy: ResourcePolicyRow
}

// Times are milliseconds since 1970, as everywhere in this API.

export interface LogGroupRow {
  id: number
  account: string
  region: string
  name: string
  class: LogGroupClass
  created_at: number
  /** Null: events are kept for ever. */
  retention_days: number | null
  stored_bytes: number
  deletion_protected: number
  /** ARN of the KMS key that it is encrypted under; null if the installation's own keys do. */
  kms_key: string | null
  /** The data key that new events are sealed under. */
  key_number: number
}

/** A data key of a group. Either the vault or a KMS key has sealed it. */
export interface LogGroupKeyRow {
  group_id: number
  number: number
  sealed: Uint8Array | null
  kms_blob: Uint8Array | null
}

export interface LogGroupTagRow {
  group_id: number
  key: string
  value: string
}

export interface LogStreamRow {
  id: number
  group_id: number
  name: string
  created_at: number
  first_event_at: number | null
  last_event_at: number | null
  last_ingested_at: number | null
}

export interface LogEventRow {
  /** Order of arrival. */
  seq: number
  group_id: number
  stream_id: number
  at: number
  ingested_at: number
  /** What it counts for against limits, and in the group's stored bytes. */
  bytes: number
  key_number: number
  /** The message, sealed under the group's data key of that number. */
  message: Uint8Array
}

/** A group, or one stream of it, that is gone and whose events are still to go. */
export interface LogDeletedRow {
  group_id: number
  stream_id: number | null
}

export interface ResourcePolicyRow {
  account: string
  region: string
  name: string
  document: string
  updated_at: number
}
