import type { LastResourceDataSyncStatus } from '@steward/model/generated/ssm.ts'

export interface DataSyncTables {
  data_sync: DataSyncRow
  data_sync_object: SyncedObjectRow
}

export interface DataSyncRow {
  account: string
  region: string
  name: string
  /** Another one for a sync that is deleted and made again. */
  id: string
  type: 'SyncToDestination' | 'SyncFromSource'
  /** JSON: `S3Destination` or `SyncSource`, as it was asked for. */
  settings: string
  created_at: string
  modified_at: string
  /** When it last looked for something to do. */
  last_sync_at: string | null
  last_success_at: string | null
  status: LastResourceDataSyncStatus
  message: string
  /** The bucket that `data_sync_object` speaks of: a bucket that is deleted and made again is another one, and empty. */
  wrote_to: string | null
}

/** That a bucket holds what there was of one type of one node when it had this fingerprint. */
export interface SyncedObjectRow {
  sync_id: string
  node_id: string
  type_name: string
  fingerprint: string
}
