/** Who may have a bucket written into: this is what a sync would do for its maker. */
import type { ResourceDataSyncS3Destination } from '@steward/model/generated/ssm.ts'
import { findKey, keyAccess } from '#capabilities/keys/index.ts'
import { findBucket, objectArn, policyAllows } from '#capabilities/objects/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, Call, WriteCall } from '#kernel/declare.ts'
import { invalidConfiguration, writeFailed } from './errors.ts'
import { objectKey } from './layout.ts'
import { syncArn } from './sync.ts'

export const SERVICE = 'ssm.amazonaws.com'

/** The headers of every object that a sync writes. */
export function objectHeaders({ AWSKMSKeyARN }: ResourceDataSyncS3Destination): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-amz-acl': 'bucket-owner-full-control',
    ...(AWSKMSKeyARN && {
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': AWSKMSKeyARN,
    }),
  }
}

/**
 * What the maker of a sync must be allowed to do itself: write those objects, unless the bucket's policy lets the service do it as AWS asks
 * for, and use the key that encrypts them.
 */
export async function writingDemands(
  call: Call,
  syncName: string,
  destination: ResourceDataSyncS3Destination,
): Promise<Access[]> {
  const { BucketName: bucket, Prefix = '', AWSKMSKeyARN, Region: region } = destination
  const demands: Access[] = []
  const own = await findBucket(call.db, bucket)
  const key = objectKey(call.scope, Prefix, 'AWS:InstanceInformation', '*')
  const object = { service: SERVICE, sourceArn: syncArn(call.scope, syncName), bucket, key }
  const { 'content-type': _, ...conditions } = objectHeaders(destination)
  const asConditions = Object.fromEntries(Object.entries(conditions).map(([name, value]) => [`s3:${name}`, value]))
  if (!own || !policyAllows(call, own, object, asConditions))
    demands.push({
      action: 's3:PutObject',
      resources: [objectArn(bucket, objectKey(call.scope, Prefix, '*', '*'))],
      context: asConditions,
    })
  const kmsKey = own && (await keyNamed(call, region, AWSKMSKeyARN))
  if (kmsKey)
    demands.push(keyAccess(kmsKey, 'kms:GenerateDataKey', { viaService: 's3', callerAccount: call.principal.account }))
  return demands
}

/** Throws `ResourceDataSyncInvalidConfigurationException`. */
export async function checkBucket(call: WriteCall, destination: ResourceDataSyncS3Destination): Promise<void> {
  const { BucketName: name, Region: region, AWSKMSKeyARN } = destination
  const bucket = await findBucket(call.db, name)
  if (!bucket) {
    if (call.features.remoteBuckets) return
    throw invalidConfiguration(writeFailed(name, 'The specified bucket does not exist'))
  }
  if (bucket.region !== region) throw invalidConfiguration(writeFailed(name, `It is in the Region ${bucket.region}.`))
  if (AWSKMSKeyARN && !(await keyNamed(call, region, AWSKMSKeyARN)))
    throw invalidConfiguration(writeFailed(name, `The key ${AWSKMSKeyARN} does not exist in the bucket's Region.`))
}

/** Undefined if there is none in the Region, whatever the text says. */
async function keyNamed({ db, scope }: Pick<Call, 'db' | 'scope'>, region: string, text: string | undefined) {
  try {
    return text === undefined ? undefined : await findKey(db, { ...scope, region }, text)
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}
