import { busNamed, requireBus } from '../bus-store.ts'
import { ruleArn } from '../names.ts'
import { ruleActivity } from '../rule-activity.ts'
import { steward } from '../steward.ts'

/** Our own operation: for each rule of a bus where it leads, when it last matched, and how its last deliveries went (EVT-06a). */
export const ListRuleActivity = steward.read('ListRuleActivity', {
  access: (input, call) => ({
    action: 'steward:ListRuleMatches',
    resources: [ruleArn(call.scope, busNamed(call.scope, input.EventBusName), '*')],
  }),

  async handle({ EventBusName }, call) {
    const bus = busNamed(call.scope, EventBusName)
    await requireBus(call.db, call.scope, bus)
    return { Rules: await ruleActivity(call.db, call.scope, bus) }
  },
})
