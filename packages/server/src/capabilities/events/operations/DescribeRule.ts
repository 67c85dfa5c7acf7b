import { busNamed, requireBus } from '../bus-store.ts'
import { events } from '../events.ts'
import { ruleArn } from '../names.ts'
import { toApiRule } from '../rule.ts'
import { requireRule } from '../rule-store.ts'

export const DescribeRule = events.read('DescribeRule', {
  access: (input, call) => ({
    action: 'events:DescribeRule',
    resources: [ruleArn(call.scope, busNamed(call.scope, input.EventBusName), input.Name)],
  }),

  async handle(input, call) {
    const bus = busNamed(call.scope, input.EventBusName)
    await requireBus(call.db, call.scope, bus)
    const rule = await requireRule(call.db, call.scope, { bus, name: input.Name })
    return { ...toApiRule(rule), CreatedBy: call.scope.account }
  },
})
