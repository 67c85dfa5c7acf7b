/** Who may have a bucket written into: this is what a sync would do for its maker. */
import type { ResourceDataSyncS3Destination } from '@steward/model/generated/ssm.ts'
import { destinationDemands, destinationFault, type ServiceDestination } from '#capabilities/objects/index.ts'
import type { Access, Call, WriteCall } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalidConfiguration, writeFailed } from './errors.ts'
import { objectKey } from './layout.ts'
import { syncArn } from './sync.ts'

export function serviceDestination(
  scope: Scope,
  syncName: string,
  { BucketName: bucket, Region: region, AWSKMSKeyARN: kmsKey }: ResourceDataSyncS3Destination,
): ServiceDestination {
  return { service: 'ssm.amazonaws.com', sourceArn: syncArn(scope, syncName), bucket, region, kmsKey }
}

/** What the maker of a sync must be allowed to do itself. */
export function writingDemands(
  call: Call,
  syncName: string,
  destination: ResourceDataSyncS3Destination,
): Promise<Access[]> {
  const { Prefix = '' } = destination
  return destinationDemands(call, serviceDestination(call.scope, syncName, destination), {
    keys: objectKey(call.scope, Prefix, '*', '*'),
    example: objectKey(call.scope, Prefix, 'AWS:InstanceInformation', '*'),
  })
}

/** Throws `ResourceDataSyncInvalidConfigurationException`. */
export async function checkBucket(
  call: WriteCall,
  syncName: string,
  destination: ResourceDataSyncS3Destination,
): Promise<void> {
  const fault = await destinationFault(call, serviceDestination(call.scope, syncName, destination))
  if (fault) throw invalidConfiguration(writeFailed(destination.BucketName, fault))
}
