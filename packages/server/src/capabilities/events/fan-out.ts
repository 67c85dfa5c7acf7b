import type { Target } from '@steward/model/generated/events.ts'
import { type Tx, tables } from '#db/database.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Scope } from '#kernel/scope.ts'
import { type NewDelivery, queueDeliveries } from './delivery.ts'
import type { BusEvent } from './event.ts'
import { exactly } from './exact-json.ts'
import { inputFor } from './input.ts'
import { valueAt } from './json-path.ts'
import { type KnownDelivery, recordMatches } from './match-history.ts'
import { isBusArn, ruleArn } from './names.ts'
import { compiledPattern } from './pattern/event-pattern.ts'
import type { EventTables, OutboxRow, RuleRow } from './tables.ts'

/** A rule with where it leads. */
interface ActiveRule extends RuleRow {
  readonly targets: readonly Target[]
}

/** An event that a rule is to send to its targets. */
export interface Match {
  readonly rule: ActiveRule
  readonly event: BusEvent
  /** Deliveries about the same are made in order. */
  readonly about: string
}

/**
 * Queues what the rules of one bus make of some of its events; returns how many deliveries that are. `isForwarded`: another bus sent
 * them here, so they go to no further one.
 */
export async function fanOut(
  tx: Tx,
  rows: readonly Omit<OutboxRow, 'seq'>[],
  { now, ids }: { now(): Date; ids: Ids },
  { isForwarded = false }: { readonly isForwarded?: boolean } = {},
): Promise<number> {
  const active = await activeRules(tx, rows[0]!)
  const rules = isForwarded ? active.map(withoutBuses) : active
  const matches = rows.flatMap((row) => {
    const event = JSON.parse(row.event) as BusEvent
    const matching = rules.filter(({ pattern }) => pattern !== null && compiledPattern(pattern).matches(event))
    const sent = matching.length > 0 ? exactly(row.event, event) : event
    return matching.map((rule) => ({ rule, event: sent, about: row.about }))
  })
  return sendToTargets(tx, rows[0]!, matches, { now: now(), ids })
}

function withoutBuses(rule: ActiveRule): ActiveRule {
  return { ...rule, targets: rule.targets.filter(({ Arn }) => !isBusArn(Arn)) }
}

/** Queues each event for every target of its rule, all with a few statements; returns how many deliveries that are. */
export async function sendToTargets(
  tx: Tx,
  { account, region }: Scope,
  matches: readonly Match[],
  { now, ids }: { now: Date; ids: Ids },
): Promise<number> {
  const scope = { account, region }
  const sent = matches.flatMap((match) => match.rule.targets.map((target) => ({ match, target })))
  const deliveries = sent.map(({ match, target }) => deliveryOf(match, target, now))
  const deliveryIds = await queueDeliveries(tx, scope, now, ids, deliveries)
  const known = matches.map(({ rule, event }) => ({ id: ids.uuid(), rule, event, deliveries: [] as KnownDelivery[] }))
  const byMatch = new Map(matches.map((match, index) => [match, known[index]!]))
  for (const [index, { match, target }] of sent.entries())
    byMatch.get(match)!.deliveries.push({ id: deliveryIds[index]!, target })
  await recordMatches(tx, known, now)
  return deliveries.length
}

function deliveryOf({ rule, event, about }: Match, target: Target, now: Date): NewDelivery {
  const arn = ruleArn(rule, rule.bus, rule.name)
  return {
    targetArn: target.Arn,
    sourceArn: arn,
    eventId: event.id,
    payload: inputFor(target, event, { ruleArn: arn, ruleName: rule.name, now }),
    settings: settingsOf(target, event),
    about,
    retries: target.RetryPolicy?.MaximumRetryAttempts,
    maxAgeSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds,
  }
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
