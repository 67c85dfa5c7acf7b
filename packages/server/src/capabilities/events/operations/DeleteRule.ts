import { busNamed, requireBus } from '../bus-store.ts'
import { invalid } from '../errors.ts'
import { events } from '../events.ts'
import { ruleArn } from '../names.ts'
import { deleteRule, findRule, listTargets } from '../rule-store.ts'
import { removeAllTags } from '../tag-store.ts'

/** Deleting what is not there is no error. */
export const DeleteRule = events.write('DeleteRule', {
  access: (input, call) => ({
    action: 'events:DeleteRule',
    resources: [ruleArn(call.scope, busNamed(call.scope, input.EventBusName), input.Name)],
  }),

  async handle(input, call) {
    const bus = busNamed(call.scope, input.EventBusName)
    await requireBus(call.db, call.scope, bus)
    const rule = await findRule(call.db, call.scope, { bus, name: input.Name })
    if (!rule) return {}
    if ((await listTargets(call.db, call.scope, rule)).length > 0)
      throw invalid("Rule can't be deleted since it has targets.")
    await deleteRule(call.db, rule)
    await removeAllTags(call.db, call.scope, ruleArn(call.scope, bus, rule.name))
    return {}
  },
})
