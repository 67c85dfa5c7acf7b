import { busNamed, requireBus } from '../bus-store.ts'
import { events } from '../events.ts'
import { ruleArn } from '../names.ts'
import { PAGE_SIZE, pageOf } from '../page.ts'
import { toApiRule } from '../rule.ts'
import { listRules } from '../rule-store.ts'

export const ListRules = events.read('ListRules', {
  access: (input, call) => ({
    action: 'events:ListRules',
    resources: [ruleArn(call.scope, busNamed(call.scope, input.EventBusName), '*')],
  }),

  async handle({ EventBusName, NamePrefix, Limit = PAGE_SIZE }, call) {
    const bus = busNamed(call.scope, EventBusName)
    await requireBus(call.db, call.scope, bus)
    const after = call.cursor<string>() ?? ''
    const rows = await listRules(call.db, call.scope, bus, { prefix: NamePrefix, after, limit: Limit + 1 })
    const { items, next } = pageOf(rows, Limit, ({ name }) => name)
    return { Rules: items.map(toApiRule), NextToken: call.nextToken(next) }
  },
})
