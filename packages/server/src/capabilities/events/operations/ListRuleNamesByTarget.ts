import { busNamed, requireBus } from '../bus-store.ts'
import { events } from '../events.ts'
import { PAGE_SIZE, pageOf } from '../page.ts'
import { rulesWithTarget } from '../rule-store.ts'

export const ListRuleNamesByTarget = events.read('ListRuleNamesByTarget', {
  access: () => ({ action: 'events:ListRuleNamesByTarget', resources: ['*'] }),

  async handle({ TargetArn, EventBusName, Limit = PAGE_SIZE }, call) {
    const bus = busNamed(call.scope, EventBusName)
    await requireBus(call.db, call.scope, bus)
    const page = { after: call.cursor<string>() ?? '', limit: Limit + 1 }
    const names = await rulesWithTarget(call.db, call.scope, bus, TargetArn, page)
    const { items, next } = pageOf(names, Limit, (name) => name)
    return { RuleNames: [...items], NextToken: call.nextToken(next) }
  },
})
