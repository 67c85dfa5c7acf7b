import { busNamed } from '../bus-store.ts'
import { listMatches } from '../match-history.ts'
import { ruleArn } from '../names.ts'
import { requireRule } from '../rule-store.ts'
import { steward } from '../steward.ts'

/** Our own operation: the last ten events that a rule matched, newest first, and what became of their deliveries (EVT-06a). */
export const ListRuleMatches = steward.read('ListRuleMatches', {
  access: (input, call) => ({
    action: 'steward:ListRuleMatches',
    resources: [ruleArn(call.scope, busNamed(call.scope, input.EventBusName), input.Rule)],
  }),

  async handle({ Rule, EventBusName }, call) {
    const bus = busNamed(call.scope, EventBusName)
    const rule = await requireRule(call.db, call.scope, { bus, name: Rule })
    return { Matches: await listMatches(call.db, rule) }
  },
})
