/**
 * Takes events out of the outbox, in order, and queues a delivery for every target of every rule that matches. Taking out and queueing
 * are one transaction: a crash leaves an event either here or there, never in neither or both.
 */
import { type Reader, type Tx, tables } from '#db/database.ts'
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
      const waiting = await context.read(oldest)
      if (waiting.length === 0) break
      queued += await context.write((tx) => takeOut(tx, waiting, context))
      matched += waiting.length
      if (waiting.length < BATCH || context.signal.aborted) break
    }
    if (queued > 0) context.wake(makeDeliveries)
    return { matched, queued }
  },
})

/** Looked up outside of the transaction, which would otherwise be in the way of all that write events meanwhile. */
async function oldest(reader: Reader): Promise<number[]> {
  const rows = await tables<EventTables>(reader)
    .selectFrom('event_outbox')
    .select('seq')
    .orderBy('seq')
    .limit(BATCH)
    .execute()
  return rows.map(({ seq }) => seq)
}

async function takeOut(tx: Tx, waiting: readonly number[], context: TaskContext): Promise<number> {
  const taken = await tables<EventTables>(tx)
    .deleteFrom('event_outbox')
    .where('seq', 'in', waiting)
    .returningAll()
    .execute()
  const inOrder = taken.sort((a, b) => a.seq - b.seq)
  let deliveries = 0
  for (const group of Map.groupBy(inOrder, busOf).values()) deliveries += await fanOut(tx, group, context)
  return deliveries
}

function busOf({ account, region, bus }: OutboxRow): string {
  return `${account}/${region}/${bus}`
}
