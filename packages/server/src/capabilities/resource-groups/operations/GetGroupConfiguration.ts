import { toGroupConfiguration } from '../configuration.ts'
import { namedGroup, onGroup } from '../named-group.ts'
import { resourceGroups } from '../services.ts'

export const GetGroupConfiguration = resourceGroups.read('GetGroupConfiguration', {
  access: (input, call) => onGroup('GetGroupConfiguration', input, call),

  async handle(input, call) {
    const { configuration } = await namedGroup(input, call)
    return { GroupConfiguration: toGroupConfiguration(configuration ?? []) }
  },
})
