import type { RuleActivity } from '@steward/model/generated/steward.ts'
import type { ExpressionBuilder } from 'kysely'
import { type Reader, tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import type { EventTables } from './tables.ts'

/** What every row that belongs to a bus has. */
interface Owned {
  of: { account: string; region: string; bus: string }
}

/** What the rules of a bus lead to, when each last matched, and how its last deliveries went; in order of their names. */
export async function ruleActivity(reader: Reader, scope: Scope, bus: string): Promise<RuleActivity[]> {
  const db = tables<EventTables>(reader)
  const ofBus = ({ and }: ExpressionBuilder<Owned, 'of'>) => and({ account: scope.account, region: scope.region, bus })
  const rules = await db.selectFrom('event_rule as of').select('name').where(ofBus).orderBy('name').execute()
  const targets = await db.selectFrom('event_target as of').select(['rule', 'arn']).where(ofBus).orderBy('id').execute()
  const matches = await db
    .selectFrom('event_match as of')
    .select(['rule', (eb) => eb.fn.max('matched_at').as('last')])
    .where(ofBus)
    .groupBy('rule')
    .execute()
  const deliveries = await db
    .selectFrom('event_match_delivery as d')
    .innerJoin('event_match as of', 'of.id', 'd.match_id')
    .select(['of.rule', 'd.state', (eb) => eb.fn.countAll<number>().as('count')])
    .where(ofBus)
    .groupBy(['of.rule', 'd.state'])
    .execute()
  const arns = Map.groupBy(targets, ({ rule }) => rule)
  const last = new Map(matches.map(({ rule, last }) => [rule, last]))
  const counts = new Map(deliveries.map(({ rule, state, count }) => [`${rule}/${state}`, Number(count)]))
  return rules.map(({ name }) => {
    const matchedAt = last.get(name)
    const count = (state: string) => counts.get(`${name}/${state}`) ?? 0
    return {
      Rule: name,
      TargetArns: (arns.get(name) ?? []).map(({ arn }) => arn),
      LastMatchedDate: matchedAt ? new Date(matchedAt) : undefined,
      Delivered: count('Delivered'),
      Pending: count('Pending'),
      Failed: count('Failed'),
    }
  })
}
