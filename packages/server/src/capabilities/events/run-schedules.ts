import { type Tx, tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { aboutOf, toEvent } from './event.ts'
import { sendToTargets } from './fan-out.ts'
import { makeDeliveries } from './make-deliveries.ts'
import { ruleArn } from './names.ts'
import { dueAfter } from './rule.ts'
import { listTargets } from './rule-store.ts'
import type { EventTables, RuleRow } from './tables.ts'

const AT_ONCE = 100

/** Runs the rules whose schedule is due. Runs that were missed while nobody was here are made up for by one. */
export const runSchedules = task({
  name: 'events.run-schedules',
  everyMs: 1_000,
  async run(context) {
    const at = context.now()
    const due = await context.read((reader) =>
      tables<EventTables>(reader)
        .selectFrom('event_rule')
        .selectAll()
        .where('next_run', '<=', at.toISOString())
        .orderBy('next_run')
        .limit(AT_ONCE)
        .execute(),
    )
    for (const rule of due) await context.write((tx) => runOne(tx, rule, at, context))
    if (due.length > 0) context.wake(makeDeliveries)
    return { run: due.length }
  },
})

async function runOne(tx: Tx, rule: RuleRow, at: Date, { ids }: TaskContext): Promise<void> {
  const { numUpdatedRows } = await tables<EventTables>(tx)
    .updateTable('event_rule')
    .set({ next_run: dueAfter(rule, at) })
    .where('account', '=', rule.account)
    .where('region', '=', rule.region)
    .where('bus', '=', rule.bus)
    .where('name', '=', rule.name)
    // The rule may have been changed in the meantime.
    .where('next_run', '=', rule.next_run)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return
  const happening = {
    source: 'aws.events',
    detailType: 'Scheduled Event',
    resources: [ruleArn(rule, rule.bus, rule.name)],
    detail: {},
  }
  const targets = await listTargets(tx, rule, rule)
  const event = toEvent(rule, ids.uuid(), at, happening)
  const match = { rule: { ...rule, targets }, event, about: aboutOf(happening) }
  await sendToTargets(tx, rule, [match], { now: at, ids })
}
