import type { Access } from '#kernel/declare.ts'
import { busNamed, requireBus } from '../bus-store.ts'
import { tooMany } from '../errors.ts'
import { events } from '../events.ts'
import { ruleArn } from '../names.ts'
import { patternConditions, RULES_PER_BUS, toRule } from '../rule.ts'
import { countRules, findRule, saveRule } from '../rule-store.ts'
import { putTags, tagConditions, taggingAccess } from '../tag-store.ts'

/** Makes a rule or replaces all of one but its targets and tags. */
export const PutRule = events.write('PutRule', {
  access(input, call) {
    const resources = [ruleArn(call.scope, busNamed(call.scope, input.EventBusName), input.Name)]
    const context = { ...patternConditions(input.EventPattern), ...tagConditions(input.Tags) }
    const put = { action: 'events:PutRule', resources, context }
    return [put, ...taggingAccess(resources, input.Tags), ...rolePassed(input.RoleArn)]
  },

  async handle(input, call) {
    const bus = busNamed(call.scope, input.EventBusName)
    const rule = toRule(call.scope, bus, input, call.now)
    await requireBus(call.db, call.scope, bus)
    const arn = ruleArn(call.scope, bus, rule.name)
    const current = await findRule(call.db, call.scope, rule)
    if (!current) {
      if ((await countRules(call.db, call.scope, bus)) >= RULES_PER_BUS) throw tooMany()
      await putTags(call.db, call.scope, arn, input.Tags ?? [])
    }
    // The same schedule goes on where it was.
    const goesOn = current?.next_run && current.schedule === rule.schedule && rule.next_run
    await saveRule(call.db, goesOn ? { ...rule, next_run: current.next_run } : rule)
    return { RuleArn: arn }
  },
})

function rolePassed(role: string | undefined): Access[] {
  if (!role) return []
  return [{ action: 'iam:PassRole', resources: [role], context: { 'iam:PassedToService': 'events.amazonaws.com' } }]
}
