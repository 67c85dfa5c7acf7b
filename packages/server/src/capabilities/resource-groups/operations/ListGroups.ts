import type { GroupFilter } from '@steward/model/generated/resource-groups.ts'
import { listGroups, type ResourceGroup, toGroup, typesNamed } from '#capabilities/groups/index.ts'
import { allowedTypes } from '../configuration.ts'
import { resourceGroups } from '../services.ts'

const PAGE = 50

export const ListGroups = resourceGroups.read('ListGroups', {
  access: () => ({ action: 'resource-groups:ListGroups', resources: ['*'] }),

  async handle(input, call) {
    const { Filters = [], MaxResults: limit = PAGE } = input
    const after = call.cursor<string>() ?? ''
    const all = (await listGroups(call.db, call.scope)).sort((a, b) => (a.name < b.name ? -1 : 1))
    const rest = all.filter((group) => group.name > after && Filters.every((filter) => passes(group, filter)))
    const groups = rest.slice(0, limit).map((group) => toGroup(call.scope, group))
    return {
      GroupIdentifiers: groups.map(({ Name, ApplicationTag, ...group }) => ({ GroupName: Name, ...group })),
      Groups: groups,
      NextToken: call.nextToken(rest.length > limit ? groups.at(-1)?.Name : undefined),
    }
  },
})

/** Types are compared with those that queries and configurations name; `AWS::AllSupported` is one of them, not all (RG-02a). */
function passes(group: ResourceGroup, { Name, Values }: GroupFilter): boolean {
  return attributesOf(group, Name).some((value) => value !== undefined && Values.includes(value))
}

function attributesOf(group: ResourceGroup, name: GroupFilter['Name']): readonly (string | undefined)[] {
  switch (name) {
    case 'resource-type':
      return group.query ? typesNamed(group.query) : (allowedTypes(group.configuration) ?? [])
    case 'configuration-type':
      return group.configuration?.map(({ Type }) => Type) ?? []
    case 'owner':
      return [group.owner]
    case 'display-name':
      return [group.displayName]
    case 'criticality':
      return [group.criticality?.toString()]
  }
}
