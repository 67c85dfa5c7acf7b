import { toApiBus } from '../bus.ts'
import { busNamed, requireBus } from '../bus-store.ts'
import { events } from '../events.ts'
import { busArn } from '../names.ts'

export const DescribeEventBus = events.read('DescribeEventBus', {
  access: (input, call) => ({
    action: 'events:DescribeEventBus',
    resources: [busArn(call.scope, busNamed(call.scope, input.Name))],
  }),

  async handle(input, call) {
    return toApiBus(await requireBus(call.db, call.scope, busNamed(call.scope, input.Name)))
  },
})
