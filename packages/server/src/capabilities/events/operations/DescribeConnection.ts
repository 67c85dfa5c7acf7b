import { toApiConnection } from '../connection.ts'
import { requireConnection } from '../connection-store.ts'
import { events } from '../events.ts'
import { connectionArn } from '../names.ts'

export const DescribeConnection = events.read('DescribeConnection', {
  access: (input, call) => ({
    action: 'events:DescribeConnection',
    resources: [connectionArn(call.scope, input.Name, '*')],
  }),

  async handle({ Name }, call) {
    return toApiConnection(await requireConnection(call.db, call.scope, Name, 'describe'))
  },
})
