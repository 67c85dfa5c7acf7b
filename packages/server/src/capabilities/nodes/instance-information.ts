import type {
  DescribeInstanceInformationRequest,
  InstanceInformation,
  InstanceInformationStringFilter,
} from '@steward/model/generated/ssm.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { AssociationDirectory, AssociationsOnNode } from '#kernel/declare.ts'
import { validation } from './errors.ts'
import { constant, equal, type NodeAttribute, type NodeCondition, tagFilter } from './node-condition.ts'
import type { ListedNode } from './node-query.ts'

/** What every node of ours is, in the words of this API. */
export const RESOURCE_TYPE = 'ManagedInstance'
export const SOURCE_TYPE = 'AWS::SSM::ManagedInstance'
const NODE_ID = /(^i-(\w{8}|\w{17})$)|(^mi-\w{17}$)/

const ATTRIBUTES = new Map<string, NodeAttribute>(
  Object.entries({
    ActivationIds: 'activationId',
    AgentVersion: 'agentVersion',
    IamRole: 'iamRole',
    InstanceIds: 'nodeId',
    PingStatus: 'pingStatus',
    // The reference named it without its s until 2026; clients were written from it.
    PlatformType: 'platformType',
    PlatformTypes: 'platformType',
    SourceIds: 'nodeId',
  }),
)

/** The one value that all nodes have. */
const CONSTANTS = new Map<string, string | undefined>(
  Object.entries({
    ResourceType: RESOURCE_TYPE,
    SourceType: SOURCE_TYPE,
    SourceTypes: SOURCE_TYPE,
  }),
)

const VALID_VALUES = new Map<string, readonly string[]>(
  Object.entries({
    AssociationStatus: ['Success', 'Pending', 'Failed'],
    PingStatus: ['Online', 'ConnectionLost', 'Inactive'],
    PlatformType: ['Windows', 'Linux', 'MacOS'],
    PlatformTypes: ['Windows', 'Linux', 'MacOS'],
    ResourceType: ['EC2Instance', 'ManagedInstance'],
    SourceType: ['AWS::EC2::Instance', 'AWS::SSM::ManagedInstance', 'AWS::IoT::Thing'],
    SourceTypes: ['AWS::EC2::Instance', 'AWS::SSM::ManagedInstance', 'AWS::IoT::Thing'],
  }),
)

/** What DescribeInstanceInformation is asked for. Throws where the filters contradict each other or themselves. */
export function conditionsOf(
  input: DescribeInstanceInformationRequest,
  associations: AssociationDirectory,
): NodeCondition[] {
  const former = (input.InstanceInformationFilterList ?? []).map(({ key, valueSet }) => ({
    Key: key,
    Values: valueSet,
  }))
  const filters = input.Filters ?? []
  if (former.length > 0 && filters.length > 0) {
    throw validation('InstanceInformationFilterList and Filters cannot be specified together.')
  }
  const tagged = filters.filter(({ Key, Values }) => tagFilter(Key, Values)).length
  if (tagged > 0 && tagged < filters.length) throw validation('Tag filters cannot be combined with other filter types.')
  return [...former, ...filters].map((filter) => toCondition(filter, associations))
}

function toCondition(
  { Key, Values }: InstanceInformationStringFilter,
  associations: AssociationDirectory,
): NodeCondition {
  const tag = tagFilter(Key, Values)
  if (tag) return { tag }
  checkValues(Key, Values, invalidValue)
  if (Key === 'ResourceType' && Values.length > 1) throw invalidValue(`${Key} filter may contain only one value.`)
  const attribute = ATTRIBUTES.get(Key)
  if (attribute) return equal(attribute, Values)
  if (Key === 'AssociationStatus') return { known: associations.statusOn, operator: 'Equal', values: Values }
  if (CONSTANTS.has(Key)) return constant(CONSTANTS.get(Key), 'Equal', Values)
  const keys = [...ATTRIBUTES.keys(), ...CONSTANTS.keys(), 'AssociationStatus'].sort().join(', ')
  throw validation(`The filter key ${Key} is not valid. Valid keys: ${keys}, tag-key, tag:<name>.`)
}

/**
 * Refuses what no node can have under a key, with the error that the operation has for it. The sentence on values is AWS's
 * (recorded for ResourceType); the one on ids is ours.
 */
export function checkValues(key: string, values: readonly string[], invalidValue: (message: string) => ApiError): void {
  const valid = VALID_VALUES.get(key)
  if (valid && !values.every((value) => valid.includes(value))) {
    throw invalidValue(`${key} filter is invalid, valid values are ${valid.join(', ')}`)
  }
  const malformed = key === 'InstanceIds' ? values.find((id) => !NODE_ID.test(id)) : undefined
  if (malformed !== undefined) throw new ApiError('InvalidInstanceId', `${malformed} is not a valid instance ID.`)
}

function invalidValue(message: string): ApiError {
  return new ApiError('InvalidInstanceInformationFilterValue', message)
}

/** A node as DescribeInstanceInformation shows it. */
export function toInstanceInformation(
  node: ListedNode,
  associations: AssociationsOnNode | undefined,
): InstanceInformation {
  const { facts } = node
  return {
    InstanceId: node.nodeId,
    PingStatus: node.pingStatus,
    LastPingDateTime: node.lastPingAt,
    AgentVersion: facts.agentVersion,
    IsLatestVersion: node.isLatestVersion,
    PlatformType: facts.platformType,
    PlatformName: facts.platformName,
    PlatformVersion: facts.platformVersion,
    ActivationId: facts.activationId,
    IamRole: facts.iamRole,
    RegistrationDate: facts.registeredAt,
    ResourceType: RESOURCE_TYPE,
    Name: facts.name,
    IPAddress: facts.ipAddress,
    ComputerName: facts.computerName,
    ...associationMembers(associations),
    SourceId: node.nodeId,
    SourceType: SOURCE_TYPE,
  }
}

/** What both lists show of associations; nothing of a node that has none. */
export function associationMembers(associations: AssociationsOnNode | undefined): Partial<InstanceInformation> {
  if (!associations) return {}
  return {
    AssociationStatus: associations.status,
    LastAssociationExecutionDate: associations.lastExecutedAt,
    LastSuccessfulAssociationExecutionDate: associations.lastSucceededAt,
    AssociationOverview: {
      DetailedStatus: associations.status,
      InstanceAssociationStatusAggregatedCount: associations.counts,
    },
  }
}
