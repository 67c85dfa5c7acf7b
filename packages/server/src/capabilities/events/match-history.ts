/** The last matches of each rule, with what became of their deliveries (EVT-06a). */
import type { AuditEvent, RuleMatch } from '@steward/model/generated/steward.ts'
import { sql } from 'kysely'
import { noteChange } from '#db/changes.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { BusEvent } from './event.ts'
import type { EventTables, MatchDeliveryRow, MatchRow, RuleRow } from './tables.ts'

export const MATCHES_KEPT = 10

const ROWS_PER_INSERT = 500

/** A match with the deliveries that came of it. */
export interface KnownMatch {
  readonly id: string
  readonly rule: RuleKey
  readonly event: BusEvent
  readonly deliveries: readonly KnownDelivery[]
}

export interface KnownDelivery {
  readonly id: string
  readonly target: { readonly Id: string; readonly Arn: string }
}

type RuleKey = Pick<RuleRow, 'account' | 'region' | 'bus' | 'name'>

/** Takes matches in, in the order in which they happened, and forgets the oldest. */
export async function recordMatches(tx: Tx, matches: readonly KnownMatch[], now: Date): Promise<void> {
  const db = tables<EventTables>(tx)
  const byRule = Map.groupBy(matches, ({ rule }) => rule)
  const latest = [...byRule.values()].flatMap((some) => some.slice(-MATCHES_KEPT))
  for (const some of parts(latest.map((match) => toRow(match, now) as MatchRow)))
    await db.insertInto('event_match').values(some).execute()
  for (const some of parts(latest.flatMap(toDeliveryRows)))
    await db.insertInto('event_match_delivery').values(some).execute()
  for (const rule of byRule.keys()) await forgetOlder(tx, rule)
  for (const { name, region } of byRule.keys()) noteChange(tx, { kind: 'deliveries', ids: [name], region })
}

function parts<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_PER_INSERT) }, (_, index) =>
    rows.slice(index * ROWS_PER_INSERT, (index + 1) * ROWS_PER_INSERT),
  )
}

function toRow({ id, rule, event }: KnownMatch, now: Date): Omit<MatchRow, 'seq'> {
  const { account, region, bus, name } = rule
  return { id, account, region, bus, rule: name, event: JSON.stringify(event), matched_at: now.toISOString() }
}

function toDeliveryRows({ id, deliveries }: KnownMatch): MatchDeliveryRow[] {
  return deliveries.map((delivery) => ({
    delivery_id: delivery.id,
    match_id: id,
    target_id: delivery.target.Id,
    target_arn: delivery.target.Arn,
    state: 'Pending',
    attempts: 0,
    attempted_at: null,
    error: null,
  }))
}

async function forgetOlder(tx: Tx, rule: RuleKey): Promise<void> {
  const db = tables<EventTables>(tx)
  const old = await db
    .selectFrom('event_match')
    .select('id')
    .where('account', '=', rule.account)
    .where('region', '=', rule.region)
    .where('bus', '=', rule.bus)
    .where('rule', '=', rule.name)
    .orderBy('seq', 'desc')
    .offset(MATCHES_KEPT)
    .limit(1_000)
    .execute()
  if (old.length === 0) return
  const ids = old.map(({ id }) => id)
  await db.deleteFrom('event_match_delivery').where('match_id', 'in', ids).execute()
  await db.deleteFrom('event_match').where('id', 'in', ids).execute()
}

/** Writes down how a delivery went; nothing if its match is forgotten. */
export async function recordAttempt(
  tx: Tx,
  deliveryId: string,
  outcome: { state: 'Pending' | 'Delivered' | 'Failed'; attempts: number; at: Date; error?: string },
): Promise<void> {
  await tables<EventTables>(tx)
    .updateTable('event_match_delivery')
    .set({
      state: outcome.state,
      attempts: outcome.attempts,
      attempted_at: outcome.at.toISOString(),
      error: outcome.error ?? null,
    })
    .where('delivery_id', '=', deliveryId)
    .execute()
  noteChange(tx, { kind: 'deliveries', ids: [] })
}

/** Newest first. */
export async function listMatches(reader: Reader, { account, region, bus, name }: RuleKey): Promise<RuleMatch[]> {
  const db = tables<EventTables>(reader)
  const matches = await db
    .selectFrom('event_match')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .where('bus', '=', bus)
    .where('rule', '=', name)
    .orderBy('seq', 'desc')
    .limit(MATCHES_KEPT)
    .execute()
  const byMatch = await deliveriesOf(reader, matches)
  return matches.map(({ id, event, matched_at }) => ({
    EventId: (JSON.parse(event) as BusEvent).id,
    Event: event,
    MatchedDate: new Date(matched_at),
    Deliveries: (byMatch.get(id) ?? []).map(toApiDelivery),
  }))
}

/** Matches of events that speak of an id or are called by it, the oldest first; of each rule as many as are kept. */
export async function matchesAbout(reader: Reader, { account, region }: Scope, id: string): Promise<AuditEvent[]> {
  const matches = await tables<EventTables>(reader)
    .selectFrom('event_match')
    .selectAll()
    .where('account', '=', account)
    .where('region', '=', region)
    .where((eb) => eb('event', 'like', sql<string>`${`%"${id.replaceAll(/[\\%_]/g, '\\$&')}"%`} escape '\\'`))
    .orderBy('seq')
    .execute()
  const byMatch = await deliveriesOf(reader, matches)
  return matches.map((match) => {
    const event = JSON.parse(match.event) as BusEvent
    return {
      EventId: event.id,
      Source: event.source,
      DetailType: event['detail-type'],
      EventBusName: match.bus,
      Rule: match.rule,
      MatchedDate: new Date(match.matched_at),
      Deliveries: (byMatch.get(match.id) ?? []).map(toApiDelivery),
    }
  })
}

async function deliveriesOf(
  reader: Reader,
  matches: readonly Pick<MatchRow, 'id'>[],
): Promise<Map<string, MatchDeliveryRow[]>> {
  if (matches.length === 0) return new Map()
  const ids = matches.map(({ id }) => id)
  const deliveries = tables<EventTables>(reader).selectFrom('event_match_delivery').selectAll()
  return Map.groupBy(await deliveries.where('match_id', 'in', ids).execute(), ({ match_id }) => match_id)
}

function toApiDelivery(row: MatchDeliveryRow) {
  return {
    DeliveryId: row.delivery_id,
    TargetId: row.target_id,
    TargetArn: row.target_arn,
    State: row.state,
    Attempts: row.attempts,
    LastAttemptDate: row.attempted_at === null ? undefined : new Date(row.attempted_at),
    Error: row.error ?? undefined,
  }
}
