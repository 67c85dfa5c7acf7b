import type { EnableRuleRequest } from '@steward/model/generated/events.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { busNamed, requireBus } from '../bus-store.ts'
import { events } from '../events.ts'
import { ruleArn } from '../names.ts'
import { dueAfter } from '../rule.ts'
import { requireRule, saveRule } from '../rule-store.ts'

export const EnableRule = events.write('EnableRule', {
  access: (input, call) => ({
    action: 'events:EnableRule',
    resources: [ruleArn(call.scope, busNamed(call.scope, input.EventBusName), input.Name)],
  }),
  handle: (input, call) => turn('ENABLED', input, call),
})

export const DisableRule = events.write('DisableRule', {
  access: (input, call) => ({
    action: 'events:DisableRule',
    resources: [ruleArn(call.scope, busNamed(call.scope, input.EventBusName), input.Name)],
  }),
  handle: (input, call) => turn('DISABLED', input, call),
})

async function turn(state: 'ENABLED' | 'DISABLED', input: EnableRuleRequest, call: WriteCall) {
  const bus = busNamed(call.scope, input.EventBusName)
  await requireBus(call.db, call.scope, bus)
  const rule = { ...(await requireRule(call.db, call.scope, { bus, name: input.Name })), state }
  await saveRule(call.db, { ...rule, next_run: dueAfter(rule, call.now) })
  return {}
}
