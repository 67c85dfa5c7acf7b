/** ListNodes and ListNodesSummary: the fleet as the integrated console of AWS shows it. */
import type {
  Node,
  NodeAggregator,
  NodeAttributeName,
  NodeFilter,
  NodeFilterKey,
} from '@steward/model/generated/ssm.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalidAggregator, resourceDataSyncNotFound } from './errors.ts'
import { RESOURCE_TYPE, SOURCE_TYPE } from './instance-information.ts'
import { constant, type NodeAttribute, type NodeCondition } from './node-condition.ts'
import type { ListedNode, StoredAttribute } from './node-query.ts'
import { INSTANCE_STATUSES } from './presence.ts'

/** What a filter is about: an attribute of the node, or a value that all nodes share (undefined: none of them has one). */
type Subject = { readonly attribute: NodeAttribute } | { readonly shared: string | undefined }

/** An entry of a summary has three members at most: its count and two attributes. */
const DEEPEST = 2

/** Only the sync that AWS itself keeps over several accounts is meant (`AWS-QuickSetup-ManagedNode`), and there is none here. */
export function checkSync(name: string | undefined): void {
  if (name !== undefined) throw resourceDataSyncNotFound()
}

/** The condition of one filter. */
export function toCondition(scope: Scope, { Key, Values, Type = 'Equal' }: NodeFilter): NodeCondition {
  if (Key === 'ManagedStatus' && Values.includes('All')) return { always: Type !== 'NotEqual' }
  const subject = subjects(scope)[Key]
  if ('attribute' in subject) return { attribute: subject.attribute, operator: Type, values: Values }
  return constant(subject.shared, Type, Values)
}

/** Every node is managed, and none belongs to an organizational unit or a zone of a cloud. */
function subjects(scope: Scope): Readonly<Record<NodeFilterKey, Subject>> {
  return {
    AccountId: { shared: scope.account },
    AgentType: { attribute: 'agentName' },
    AgentVersion: { attribute: 'agentVersion' },
    AvailabilityZone: { shared: undefined },
    AvailabilityZoneId: { shared: undefined },
    ComputerName: { attribute: 'computerName' },
    InstanceId: { attribute: 'nodeId' },
    InstanceStatus: { attribute: 'instanceStatus' },
    IpAddress: { attribute: 'ipAddress' },
    ManagedStatus: { shared: 'Managed' },
    OrganizationalUnitId: { shared: undefined },
    OrganizationalUnitPath: { shared: undefined },
    PlatformName: { attribute: 'platformName' },
    PlatformType: { attribute: 'platformType' },
    PlatformVersion: { attribute: 'platformVersion' },
    Region: { shared: scope.region },
    ResourceType: { shared: RESOURCE_TYPE },
    SourceId: { attribute: 'nodeId' },
    SourceLocation: { shared: undefined },
    SourceType: { shared: SOURCE_TYPE },
  }
}

/** A node as ListNodes shows it. */
export function toNode(scope: Scope, node: ListedNode): Node {
  const { facts } = node
  return {
    CaptureTime: node.lastPingAt ?? facts.registeredAt,
    Id: node.nodeId,
    Owner: { AccountId: scope.account },
    Region: scope.region,
    NodeType: {
      Instance: {
        AgentType: facts.agentName,
        AgentVersion: facts.agentVersion,
        ComputerName: facts.computerName,
        InstanceStatus: INSTANCE_STATUSES[node.pingStatus],
        IpAddress: facts.ipAddress,
        ManagedStatus: 'Managed',
        PlatformType: facts.platformType,
        PlatformName: facts.platformName,
        PlatformVersion: facts.platformVersion,
        ResourceType: RESOURCE_TYPE,
        Name: facts.name,
        SourceType: SOURCE_TYPE,
        SourceId: node.nodeId,
      },
    },
  }
}

/**
 * The groupings that the aggregators ask for, each a list of attributes: an aggregator in another refines its groups. Throws
 * `InvalidAggregatorException` for more than two levels and for an attribute that refines itself.
 */
export function groupings(aggregators: readonly NodeAggregator[]): NodeAttributeName[][] {
  const paths = aggregators.flatMap(({ AttributeName, Aggregators = [] }) =>
    Aggregators.length === 0 ? [[AttributeName]] : groupings(Aggregators).map((path) => [AttributeName, ...path]),
  )
  for (const path of paths) {
    if (path.length > DEEPEST) throw invalidAggregator('An aggregator can contain another one, but that one none.')
    if (new Set(path).size < path.length) {
      throw invalidAggregator(`The attribute ${path[0]} is already that of the aggregator around it.`)
    }
  }
  return paths
}

/** What the groups of an attribute are made by: a column, or one value for all (undefined: none has one). */
export function dimension(
  scope: Scope,
  name: NodeAttributeName,
): { attribute: StoredAttribute } | { shared: string | undefined } {
  switch (name) {
    case 'AgentVersion':
      return { attribute: 'agentVersion' }
    case 'PlatformName':
      return { attribute: 'platformName' }
    case 'PlatformType':
      return { attribute: 'platformType' }
    case 'PlatformVersion':
      return { attribute: 'platformVersion' }
    case 'Region':
      return { shared: scope.region }
    case 'ResourceType':
      return { shared: RESOURCE_TYPE }
    case 'SourceType':
      return { shared: SOURCE_TYPE }
    case 'AvailabilityZone':
      return { shared: undefined }
  }
}
