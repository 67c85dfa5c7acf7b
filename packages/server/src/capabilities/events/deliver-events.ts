/**
 * Takes events out of the outbox, in order, and queues a delivery for every target of every rule that matches. Taking out and queueing
 * are one transaction: a crash leaves an event either here or there, never in neither or both.
 */
import { type Tx, tables } from '#db/database.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { fanOut } from './fan-out.ts'
import { makeDeliveries } from './make-deliveries.ts'
import type { EventTables, OutboxRow } from './tables.ts'

const BATCH = 200

export const deliverEvents = task({
  name: 'events.deliver',
  everyMs: 1_000,
  async run(context) {
    let matched = 0
    let queued = 0
    for (;;) {
      const taken = await context.write((tx) => takeSome(tx, context))
      matched += taken.events
      queued += taken.deliveries
      if (taken.events < BATCH || context.signal.aborted) break
    }
    if (queued > 0) context.wake(makeDeliveries)
    return { matched, queued }
  },
})

async function takeSome(tx: Tx, context: TaskContext): Promise<{ events: number; deliveries: number }> {
  const rows = await tables<EventTables>(tx)
    .selectFrom('event_outbox')
    .selectAll()
    .orderBy('seq')
    .limit(BATCH)
    .execute()
  if (rows.length === 0) return { events: 0, deliveries: 0 }
  let deliveries = 0
  for (const group of Map.groupBy(rows, busOf).values()) deliveries += await fanOut(tx, group, context)
  await tables<EventTables>(tx)
    .deleteFrom('event_outbox')
    .where(
      'seq',
      'in',
      rows.map(({ seq }) => seq),
    )
    .execute()
  return { events: rows.length, deliveries }
}

function busOf({ account, region, bus }: OutboxRow): string {
  return `${account}/${region}/${bus}`
}
