import { busNamed, requireBus } from '../bus-store.ts'
import { events } from '../events.ts'
import { ruleArn } from '../names.ts'
import { PAGE_SIZE, pageOf } from '../page.ts'
import { listTargets, requireRule } from '../rule-store.ts'

export const ListTargetsByRule = events.read('ListTargetsByRule', {
  access: (input, call) => ({
    action: 'events:ListTargetsByRule',
    resources: [ruleArn(call.scope, busNamed(call.scope, input.EventBusName), input.Rule)],
  }),

  async handle({ Rule, EventBusName, Limit = PAGE_SIZE }, call) {
    const bus = busNamed(call.scope, EventBusName)
    await requireBus(call.db, call.scope, bus)
    const rule = await requireRule(call.db, call.scope, { bus, name: Rule })
    const page = { after: call.cursor<string>() ?? '', limit: Limit + 1 }
    const { items, next } = pageOf(await listTargets(call.db, call.scope, rule, page), Limit, ({ Id }) => Id)
    return { Targets: [...items], NextToken: call.nextToken(next) }
  },
})
