import { badRequest, changeGroup, isApplication, toGroup } from '#capabilities/groups/index.ts'
import { tellOfGroup } from '../group-events.ts'
import { namedGroup, onGroup } from '../named-group.ts'
import { resourceGroups } from '../services.ts'

/** What is not given stays as it is. */
export const UpdateGroup = resourceGroups.write('UpdateGroup', {
  access: (input, call) => onGroup('UpdateGroup', input, call),

  async handle(input, call) {
    const group = await namedGroup(input, call)
    const { Description, Criticality, Owner, DisplayName } = input
    if (!isApplication(group.configuration) && (Criticality ?? Owner ?? DisplayName) !== undefined)
      throw badRequest('Criticality, Owner and DisplayName are for application groups only.')
    const changed = {
      ...group,
      description: Description ?? group.description,
      criticality: Criticality ?? group.criticality,
      owner: Owner ?? group.owner,
      displayName: DisplayName ?? group.displayName,
    }
    await changeGroup(call.db, changed)
    await tellOfGroup(call, 'update', changed)
    return { Group: toGroup(call.scope, changed) }
  },
})
