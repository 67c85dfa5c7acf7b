import { deleteBus } from '../bus-store.ts'
import { invalid } from '../errors.ts'
import { events } from '../events.ts'
import { busArn, DEFAULT_BUS } from '../names.ts'
import { countRules } from '../rule-store.ts'
import { removeAllTags } from '../tag-store.ts'

/** Deleting what is not there is no error. */
export const DeleteEventBus = events.write('DeleteEventBus', {
  access: (input, call) => ({ action: 'events:DeleteEventBus', resources: [busArn(call.scope, input.Name)] }),

  async handle({ Name }, call) {
    if (Name === DEFAULT_BUS) throw invalid(`Cannot delete event bus ${DEFAULT_BUS}.`)
    if ((await countRules(call.db, call.scope, Name)) > 0)
      throw invalid("Event bus can't be deleted since it has rules.")
    await deleteBus(call.db, call.scope, Name)
    await removeAllTags(call.db, call.scope, busArn(call.scope, Name))
    return {}
  },
})
