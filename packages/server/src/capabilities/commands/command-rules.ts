/** Rules of a request that are no constraint of the model. Pure. */
import type { AlarmConfiguration, SendCommandRequest, Targets } from '@steward/model/generated/ssm.ts'
import { groupTargetFault, isGroupKey } from '#capabilities/groups/index.ts'
import type { Scope } from '#kernel/scope.ts'
import {
  alarmMissing,
  duplicateInstanceId,
  idsAndTargets,
  invalidOutputFolder,
  invalidTarget,
  noTargets,
} from './errors.ts'

/** A command has node ids or targets, not both and not neither; ids come once (T-01 … T-03). */
export function checkTargets(
  scope: Scope,
  { InstanceIds = [], Targets = [] }: Pick<SendCommandRequest, 'InstanceIds' | 'Targets'>,
): void {
  if (InstanceIds.length > 0 && Targets.length > 0) throw idsAndTargets()
  if (InstanceIds.length === 0 && Targets.length === 0) throw noTargets()
  checkUnique(InstanceIds)
  const fault = groupTargetFault(scope, Targets)
  if (fault !== undefined) throw invalidTarget('resource-groups', fault)
  for (const target of Targets) checkTarget(target)
}

export function checkUnique(ids: readonly string[]): void {
  const seen = new Set<string>()
  for (const id of ids) {
    if (seen.has(id)) throw duplicateInstanceId(id)
    seen.add(id)
  }
}

function checkTarget({ Key, Values = [] }: Targets[number]): void {
  const key = Key ?? ''
  const invalid = (why: string) => invalidTarget(key || '(no key)', why)
  if (isGroupKey(key)) return
  if (key.toLowerCase() !== 'instanceids' && key !== 'tag-key' && !/^tag:.+/.test(key)) {
    throw invalid('a key is InstanceIds, tag:<name>, tag-key, or resource-groups:Name.')
  }
  if (Values.length === 0) throw invalid('it has no values.')
  if (key.toLowerCase() === 'instanceids' && Values.includes('*'))
    throw invalid("'*' is for associations only. List node ids, or use a tag.")
}

/** The characters of the names that S3 ever gave; other stores that speak like it have no more. */
const BUCKET_NAME = /^[A-Za-z0-9._-]+$/

/** Whether a bucket exists is not asked: the nodes bring the output there, and theirs may be another store than ours. */
export function checkOutput({ OutputS3BucketName: bucket }: Pick<SendCommandRequest, 'OutputS3BucketName'>): void {
  if (bucket && !BUCKET_NAME.test(bucket)) throw invalidOutputFolder(bucket)
}

/** No alarm can be read here, so one that is named stops the command unless the caller said to go on without it (T-15). */
export function checkAlarms(alarms: AlarmConfiguration | undefined): void {
  if (alarms && !alarms.IgnorePollAlarmFailure) throw alarmMissing(alarms.Alarms.map(({ Name }) => Name).join(', '))
}
