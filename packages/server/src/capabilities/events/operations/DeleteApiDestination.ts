import { deleteApiDestination, requireApiDestination } from '../connection-store.ts'
import { events } from '../events.ts'
import { apiDestinationArn } from '../names.ts'

export const DeleteApiDestination = events.write('DeleteApiDestination', {
  access: (input, call) => ({
    action: 'events:DeleteApiDestination',
    resources: [apiDestinationArn(call.scope, input.Name, '*')],
  }),

  async handle({ Name }, call) {
    await deleteApiDestination(call.db, await requireApiDestination(call.db, call.scope, Name, 'delete'))
    return {}
  },
})
