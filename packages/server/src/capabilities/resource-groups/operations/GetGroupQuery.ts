import { badRequest } from '#capabilities/groups/index.ts'
import { namedGroup, onGroup } from '../named-group.ts'
import { resourceGroups } from '../services.ts'

export const GetGroupQuery = resourceGroups.read('GetGroupQuery', {
  access: (input, call) => onGroup('GetGroupQuery', input, call),

  async handle(input, call) {
    const { name, query } = await namedGroup(input, call)
    if (!query) throw badRequest(`The group ${name} has no query: its members are put into it one by one.`)
    return { GroupQuery: { GroupName: name, ResourceQuery: query } }
  },
})
