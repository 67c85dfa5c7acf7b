/** A resource group: a name for the resources that a query finds, or that were put into it one by one. Pure. */
import type { Group, GroupConfigurationItem, ResourceQuery } from '@steward/model/generated/resource-groups.ts'
import { arn, type Scope } from '#kernel/scope.ts'

export interface ResourceGroup {
  /** Stays the same as long as the group exists. */
  readonly id: string
  readonly name: string
  readonly description: string
  /** Undefined: its members are explicit. */
  readonly query: ResourceQuery | undefined
  readonly configuration: readonly GroupConfigurationItem[] | undefined
  /** Of applications only. */
  readonly criticality: number | undefined
  readonly owner: string | undefined
  readonly displayName: string | undefined
}

const APPLICATION = 'AWS::ResourceGroups::ApplicationGroup'

/** Whether a configuration makes a group that of an application, which has an owner and may be kept in step with a tag. */
export function isApplication(configuration: ResourceGroup['configuration'] = []): boolean {
  return configuration.some(({ Type }) => Type === APPLICATION)
}

export function groupArn(scope: Scope, name: string): string {
  return arn(scope, 'resource-groups', `group/${name}`)
}

/** The name in what a request calls a group: the name itself, or an ARN of this account and Region. Undefined for other ARNs. */
export function groupName(scope: Scope, reference: string): string | undefined {
  if (!reference.startsWith('arn:')) return reference
  const prefix = groupArn(scope, '')
  return reference.startsWith(prefix) ? reference.slice(prefix.length) : undefined
}

/** As operations answer it. What is empty is left out (RG-02b). */
export function toGroup(scope: Scope, group: Omit<ResourceGroup, 'id'>): Group {
  const { name, description, configuration, criticality, owner, displayName } = group
  return {
    GroupArn: groupArn(scope, name),
    Name: name,
    Description: description || undefined,
    Criticality: criticality,
    Owner: owner || undefined,
    DisplayName: displayName || undefined,
    ApplicationTag: isApplication(configuration) ? { awsApplication: groupArn(scope, name) } : undefined,
  }
}
