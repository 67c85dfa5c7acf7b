/** Where a sync writes: a bucket of this installation, or one of the service that its operator named. */
import type { ResourceDataSyncS3Destination } from '@steward/model/generated/ssm.ts'
import { deleteAsService, findBucket, putAsService } from '#capabilities/objects/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { TaskContext } from '#kernel/declare.ts'
import { objectHeaders, SERVICE } from './bucket-access.ts'
import { objectKey } from './layout.ts'
import { syncArn } from './sync.ts'
import type { DataSyncRow } from './tables.ts'

export interface BucketWriter {
  /** Another one for a bucket that was deleted and made again. */
  readonly identity: string
  put(typeName: string, nodeId: string, body: Buffer): Promise<void>
  remove(typeName: string, nodeId: string): Promise<void>
}

/** Throws `NoSuchBucket`; what it makes throws S3's errors, and `DeliveryFailed`. */
export async function bucketWriter(context: TaskContext, sync: DataSyncRow): Promise<BucketWriter> {
  const destination = JSON.parse(sync.settings) as ResourceDataSyncS3Destination
  const { BucketName: bucket, Region: region, Prefix = '' } = destination
  const headers = objectHeaders(destination)
  const keyOf = (typeName: string, nodeId: string) => objectKey(sync, Prefix, typeName, nodeId)
  const own = await context.read((db) => findBucket(db, bucket))
  if (own) {
    const { ids, vault, read, write, contentFolder } = context
    const scope = { account: sync.account, region: own.region }
    const call = () => ({ scope, now: context.now(), ids, vault, read, write, contentFolder })
    const object = { service: SERVICE, sourceArn: syncArn(sync, sync.name), bucket }
    return {
      identity: `${bucket} of ${own.createdAt}`,
      put: (typeName, nodeId, body) => putAsService(call(), { ...object, key: keyOf(typeName, nodeId) }, body, headers),
      remove: (typeName, nodeId) => deleteAsService(call(), { ...object, key: keyOf(typeName, nodeId) }),
    }
  }
  const { remoteBuckets: remote, signal } = context
  if (!remote) throw new ApiError('NoSuchBucket', 'The specified bucket does not exist')
  return {
    identity: `${bucket} at ${remote.url}`,
    put: (typeName, nodeId, body) =>
      remote.put({ bucket, region, key: keyOf(typeName, nodeId) }, body, headers, signal),
    remove: (typeName, nodeId) => remote.remove({ bucket, region, key: keyOf(typeName, nodeId) }, signal),
  }
}
