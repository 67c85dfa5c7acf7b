/** Writes a sync's objects where AWS's layout has them. */
import type { ResourceDataSyncS3Destination } from '@steward/model/generated/ssm.ts'
import { type OpenDestination, openDestination } from '#capabilities/objects/index.ts'
import type { TaskContext } from '#kernel/declare.ts'
import { serviceDestination } from './bucket-access.ts'
import { objectKey } from './layout.ts'
import type { DataSyncRow } from './tables.ts'

export interface BucketWriter extends Pick<OpenDestination, 'identity'> {
  put(typeName: string, nodeId: string, body: Buffer): Promise<void>
  remove(typeName: string, nodeId: string): Promise<void>
}

/** Throws `NoSuchBucket`; what it makes throws S3's errors, and `DeliveryFailed`. */
export async function bucketWriter(context: TaskContext, sync: DataSyncRow): Promise<BucketWriter> {
  const destination = JSON.parse(sync.settings) as ResourceDataSyncS3Destination
  const keyOf = (typeName: string, nodeId: string) => objectKey(sync, destination.Prefix ?? '', typeName, nodeId)
  const bucket = await openDestination(context, sync, serviceDestination(sync, sync.name, destination))
  return {
    identity: bucket.identity,
    put: (typeName, nodeId, body) => bucket.put(keyOf(typeName, nodeId), body, 'application/json'),
    remove: (typeName, nodeId) => bucket.remove(keyOf(typeName, nodeId)),
  }
}
