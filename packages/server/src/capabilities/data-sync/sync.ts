/** What a sync is asked to do, the rules for that, and how it is shown. Pure. */
import type {
  ResourceDataSyncItem,
  ResourceDataSyncS3Destination,
  ResourceDataSyncSource,
} from '@steward/model/generated/ssm.ts'
import { arn, type Scope } from '#kernel/scope.ts'
import { invalidConfiguration } from './errors.ts'
import type { DataSyncRow } from './tables.ts'

/** Of each type, in an account and Region (EXP-08). */
export const MOST_SYNCS = 5

export const TO_DESTINATION = 'SyncToDestination'
export const FROM_SOURCE = 'SyncFromSource'

export type SyncType = DataSyncRow['type']

export function syncArn(scope: Scope, name: string): string {
  return arn(scope, 'ssm', `resource-data-sync/${name}`)
}

/** Throws `ResourceDataSyncInvalidConfigurationException`. */
export function syncType(text: string): SyncType {
  if (text === TO_DESTINATION || text === FROM_SOURCE) return text
  throw invalidConfiguration(`The SyncType is ${TO_DESTINATION} or ${FROM_SOURCE}.`)
}

/** Throws `ResourceDataSyncInvalidConfigurationException`. */
export function checkDestination(
  destination: ResourceDataSyncS3Destination | undefined,
  source: ResourceDataSyncSource | undefined,
): ResourceDataSyncS3Destination {
  if (!destination) throw invalidConfiguration(`${TO_DESTINATION} takes an S3Destination.`)
  if (source) throw invalidConfiguration(`${TO_DESTINATION} takes no SyncSource.`)
  const { DestinationDataSharing: sharing } = destination
  if (sharing && sharing.DestinationDataSharingType !== 'Organization')
    throw invalidConfiguration('The DestinationDataSharingType is Organization.')
  return destination
}

/** Throws `ResourceDataSyncInvalidConfigurationException`. */
export function checkSource(
  source: ResourceDataSyncSource | undefined,
  destination: ResourceDataSyncS3Destination | undefined,
): ResourceDataSyncSource {
  if (!source) throw invalidConfiguration(`${FROM_SOURCE} takes a SyncSource.`)
  if (destination) throw invalidConfiguration(`${FROM_SOURCE} takes no S3Destination.`)
  const { SourceType: type, SourceRegions: regions, AwsOrganizationsSource: organization } = source
  if (type === 'AwsOrganizations')
    throw invalidConfiguration('This account is in no organization; use SingleAccountMultiRegions.')
  if (type !== 'SingleAccountMultiRegions')
    throw invalidConfiguration('The SourceType is AwsOrganizations or SingleAccountMultiRegions.')
  if (organization) throw invalidConfiguration(`${type} takes no AwsOrganizationsSource.`)
  if (regions.length === 0 && !source.IncludeFutureRegions) throw invalidConfiguration('It names no SourceRegions.')
  if (new Set(regions).size < regions.length) throw invalidConfiguration('It names a Region twice.')
  const wrong = regions.find((region) => !/^[A-Za-z0-9-]+$/.test(region))
  if (wrong !== undefined) throw invalidConfiguration(`${wrong} is no Region.`)
  return source
}

export function toDestinationItem(row: DataSyncRow): ResourceDataSyncItem {
  const date = (text: string | null) => (text === null ? undefined : new Date(text))
  return {
    ...commonItem(row),
    S3Destination: JSON.parse(row.settings),
    LastSyncTime: date(row.last_sync_at),
    LastSuccessfulSyncTime: date(row.last_success_at),
    LastStatus: row.status,
    LastSyncStatusMessage: row.message,
  }
}

/** What it gathers is read where it is, whenever somebody asks, so it is as new as the moment. */
export function fromSourceItem(row: DataSyncRow, regions: readonly string[], now: Date): ResourceDataSyncItem {
  return {
    ...commonItem(row),
    SyncSource: JSON.parse(row.settings),
    LastSyncTime: now,
    LastSuccessfulSyncTime: now,
    LastStatus: 'Successful',
    LastSyncStatusMessage: `Gathered as it is asked for, from ${regions.join(', ')}.`,
  }
}

function commonItem(row: DataSyncRow) {
  return {
    SyncName: row.name,
    SyncType: row.type,
    SyncLastModifiedTime: new Date(row.modified_at),
    SyncCreatedTime: new Date(row.created_at),
  }
}
