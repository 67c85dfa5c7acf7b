import type {
  DescribeInstancePropertiesRequest,
  InstanceProperty,
  InstancePropertyStringFilter,
} from '@steward/model/generated/ssm.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { AssociationsOnNode, ReadCall } from '#kernel/declare.ts'
import { validation } from './errors.ts'
import { associationMembers, checkValues, RESOURCE_TYPE, SOURCE_TYPE } from './instance-information.ts'
import { constant, type NodeAttribute, type NodeCondition, type Operator, tagFilter } from './node-condition.ts'
import type { ListedNode } from './node-query.ts'

const ATTRIBUTES = new Map<string, NodeAttribute>(
  Object.entries({
    ActivationIds: 'activationId',
    AgentVersion: 'agentVersion',
    ComputerName: 'computerName',
    IamRole: 'iamRole',
    InstanceIds: 'nodeId',
    IPAddress: 'ipAddress',
    Name: 'name',
    PingStatus: 'pingStatus',
    PlatformName: 'platformName',
    PlatformTypes: 'platformType',
    PlatformVersion: 'platformVersion',
    SourceIds: 'nodeId',
  }),
)

/** The one value that all nodes have. They are no machines of EC2, so they have none of its attributes. */
const CONSTANTS = new Map<string, string | undefined>(
  Object.entries({
    Architecture: undefined,
    InstanceRole: undefined,
    InstanceState: undefined,
    InstanceType: undefined,
    KeyName: undefined,
    ResourceType: RESOURCE_TYPE,
    SourceTypes: SOURCE_TYPE,
  }),
)

/** What conditions on associations are looked up with. */
type Lookup = Pick<ReadCall, 'associations' | 'db' | 'scope'>

/** What DescribeInstanceProperties is asked for. Throws where the filters contradict each other, or name what is not known. */
export async function conditionsOf(input: DescribeInstancePropertiesRequest, lookup: Lookup): Promise<NodeCondition[]> {
  if (input.InstancePropertyFilterList && input.FiltersWithOperator) {
    throw validation('InstancePropertyFilterList and FiltersWithOperator cannot be specified together.')
  }
  const former = (input.InstancePropertyFilterList ?? []).map(({ key, valueSet }) => ({ Key: key, Values: valueSet }))
  const filters: InstancePropertyStringFilter[] = [...former, ...(input.FiltersWithOperator ?? [])]
  return Promise.all(filters.map((filter) => toCondition(filter, lookup)))
}

async function toCondition(
  { Key, Values, Operator = 'Equal' }: InstancePropertyStringFilter,
  lookup: Lookup,
): Promise<NodeCondition> {
  const tag = tagFilter(Key, Values)
  if (tag) {
    if (Operator === 'Equal') return { tag }
    throw invalidValue(`The operator of ${Key} must be Equal.`)
  }
  // The other operators compare with what need not be a value itself.
  if (Operator === 'Equal' || Operator === 'NotEqual') checkValues(Key, Values, invalidValue)
  const attribute = ATTRIBUTES.get(Key)
  if (attribute) return { attribute, operator: Operator, values: Values }
  if (Key === 'AssociationStatus') return { known: lookup.associations.statusOn, operator: Operator, values: Values }
  if (Key === 'DocumentName') return onDocuments(Operator, Values, lookup)
  if (CONSTANTS.has(Key)) return constant(CONSTANTS.get(Key), Operator, Values)
  const keys = [...ATTRIBUTES.keys(), ...CONSTANTS.keys(), 'AssociationStatus', 'DocumentName'].sort().join(', ')
  throw new ApiError(
    'InvalidFilterKey',
    `The specified key ${Key} isn't valid. Valid keys: ${keys}, tag-key, tag:<name>.`,
  )
}

function invalidValue(message: string): ApiError {
  return new ApiError('InvalidInstancePropertyFilterValue', message)
}

/** The documents of the node's associations. The other operators are for names that need not be those of documents. */
async function onDocuments(
  operator: Operator,
  values: readonly string[],
  { associations, db, scope }: Lookup,
): Promise<NodeCondition> {
  const exact = operator === 'Equal' || operator === 'NotEqual'
  const nameOf = (value: string) => (exact ? associations.documentName(db, scope, value) : value)
  return { oneOf: associations.documentsOnNodes(scope), operator, values: await Promise.all(values.map(nameOf)) }
}

/** A node as DescribeInstanceProperties shows it. */
export function toInstanceProperty(node: ListedNode, associations: AssociationsOnNode | undefined): InstanceProperty {
  const { facts } = node
  return {
    Name: facts.name,
    InstanceId: node.nodeId,
    IPAddress: facts.ipAddress,
    PingStatus: node.pingStatus,
    LastPingDateTime: node.lastPingAt,
    AgentVersion: facts.agentVersion,
    PlatformType: facts.platformType,
    PlatformName: facts.platformName,
    PlatformVersion: facts.platformVersion,
    ActivationId: facts.activationId,
    IamRole: facts.iamRole,
    RegistrationDate: facts.registeredAt,
    ResourceType: RESOURCE_TYPE,
    ComputerName: facts.computerName,
    ...associationMembers(associations),
    SourceId: node.nodeId,
    SourceType: SOURCE_TYPE,
  }
}
