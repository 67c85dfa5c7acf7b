import { badRequest, changeGroup } from '#capabilities/groups/index.ts'
import { tellOfGroup } from '../group-events.ts'
import { namedGroup, onGroup } from '../named-group.ts'
import { checkedQuery, queryAccess, requireStack } from '../queries.ts'
import { resourceGroups } from '../services.ts'

export const UpdateGroupQuery = resourceGroups.write('UpdateGroupQuery', {
  access: (input, call) => [onGroup('UpdateGroupQuery', input, call), ...queryAccess(input.ResourceQuery, call)],

  async handle(input, call) {
    const { ResourceQuery } = input
    const group = await namedGroup(input, call)
    if (!group.query) throw badRequest(`The group ${group.name} has no query: its members are put into it one by one.`)
    requireStack(checkedQuery(ResourceQuery, call))
    const changed = { ...group, query: ResourceQuery }
    await changeGroup(call.db, changed)
    await tellOfGroup(call, 'update', changed)
    return { GroupQuery: { GroupName: group.name, ResourceQuery } }
  },
})
