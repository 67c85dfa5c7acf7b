import { hash } from 'node:crypto'
import type {
  AssociationDescription,
  AssociationOverview,
  Association as AssociationSummary,
  AssociationVersionInfo,
  CreateAssociationRequest,
  Target,
} from '@steward/model/generated/ssm.ts'
import type { Scope } from '#kernel/scope.ts'
import { arn } from '#kernel/scope.ts'
import type { AssociationTable } from './tables.ts'

/** What a version of an association says, in the words in which it was asked for. */
export type Definition = Omit<CreateAssociationRequest, 'Tags'>

/** Why an execution began. */
export type Cause =
  | 'Created'
  | 'Updated'
  | 'Scheduled'
  | 'Requested'
  | 'TargetsChanged'
  | 'ContentChanged'
  | 'NodeRefreshed'

/** Associations of an account and Region (STM-03). */
export const MOST_ASSOCIATIONS = 2000
export const MOST_VERSIONS = 1000

export const DEFAULT_MAX_CONCURRENCY = '100%'
export const DEFAULT_MAX_ERRORS = '100%'

export function associationArn(scope: Scope, id: string): string {
  return arn(scope, 'ssm', `association/${id}`)
}

export function definitionOf({ definition }: Pick<AssociationTable, 'definition'>): Definition {
  return JSON.parse(definition) as Definition
}

/** What the association is applied to; that with a node of its own, to this node. */
export function targetsOf({ InstanceId, Targets = [] }: Definition): Target[] {
  return InstanceId === undefined ? Targets : [{ Key: 'InstanceIds', Values: [InstanceId] }]
}

/** A text that changes with what nodes are to do: their cache goes by it. */
export function checksum({
  id,
  version,
  content_hash,
}: Pick<AssociationTable, 'id' | 'version' | 'content_hash'>): string {
  return hash('sha256', `${id} ${version} ${content_hash}`)
}

/** The statuses in which a node has done what the association wants, or may be left out of the count of those that failed. */
export const NO_FAULT: ReadonlySet<string> = new Set(['Success', 'Skipped'])
/** The statuses in which a node has still to do what the association wants. */
export const WORK_AHEAD: ReadonlySet<string> = new Set(['Pending', 'InProgress', 'Associated'])

/** How a status counts: work is ahead, all is well, or it is not. */
export function outlook(status: string): 'Pending' | 'Success' | 'Failed' {
  if (WORK_AHEAD.has(status)) return 'Pending'
  return NO_FAULT.has(status) ? 'Success' : 'Failed'
}

/** How several statuses count together. */
export function worstOf(statuses: readonly string[]): 'Pending' | 'Success' | 'Failed' {
  const outlooks = new Set(statuses.map(outlook))
  return outlooks.has('Failed') ? 'Failed' : outlooks.has('Pending') ? 'Pending' : 'Success'
}

/** How an association stands, by the number of its nodes in each status (STM-12). */
export function overview(
  row: Pick<AssociationTable, 'status' | 'detailed_status' | 'definition'>,
  counts: ReadonlyMap<string, number>,
): AssociationOverview {
  // With MANUAL only what is reported as compliance counts (STM-10).
  if (definitionOf(row).SyncCompliance === 'MANUAL') return {}
  // Without nodes it stands as its last execution ended, which is well if that met nobody (seen, also in the user guide).
  const status = worstOf(counts.size === 0 ? [row.status] : [...counts.keys()])
  return {
    Status: status,
    DetailedStatus: status === 'Pending' && row.detailed_status === 'Creating' ? 'Creating' : status,
    AssociationStatusAggregatedCount: Object.fromEntries(counts),
  }
}

const ALWAYS_SHOWN = { DocumentVersion: '$DEFAULT', ApplyOnlyAtCronInterval: false }

export function toDescription(row: AssociationTable, counts: ReadonlyMap<string, number>): AssociationDescription {
  const definition = definitionOf(row)
  return {
    ...ALWAYS_SHOWN,
    ...definition,
    Targets: targetsOf(definition),
    AssociationId: row.id,
    AssociationVersion: String(row.version),
    Date: new Date(row.created_at),
    LastUpdateAssociationDate: new Date(row.updated_at),
    Overview: overview(row, counts),
    Status: statusOf(row, definition),
    ...executionDates(row),
  }
}

export function toSummary(row: AssociationTable, counts: ReadonlyMap<string, number>): AssociationSummary {
  const definition = definitionOf(row)
  return {
    Name: definition.Name,
    InstanceId: definition.InstanceId,
    AssociationId: row.id,
    AssociationVersion: String(row.version),
    DocumentVersion: definition.DocumentVersion ?? ALWAYS_SHOWN.DocumentVersion,
    Targets: targetsOf(definition),
    LastExecutionDate: executionDates(row).LastExecutionDate,
    Overview: overview(row, counts),
    ScheduleExpression: definition.ScheduleExpression,
    AssociationName: definition.AssociationName,
    ScheduleOffset: definition.ScheduleOffset,
    Duration: definition.Duration,
    TargetMaps: definition.TargetMaps,
  }
}

export function toVersionInfo(
  { id }: AssociationTable,
  version: { version: number; created_at: string; definition: string },
): AssociationVersionInfo {
  const {
    InstanceId: _,
    AutomationTargetParameterName: __,
    AlarmConfiguration: ___,
    ...definition
  } = definitionOf(version)
  return {
    ...ALWAYS_SHOWN,
    ...definition,
    Targets: targetsOf(definitionOf(version)),
    AssociationId: id,
    AssociationVersion: String(version.version),
    CreatedDate: new Date(version.created_at),
  }
}

function executionDates({ last_run_at, last_success_at }: AssociationTable) {
  return {
    LastExecutionDate: last_run_at === null ? undefined : new Date(last_run_at),
    LastSuccessfulExecutionDate: last_success_at === null ? undefined : new Date(last_success_at),
  }
}

/** Of associations of the old kind. */
function statusOf(row: AssociationTable, { Name, InstanceId }: Definition): AssociationDescription['Status'] {
  if (InstanceId === undefined) return undefined
  if (row.reported_status !== null) {
    const { Date: date, ...status } = JSON.parse(row.reported_status)
    return { ...status, Date: new Date(date) }
  }
  return { Name: 'Pending', Message: `Associated with ${Name}`, Date: new Date(row.created_at) }
}
