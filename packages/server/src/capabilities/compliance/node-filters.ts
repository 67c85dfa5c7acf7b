/** Filters that are about the nodes themselves. Pure. */
import type { ComplianceQueryOperatorType, InventoryFilter } from '@steward/model/generated/ssm.ts'
import type { NodeAttribute, NodeCondition, Operator } from '#capabilities/nodes/index.ts'
import { type Filter, passes } from './condition.ts'

const OPERATORS: Readonly<Record<ComplianceQueryOperatorType, Exclude<Operator, 'Contains'>>> = {
  EQUAL: 'Equal',
  NOT_EQUAL: 'NotEqual',
  BEGIN_WITH: 'BeginWith',
  LESS_THAN: 'LessThan',
  GREATER_THAN: 'GreaterThan',
}

/** What the inventory type AWS:InstanceInformation tells of a node. */
const ATTRIBUTES: ReadonlyMap<string, NodeAttribute> = new Map([
  ['AgentType', 'agentName'],
  ['AgentVersion', 'agentVersion'],
  ['ComputerName', 'computerName'],
  ['InstanceId', 'nodeId'],
  ['InstanceStatus', 'instanceStatus'],
  ['IpAddress', 'ipAddress'],
  ['PlatformName', 'platformName'],
  ['PlatformType', 'platformType'],
  ['PlatformVersion', 'platformVersion'],
])

/** The condition that `AWS:InstanceInformation.<attribute>` or `tag:<key>` asks for; undefined if the key is neither. */
export function nodeCondition(filter: Filter): NodeCondition | undefined {
  const { key, operator, values } = filter
  const [, tagKey] = /^tag:(.+)$/s.exec(key) ?? []
  if (tagKey !== undefined) return { tagKey, operator: OPERATORS[operator], values }
  const [, name = ''] = /^AWS:InstanceInformation\.(\w+)$/.exec(key) ?? []
  if (name === 'ResourceType') return { always: passes('ManagedInstance', filter) }
  const attribute = ATTRIBUTES.get(name)
  return attribute && { attribute, operator: OPERATORS[operator], values }
}

/** The same filter in the words of GetInventory. */
export function inventoryFilter({ key, operator, values }: Filter): InventoryFilter {
  return { Key: key, Type: OPERATORS[operator], Values: [...values] }
}
