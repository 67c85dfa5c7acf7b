import {
  DescribeRuleCommand,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
} from '@aws-sdk/client-eventbridge'
import type { RuleActivity } from '@steward/model/generated/steward.ts'
import { useMemo } from 'react'
import { events as client } from '#api/clients/events.ts'
import { allPages, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'

export const DEFAULT_BUS = 'default'

export type ListedRule = Rule & { readonly activity: Wire<RuleActivity> | undefined }

/** The rules of a bus; what they did, where the caller may read that. */
export function useRules(bus: string) {
  const rules = useRead('rules', ['list', bus], (signal) =>
    allPages(async (NextToken) => {
      const page = await client().send(new ListRulesCommand({ EventBusName: bus, NextToken }), { abortSignal: signal })
      return { items: page.Rules ?? [], next: page.NextToken }
    }),
  )
  const activity = useRead('deliveries', ['activity', bus], async (signal) => {
    const { Rules = [] } = await steward('ListRuleActivity', { EventBusName: bus }, signal)
    return new Map(Rules.map((one) => [one.Rule, one]))
  })
  const { data } = activity
  const items = useMemo(
    () => rules.data?.map((rule): ListedRule => ({ ...rule, activity: data?.get(rule.Name) })),
    [rules.data, data],
  )
  async function refetch() {
    await Promise.all([rules.refetch(), activity.refetch()])
  }
  return { items, error: rules.error, isFetching: rules.isFetching, refetch }
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

/** Where a rule is shown, or edited. */
export function rulePath(bus: string, name: string, page: 'rule' | 'edit' = 'rule'): string {
  return `/events/${page}?${new URLSearchParams({ name, ...(bus !== DEFAULT_BUS && { bus }) })}`
}
