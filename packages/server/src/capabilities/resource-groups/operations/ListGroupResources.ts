import { listResources, wantedByGroup } from '../members.ts'
import { namedGroup, onGroup } from '../named-group.ts'
import { resourceGroups } from '../services.ts'

/** What is in the group right now (RG-06). */
export const ListGroupResources = resourceGroups.read('ListGroupResources', {
  access: (input, call) => onGroup('ListGroupResources', input, call),

  async handle(input, call) {
    const group = await namedGroup(input, call)
    const types = input.Filters?.flatMap(({ Values }) => Values)
    const listed = await listResources(call, await wantedByGroup(call, group, types), input.MaxResults)
    return { ...listed, Resources: listed.ResourceIdentifiers.map((Identifier) => ({ Identifier })) }
  },
})
