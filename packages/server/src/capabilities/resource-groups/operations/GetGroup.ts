import { toGroup } from '#capabilities/groups/index.ts'
import { namedGroup, onGroup } from '../named-group.ts'
import { resourceGroups } from '../services.ts'

export const GetGroup = resourceGroups.read('GetGroup', {
  access: (input, call) => onGroup('GetGroup', input, call),

  async handle(input, call) {
    return { Group: toGroup(call.scope, await namedGroup(input, call)) }
  },
})
