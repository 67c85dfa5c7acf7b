import { badRequest, removeGroup, taggedGroup, toGroup } from '#capabilities/groups/index.ts'
import { removeResource } from '#capabilities/tags/index.ts'
import { isProtectedUnlessEmpty } from '../configuration.ts'
import { tellOfGroup } from '../group-events.ts'
import { membersOf } from '../members.ts'
import { namedGroup, onGroup } from '../named-group.ts'
import { resourceGroups } from '../services.ts'
import { endTagSync } from '../tag-sync-store.ts'

/** What is in the group stays as it is (RG-08). */
export const DeleteGroup = resourceGroups.write('DeleteGroup', {
  access: (input, call) => onGroup('DeleteGroup', input, call),

  async handle(input, call) {
    const { db, scope } = call
    const group = await namedGroup(input, call)
    if (isProtectedUnlessEmpty(group.configuration) && (await membersOf(call, group)).length > 0)
      throw badRequest('The group is protected from being deleted while there are resources in it.')
    await removeGroup(db, group)
    await removeResource(db, scope, taggedGroup(group.name))
    await endTagSync(db, scope, group.name)
    await tellOfGroup(call, 'delete', group)
    return { Group: toGroup(scope, group) }
  },
})
