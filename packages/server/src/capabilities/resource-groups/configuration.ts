/** Configurations of groups: what a group is for, and what may be in it. Pure. */
import type { GroupConfiguration, GroupConfigurationItem } from '@steward/model/generated/resource-groups.ts'
import { badRequest, isKnownType, type ResourceGroup } from '#capabilities/groups/index.ts'

const GENERIC = 'AWS::ResourceGroups::Generic'

/** Types that callers may give a group; the others are for services of AWS. */
const TYPES = [
  'AWS::EC2::CapacityReservationPool',
  'AWS::EC2::HostManagement',
  'AWS::NetworkFirewall::RuleGroup',
  'AWS::ResourceGroups::ApplicationGroup',
  GENERIC,
]

/** Throws `BadRequestException`. */
export function checkConfiguration(items: readonly GroupConfigurationItem[]): void {
  const types = items.map(({ Type }) => Type)
  const unknown = types.find((type) => !TYPES.includes(type))
  if (unknown !== undefined) throw badRequest(`Configuration not valid: the type ${unknown} is not supported.`)
  if (new Set(types).size < types.length) throw badRequest('Configuration not valid: it has a type twice.')
  for (const { Type, Parameters = [] } of items) {
    const names = Parameters.map(({ Name }) => Name)
    if (new Set(names).size < names.length) throw badRequest(`Configuration not valid: ${Type} has a parameter twice.`)
  }
  const odd = allowedTypes(items)?.find((type) => !isKnownType(type))
  if (odd !== undefined) throw badRequest(`Configuration not valid: the resource type ${odd} is not supported.`)
}

/** The types of resources that may be put into the group; undefined: all. */
export function allowedTypes(items: ResourceGroup['configuration'] = []): readonly string[] | undefined {
  return valuesOf(items, 'allowed-resource-types')
}

/** Whether the group cannot be deleted while something is in it. */
export function isProtectedUnlessEmpty(items: ResourceGroup['configuration'] = []): boolean {
  return valuesOf(items, 'deletion-protection')?.includes('UNLESS_EMPTY') ?? false
}

/** As operations answer it: what is configured is in force at once. */
export function toGroupConfiguration(items: ResourceGroup['configuration']): GroupConfiguration | undefined {
  return items && { Configuration: [...items], Status: 'UPDATE_COMPLETE' }
}

function valuesOf(items: readonly GroupConfigurationItem[], parameter: string): readonly string[] | undefined {
  const generic = items.find(({ Type }) => Type === GENERIC)
  return generic?.Parameters?.find(({ Name }) => Name === parameter)?.Values
}
