import { busNamed, requireBus } from '../bus-store.ts'
import { events } from '../events.ts'
import { ruleArn } from '../names.ts'
import { removeTargets, requireRule } from '../rule-store.ts'

/** What is already on its way to a target still arrives. Ids that the rule does not have are no error. */
export const RemoveTargets = events.write('RemoveTargets', {
  access: (input, call) => ({
    action: 'events:RemoveTargets',
    resources: [ruleArn(call.scope, busNamed(call.scope, input.EventBusName), input.Rule)],
  }),

  async handle({ Rule, EventBusName, Ids }, call) {
    const bus = busNamed(call.scope, EventBusName)
    await requireBus(call.db, call.scope, bus)
    const rule = await requireRule(call.db, call.scope, { bus, name: Rule })
    await removeTargets(call.db, call.scope, rule, Ids)
    return { FailedEntryCount: 0, FailedEntries: [] }
  },
})
