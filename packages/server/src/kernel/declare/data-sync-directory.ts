/** What the capability that keeps resource data syncs tells those whose answers a sync widens. */
import type { Reader } from '#db/database.ts'
import type { Scope } from '../scope.ts'

export interface DataSyncDirectory {
  /** This Region and those that a sync of the type `SyncFromSource` gathers here. Throws `ResourceDataSyncNotFoundException`. */
  regionsOf(reader: Reader, scope: Scope, syncName: string): Promise<readonly string[]>
}
