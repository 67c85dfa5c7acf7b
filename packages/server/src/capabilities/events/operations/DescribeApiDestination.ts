import { toApiDestination } from '../api-destination.ts'
import { requireApiDestination } from '../connection-store.ts'
import { events } from '../events.ts'
import { apiDestinationArn } from '../names.ts'

export const DescribeApiDestination = events.read('DescribeApiDestination', {
  access: (input, call) => ({
    action: 'events:DescribeApiDestination',
    resources: [apiDestinationArn(call.scope, input.Name, '*')],
  }),

  async handle({ Name }, call) {
    const row = await requireApiDestination(call.db, call.scope, Name, 'describe')
    return { ...(await toApiDestination(call.db, row)), Description: row.description ?? undefined }
  },
})
