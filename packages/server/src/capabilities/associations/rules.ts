/** Rules of requests that are no constraint of the model. */
import type { RunnableDocument } from '#capabilities/documents/index.ts'
import { documentToRun, typedParameters } from '#capabilities/documents/index.ts'
import { groupTargetFault, isGroupKey } from '#capabilities/groups/index.ts'
import { findNodes } from '#capabilities/nodes/index.ts'
import type { Call } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import type { Definition } from './association.ts'
import {
  alarmMissing,
  documentNotUsable,
  invalidInstanceId,
  invalidOutputLocation,
  invalidTarget,
  notBuilt,
  notWithInstanceId,
  unsupportedPlatform,
} from './errors.ts'
import { checkSchedule } from './schedule.ts'

/** Checks all that an association says; the answer is the document that nodes would run now. */
export async function checkDefinition(
  call: Pick<Call, 'db' | 'scope' | 'now'>,
  definition: Definition,
): Promise<RunnableDocument> {
  checkBuilt(definition)
  if (definition.InstanceId === undefined) checkTargets(call.scope, definition)
  else checkOldKind(definition)
  const document = await documentToRun(call.db, call.scope, definition.Name, definition.DocumentVersion)
  if (document.type === 'Automation') throw notBuilt('Associations with automation documents')
  if (document.type !== 'Command' && document.type !== 'Policy') throw documentNotUsable(document.name, document.type)
  typedParameters(document.name, document.content.parameters, definition.Parameters ?? {})
  if (definition.InstanceId !== undefined) await checkNode(call, definition.InstanceId, document)
  checkSchedule(definition, call.now)
  const { S3Location } = definition.OutputLocation ?? {}
  if (S3Location && !S3Location.OutputS3BucketName) throw invalidOutputLocation()
  const { AlarmConfiguration: alarms } = definition
  if (alarms && !alarms.IgnorePollAlarmFailure) throw alarmMissing(alarms.Alarms.map(({ Name }) => Name).join(', '))
  return document
}

function checkBuilt({ CalendarNames, TargetLocations, TargetMaps }: Definition): void {
  if (CalendarNames?.length) throw notBuilt('Change calendars')
  if (TargetLocations?.length) throw notBuilt('Associations in other accounts and Regions')
  if (TargetMaps?.length) throw notBuilt('TargetMaps, which are for automation documents,')
}

/** What needs targets cannot be had with a single node (STM-01). */
const NOT_WITH_NODE = [
  'AssociationName',
  'DocumentVersion',
  'MaxErrors',
  'MaxConcurrency',
  'OutputLocation',
  'ScheduleExpression',
  'Targets',
] as const satisfies readonly (keyof Definition)[]

function checkOldKind(definition: Definition): void {
  const given = NOT_WITH_NODE.filter((member) => definition[member] !== undefined)
  if (given.length > 0) throw notWithInstanceId(given)
}

function checkTargets(scope: Scope, { Targets = [] }: Definition): void {
  if (Targets.length === 0)
    throw invalidTarget('The association has no target. Give Targets such as Key=tag:role,Values=web.')
  const fault = groupTargetFault(scope, Targets)
  if (fault !== undefined) throw invalidTarget(fault)
  const keys = new Set<string>()
  for (const { Key: key = '', Values: values = [] } of Targets) {
    const wrong = (why: string) => invalidTarget(`The target ${key || '(no key)'} is not valid: ${why}`)
    if (keys.has(key.toLowerCase())) throw wrong('its key is given twice.')
    keys.add(key.toLowerCase())
    if (isGroupKey(key)) continue
    const ofIds = key.toLowerCase() === 'instanceids'
    if (!ofIds && key !== 'tag-key' && !/^tag:.+/.test(key))
      throw wrong('a key is InstanceIds, tag:<name>, tag-key or resource-groups:Name.')
    if (values.length === 0) throw wrong('it has no values.')
    if (ofIds && values.includes('*') && (values.length > 1 || Targets.length > 1))
      throw wrong("'*' means all managed nodes and stands alone.")
  }
}

async function checkNode({ db, scope }: Pick<Call, 'db' | 'scope'>, nodeId: string, document: RunnableDocument) {
  const [node] = await findNodes(db, scope, [nodeId])
  if (!node) throw invalidInstanceId(nodeId)
  const { platformType } = node
  if (platformType && !document.content.platformTypes.includes(platformType))
    throw unsupportedPlatform(document.name, nodeId, platformType)
}
