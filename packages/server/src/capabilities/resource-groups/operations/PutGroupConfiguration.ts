import { badRequest, changeGroup, isApplication } from '#capabilities/groups/index.ts'
import { checkConfiguration } from '../configuration.ts'
import { tellOfGroup } from '../group-events.ts'
import { namedGroup, onGroup } from '../named-group.ts'
import { resourceGroups } from '../services.ts'

/** Answered with 202, in force all the same (RG-16). */
export const PutGroupConfiguration = resourceGroups.write('PutGroupConfiguration', {
  access: (input, call) => onGroup('PutGroupConfiguration', input, call),

  async handle(input, call) {
    const { Configuration = [] } = input
    const group = await namedGroup(input, call)
    if (group.query) throw badRequest(`The group ${group.name} has a query, so it can have no configuration.`)
    checkConfiguration(Configuration)
    if (isApplication(Configuration) !== isApplication(group.configuration))
      throw badRequest('A group becomes that of an application when it is made, or never.')
    const changed = { ...group, configuration: Configuration }
    await changeGroup(call.db, changed)
    await tellOfGroup(call, 'update', changed)
    return {}
  },
})
