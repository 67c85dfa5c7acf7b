/** Where the reports of a schedule are written besides. */
import type { EvidenceDestination } from '@steward/model/generated/steward.ts'
import { destinationDemands, destinationFault, type ServiceDestination } from '#capabilities/objects/index.ts'
import type { Access, Call } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalidDestination } from './errors.ts'
import { objectKey } from './evidence-report.ts'
import { scheduleArn } from './schedule.ts'

export function serviceDestination(
  scope: Scope,
  schedule: string,
  { BucketName: bucket, Region: region, AWSKMSKeyARN: kmsKey }: EvidenceDestination,
): ServiceDestination {
  return { service: 'ssm.amazonaws.com', sourceArn: scheduleArn(scope, schedule), bucket, region, kmsKey }
}

/** What whoever makes the schedule must be allowed to do itself. */
export function writingDemands(call: Call, schedule: string, destination: EvidenceDestination): Promise<Access[]> {
  const keyOf = (id: string, day: string) =>
    objectKey({ ...call.scope, created_at: day, id }, destination.Prefix ?? '', '*')
  return destinationDemands(call, serviceDestination(call.scope, schedule, destination), {
    keys: keyOf('*', '*'),
    example: keyOf('*', call.now.toISOString()),
  })
}

/** Throws `InvalidEvidenceDestination`. */
export async function checkDestination(call: Call, schedule: string, destination: EvidenceDestination): Promise<void> {
  const fault = await destinationFault(call, serviceDestination(call.scope, schedule, destination))
  if (fault) throw invalidDestination(destination.BucketName, fault)
}
