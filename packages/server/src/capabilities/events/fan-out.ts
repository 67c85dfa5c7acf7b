import type { Target } from '@steward/model/generated/events.ts'
import { type Tx, tables } from '#db/database.ts'
import type { Ids } from '#kernel/ids.ts'
import { queueDeliveries } from './delivery.ts'
import type { BusEvent } from './event.ts'
import { inputFor } from './input.ts'
import { valueAt } from './json-path.ts'
import { recordMatch } from './match-history.ts'
import { ruleArn } from './names.ts'
import { compiledPattern } from './pattern/event-pattern.ts'
import type { EventTables, OutboxRow, RuleRow } from './tables.ts'

/** A rule with where it leads. */
interface ActiveRule extends RuleRow {
  readonly targets: readonly Target[]
}

/** Queues what the rules of one bus make of some of its events; returns how many deliveries that are. */
export async function fanOut(
  tx: Tx,
  events: readonly OutboxRow[],
  { now, ids }: { now(): Date; ids: Ids },
): Promise<number> {
  const rules = await activeRules(tx, events[0]!)
  const at = now()
  let count = 0
  for (const row of events) {
    const event = JSON.parse(row.event) as BusEvent
    for (const rule of rules) {
      if (!rule.pattern || !compiledPattern(rule.pattern).matches(event)) continue
      count += await sendToTargets(tx, rule, event, row.about, { now: at, ids })
    }
  }
  return count
}

/** Queues one event for every target of a rule that it matched, or that was due. */
export async function sendToTargets(
  tx: Tx,
  rule: ActiveRule,
  event: BusEvent,
  about: string,
  { now, ids }: { now: Date; ids: Ids },
): Promise<number> {
  const scope = { account: rule.account, region: rule.region }
  const sourceArn = ruleArn(scope, rule.bus, rule.name)
  const { targets } = rule
  const deliveries = targets.map((target) => ({
    targetArn: target.Arn,
    sourceArn,
    eventId: event.id,
    payload: inputFor(target, event, { ruleArn: sourceArn, ruleName: rule.name, now }),
    settings: settingsOf(target, event),
    about,
    retries: target.RetryPolicy?.MaximumRetryAttempts,
    maxAgeSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds,
  }))
  const deliveryIds = await queueDeliveries(tx, scope, now, ids, deliveries)
  await recordMatch(
    tx,
    rule,
    event,
    now,
    ids.uuid(),
    targets.map(({ Id, Arn }, index) => ({ Id, Arn, deliveryId: deliveryIds[index]! })),
  )
  return deliveries.length
}

/** What the kind of target needs; values that are paths are looked up in the event now. */
function settingsOf({ RoleArn, HttpParameters, RunCommandParameters, DeadLetterConfig }: Target, event: BusEvent) {
  return {
    RoleArn,
    RunCommandParameters,
    DeadLetterConfig,
    HttpParameters: HttpParameters && {
      PathParameterValues: HttpParameters.PathParameterValues?.map((value) => looked(value, event)),
      HeaderParameters: lookedUp(HttpParameters.HeaderParameters, event),
      QueryStringParameters: lookedUp(HttpParameters.QueryStringParameters, event),
    },
  }
}

function lookedUp(values: Readonly<Record<string, string>> | undefined, event: BusEvent) {
  return values && Object.fromEntries(Object.entries(values).map(([name, value]) => [name, looked(value, event)]))
}

function looked(value: string, event: BusEvent): string {
  if (!value.startsWith('$.')) return value
  const found = valueAt(event, value) ?? ''
  return typeof found === 'string' ? found : JSON.stringify(found)
}

export async function activeRules(
  tx: Tx,
  { account, region, bus }: Pick<RuleRow, 'account' | 'region' | 'bus'>,
): Promise<ActiveRule[]> {
  const db = tables<EventTables>(tx)
  const rules = await db
    .selectFrom('event_rule')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .where('bus', '=', bus)
    .where('state', '<>', 'DISABLED')
    .orderBy('name')
    .execute()
  if (rules.length === 0) return []
  const targets = await db
    .selectFrom('event_target')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .where('bus', '=', bus)
    .orderBy('id')
    .execute()
  const byRule = Map.groupBy(targets, ({ rule }) => rule)
  return rules.map((rule) => ({
    ...rule,
    targets: (byRule.get(rule.name) ?? []).map(({ target }) => JSON.parse(target) as Target),
  }))
}
