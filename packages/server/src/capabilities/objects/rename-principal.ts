import { mayName } from '#capabilities/naming-principal.ts'
import { type Tx, tables } from '#db/database.ts'
import { withPrincipalRenamed } from '#iam/policy/rename-principal.ts'
import type { BucketSettings } from './bucket.ts'
import { configureBucket } from './bucket-store.ts'
import type { ObjectTables } from './tables.ts'

/** In the policies of buckets, in all accounts. */
export async function renamePrincipal(tx: Tx, from: string, to: string): Promise<void> {
  const buckets = await tables<ObjectTables>(tx)
    .selectFrom('object_bucket')
    .select(['name', 'settings'])
    .where(mayName('settings', from))
    .execute()
  for (const { name, settings } of buckets) {
    const { policy } = JSON.parse(settings) as BucketSettings
    const renamed = policy && withPrincipalRenamed(policy, from, to)
    if (renamed !== policy) await configureBucket(tx, name, { policy: renamed })
  }
}
