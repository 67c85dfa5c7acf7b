import { busNamed, requireBus } from '../bus-store.ts'
import { invalid, tooMany } from '../errors.ts'
import { events } from '../events.ts'
import { ruleArn } from '../names.ts'
import { listTargets, requireRule, saveTarget } from '../rule-store.ts'
import { checkTarget, TARGETS_PER_RULE } from '../target.ts'

/** Adds targets to a rule, or replaces those with the same ids. */
export const PutTargets = events.write('PutTargets', {
  access(input, call) {
    const roles = new Set(input.Targets.flatMap(({ RoleArn }) => RoleArn ?? []))
    return [
      {
        action: 'events:PutTargets',
        resources: [ruleArn(call.scope, busNamed(call.scope, input.EventBusName), input.Rule)],
        context: { 'events:TargetArn': input.Targets.map(({ Arn }) => Arn) },
      },
      ...[...roles].map((role) => ({
        action: 'iam:PassRole',
        resources: [role],
        context: { 'iam:PassedToService': 'events.amazonaws.com' },
      })),
    ]
  },

  async handle({ Rule, EventBusName, Targets }, call) {
    const bus = busNamed(call.scope, EventBusName)
    await requireBus(call.db, call.scope, bus)
    const rule = await requireRule(call.db, call.scope, { bus, name: Rule })
    for (const target of Targets) checkTarget(call.scope, target)
    const ids = new Set(Targets.map(({ Id }) => Id))
    if (ids.size < Targets.length) throw invalid('Parameter Targets is not valid. Reason: the ids must be unique.')
    const present = await listTargets(call.db, call.scope, rule)
    if (present.filter(({ Id }) => !ids.has(Id)).length + ids.size > TARGETS_PER_RULE) throw tooMany()
    for (const target of Targets) await saveTarget(call.db, call.scope, rule, target)
    return { FailedEntryCount: 0, FailedEntries: [] }
  },
})
