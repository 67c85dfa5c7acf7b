import {
  DescribeRuleCommand,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
} from '@aws-sdk/client-eventbridge'
import type { RuleActivity } from '@steward/model/generated/steward.ts'
import { events as client } from '#api/clients/events.ts'
import { isForbidden } from '#api/failure.ts'
import { allPages, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'

export const DEFAULT_BUS = 'default'

export type ListedRule = Rule & { readonly activity: Wire<RuleActivity> | undefined }

/** The rules of a bus; what they did, where the caller may read that. */
export function useRules(bus: string) {
  return useRead('rules', ['list', bus], async (signal) => {
    const [rules, activity] = await Promise.all([
      allPages(async (NextToken) => {
        const page = await client().send(new ListRulesCommand({ EventBusName: bus, NextToken }), {
          abortSignal: signal,
        })
        return { items: page.Rules ?? [], next: page.NextToken }
      }),
      steward('ListRuleActivity', { EventBusName: bus }, signal).catch(withoutActivity),
    ])
    const byName = new Map(activity.Rules?.map((one) => [one.Rule, one]))
    return rules.map((rule): ListedRule => ({ ...rule, activity: byName.get(rule.Name) }))
  })
}

function withoutActivity(error: unknown): { Rules?: Wire<RuleActivity>[] } {
  if (isForbidden(error)) return {}
  throw error
}

export function useBuses() {
  return useRead('rules', ['buses'], async (signal) => {
    const { EventBuses = [] } = await client().send(new ListEventBusesCommand({}), { abortSignal: signal })
    return EventBuses.flatMap(({ Name }) => Name ?? [])
  })
}

/** A rule with its targets. */
export function useRule(bus: string, name: string) {
  return useRead(
    'rules',
    ['one', bus, name],
    async (signal) => {
      const [rule, { Targets = [] }] = await Promise.all([
        client().send(new DescribeRuleCommand({ Name: name, EventBusName: bus }), { abortSignal: signal }),
        client().send(new ListTargetsByRuleCommand({ Rule: name, EventBusName: bus }), { abortSignal: signal }),
      ])
      return { rule, targets: Targets }
    },
    { keepLast: false },
  )
}

/** The part of an address that names a bus, unless it is the default one. */
export function busQuery(bus: string): string {
  return bus === DEFAULT_BUS ? '' : `?bus=${encodeURIComponent(bus)}`
}
