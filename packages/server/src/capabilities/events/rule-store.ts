import type { Target } from '@steward/model/generated/events.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { noSuchRule } from './errors.ts'
import type { EventTables, RuleRow, TargetRow } from './tables.ts'

/** Which rule: the bus must exist for it to. */
export interface RuleKey {
  readonly bus: string
  readonly name: string
}

export async function findRule(reader: Reader, scope: Scope, { bus, name }: RuleKey): Promise<RuleRow | undefined> {
  return tables<EventTables>(reader)
    .selectFrom('event_rule')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('bus', '=', bus)
    .where('name', '=', name)
    .executeTakeFirst()
}

/** Throws `ResourceNotFoundException` unless the rule exists. */
export async function requireRule(reader: Reader, scope: Scope, key: RuleKey): Promise<RuleRow> {
  const rule = await findRule(reader, scope, key)
  if (!rule) throw noSuchRule(key.name, key.bus)
  return rule
}

export async function countRules(reader: Reader, scope: Scope, bus: string): Promise<number> {
  const { count } = await tables<EventTables>(reader)
    .selectFrom('event_rule')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('bus', '=', bus)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Rules of a bus in order of their names, after `after`. */
export async function listRules(
  reader: Reader,
  scope: Scope,
  bus: string,
  filter: { readonly prefix?: string | undefined; readonly after: string; readonly limit: number },
): Promise<RuleRow[]> {
  let query = tables<EventTables>(reader)
    .selectFrom('event_rule')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('bus', '=', bus)
    .where('name', '>', filter.after)
  const { prefix } = filter
  // Names are ASCII, so this bounds the prefix; `like` would treat `_` as a wildcard.
  if (prefix) query = query.where('name', '>=', prefix).where('name', '<', `${prefix}\u007f`)
  return query.orderBy('name').limit(filter.limit).execute()
}

export async function saveRule(tx: Tx, rule: RuleRow): Promise<void> {
  const { account: _account, region: _region, bus: _bus, name: _name, ...values } = rule
  await tables<EventTables>(tx)
    .insertInto('event_rule')
    .values(rule)
    .onConflict((conflict) => conflict.columns(['account', 'region', 'bus', 'name']).doUpdateSet(values))
    .execute()
}

/** Deletes the rule with what is known of its matches. */
export async function deleteRule(tx: Tx, { account, region, bus, name }: RuleRow): Promise<void> {
  const db = tables<EventTables>(tx)
  await db
    .deleteFrom('event_rule')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('bus', '=', bus)
    .where('name', '=', name)
    .execute()
  const matches = db
    .selectFrom('event_match')
    .select('id')
    .where('account', '=', account)
    .where('region', '=', region)
    .where('bus', '=', bus)
    .where('rule', '=', name)
  await db.deleteFrom('event_match_delivery').where('match_id', 'in', matches).execute()
  await db.deleteFrom('event_match').where('id', 'in', matches).execute()
}

/** Targets of a rule in order of their ids, after `after`. */
export async function listTargets(
  reader: Reader,
  scope: Scope,
  { bus, name }: RuleKey,
  page: { readonly after: string; readonly limit: number } = { after: '', limit: 1_000 },
): Promise<Target[]> {
  const rows = await tables<EventTables>(reader)
    .selectFrom('event_target')
    .select('target')
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('bus', '=', bus)
    .where('rule', '=', name)
    .where('id', '>', page.after)
    .orderBy('id')
    .limit(page.limit)
    .execute()
  return rows.map(({ target }) => JSON.parse(target) as Target)
}

export async function saveTarget(tx: Tx, { account, region }: Scope, key: RuleKey, target: Target): Promise<void> {
  const values = { arn: target.Arn, target: JSON.stringify(target) }
  const row: TargetRow = { account, region, bus: key.bus, rule: key.name, id: target.Id, ...values }
  await tables<EventTables>(tx)
    .insertInto('event_target')
    .values(row)
    .onConflict((conflict) => conflict.columns(['account', 'region', 'bus', 'rule', 'id']).doUpdateSet(values))
    .execute()
}

export async function removeTargets(tx: Tx, scope: Scope, { bus, name }: RuleKey, ids: readonly string[]) {
  await tables<EventTables>(tx)
    .deleteFrom('event_target')
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('bus', '=', bus)
    .where('rule', '=', name)
    .where('id', 'in', ids)
    .execute()
}

/** Names of the rules that lead to a target, in order, after `after`. */
export async function rulesWithTarget(
  reader: Reader,
  scope: Scope,
  bus: string,
  arn: string,
  page: { readonly after: string; readonly limit: number },
): Promise<string[]> {
  const rows = await tables<EventTables>(reader)
    .selectFrom('event_target')
    .select('rule')
    .distinct()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('bus', '=', bus)
    .where('arn', '=', arn)
    .where('rule', '>', page.after)
    .orderBy('rule')
    .limit(page.limit)
    .execute()
  return rows.map(({ rule }) => rule)
}
