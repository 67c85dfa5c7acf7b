/**
 * Makes the deliveries that are due. Each target is a lane of its own with a few deliveries under way at once, so one that is
 * slow or dead takes nothing from the others; within a lane those about the same thing follow each other, and one that fails holds up
 * only those. A delivery stays in its table until it is made or given up for good, so a crash repeats at most what was under way.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import {
  type Delivery,
  type DeliveryTarget,
  type LocalDeliveryContext,
  type TaskContext,
  task,
} from '#kernel/declare.ts'
import { DeliveryFailed } from '#kernel/delivery-failed.ts'
import { LONGEST_PAUSE_SECONDS } from './delivery.ts'
import { Lanes } from './lanes.ts'
import { recordAttempt } from './match-history.ts'
import type { DeadLetterRow, DeliveryRow, EventTables } from './tables.ts'

/** While something is under way: how often to look for what became due meanwhile. */
const LOOK_AGAIN_MS = 100
/** What ends shortly after one another is followed up together. */
const GATHER_MS = 5
const MOST_AT_A_TIME = 200

const lanesOf = new WeakMap<TaskContext, Lanes>()

export const makeDeliveries = task({
  name: 'events.make-deliveries',
  everyMs: 1_000,
  async run(context) {
    const lanes = lanesOf.get(context) ?? new Lanes()
    lanesOf.set(context, lanes)
    const counts = { delivered: 0, failed: 0, dead: 0, unknown: 0 }
    const count = (outcome: Outcome) => {
      counts[outcome]++
      return outcome
    }
    while (!context.signal.aborted) {
      for (const row of await nextDue(context, lanes)) lanes.begin(row.id, row.lane, make(row, context).then(count))
      if (lanes.isIdle) break
      await Promise.race([lanes.someEnded(), sleep(LOOK_AGAIN_MS)])
      await sleep(GATHER_MS)
    }
    await lanes.allEnded()
    return counts
  },
})

const laneAfter = statement((db: Kysely<EventTables>, lane: string) =>
  db.selectFrom('event_delivery').select('lane').where('lane', '>', lane).orderBy('lane').limit(1),
)

/** What may begin now: of each lane the oldest, as many as it has room for. Lanes that were not looked at come first next time. */
function nextDue({ read, now }: TaskContext, lanes: Lanes): Promise<DeliveryRow[]> {
  const at = now().toISOString()
  lanes.beginLook()
  return read(async (reader) => {
    const due: DeliveryRow[] = []
    for await (const lane of lanesAfter(reader, lanes.lastLane)) {
      if (lanes.isFull || due.length >= MOST_AT_A_TIME) break
      lanes.lastLane = lane
      due.push(...(await dueOfLane(reader, lane, at, lanes)))
    }
    return due
  })
}

/** Every lane once, in order: those behind `last`, then the others. */
async function* lanesAfter(reader: Reader, last: string): AsyncGenerator<string> {
  for (const [from, to] of [
    [last, undefined],
    ['', last],
  ] as const) {
    let [next] = await laneAfter(reader, from)
    while (next && (to === undefined || next.lane <= to)) {
      yield next.lane
      ;[next] = await laneAfter(reader, next.lane)
    }
  }
}

async function dueOfLane(reader: Reader, lane: string, at: string, lanes: Lanes): Promise<DeliveryRow[]> {
  const room = lanes.room(lane)
  if (room === 0) return []
  const first = await firstOfLane(reader, lane, at, lanes.depth(lane))
  return first.filter(({ id }) => lanes.mayBegin(id)).slice(0, room)
}

/** Those that are due and wait for no earlier one about the same thing. */
function firstOfLane(reader: Reader, lane: string, at: string, count: number): Promise<DeliveryRow[]> {
  return tables<EventTables>(reader)
    .selectFrom('event_delivery as d')
    .selectAll()
    .where('d.lane', '=', lane)
    .where('d.next_at', '<=', at)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('event_delivery as e')
            .select('e.seq')
            .whereRef('e.lane', '=', 'd.lane')
            .whereRef('e.about', '=', 'd.about')
            .whereRef('e.seq', '<', 'd.seq'),
        ),
      ),
    )
    .orderBy('d.seq')
    .limit(count)
    .execute()
}

type Outcome = 'delivered' | 'failed' | 'dead' | 'unknown'

/** Tries one delivery and writes down how it went. Never throws: what cannot be written down is tried again. */
async function make(row: DeliveryRow, context: TaskContext): Promise<Outcome> {
  try {
    const target = context.deliveryTargets.find(({ serves }) => serves(row.target_arn))
    if (!target) throw new DeliveryFailed('NO_TARGET', `Nothing here delivers to ${row.target_arn}.`, { retry: false })
    if (target.kind === 'remote') {
      await target.deliver(toDelivery(row), context)
      await context.write((tx) => end(tx, row, context.now()))
    } else await deliverHere(target, row, context)
    return 'delivered'
  } catch (error) {
    // What a stopping server broke off is not the target's fault.
    if (context.signal.aborted) return 'unknown'
    return fail(row, error, context).catch((reason: unknown) => {
      context.log.error({ delivery: row.id, err: reason }, 'outcome of a delivery cannot be written down')
      return 'unknown' as const
    })
  }
}

async function deliverHere(
  target: DeliveryTarget & { kind: 'local' },
  row: DeliveryRow,
  context: TaskContext,
): Promise<void> {
  const { now, ids, log, inventory, perform, admit, vault, wake, wakeNodes, endSession } = context
  let effects: (() => void)[] = []
  let refusals: (() => Promise<void> | undefined)[] = []
  const delivered = context.write(async (db) => {
    effects = []
    refusals = []
    const later: LocalDeliveryContext = {
      db,
      perform,
      admit,
      vault,
      now: now(),
      ids,
      log,
      inventory,
      afterCommit: (effect) => effects.push(effect),
      afterRefusal: (effect) => refusals.push(effect),
      wake: (task) => effects.push(() => wake(task)),
      wakeNodes: (scope, nodeIds) => effects.push(() => wakeNodes(scope, nodeIds)),
      endSession: (sessionId, output) => effects.push(() => endSession(sessionId, output)),
    }
    if (!(await end(db, row, now()))) return
    await target.deliver(toDelivery(row), later)
  })
  try {
    await delivered
  } catch (error) {
    for (const effect of refusals) await effect()
    throw error
  }
  for (const effect of effects) effect()
}

function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    scope: { account: row.account, region: row.region },
    targetArn: row.target_arn,
    sourceArn: row.source_arn,
    eventId: row.event_id,
    payload: row.payload,
    settings: JSON.parse(row.settings) as Record<string, unknown>,
    createdAt: new Date(row.created_at),
    attempt: row.attempts + 1,
  }
}

/** False if it was ended already. */
async function end(tx: Tx, { id, seq, attempts }: DeliveryRow, at: Date): Promise<boolean> {
  const { numDeletedRows } = await tables<EventTables>(tx)
    .deleteFrom('event_delivery')
    .where('seq', '=', seq)
    .executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) return false
  await recordAttempt(tx, id, { state: 'Delivered', attempts: attempts + 1, at })
  return true
}

async function fail(row: DeliveryRow, thrown: unknown, context: TaskContext): Promise<Outcome> {
  const failure = toFailure(thrown, row, context)
  const at = context.now()
  const attempts = row.attempts + 1
  const next = new Date(at.getTime() + pauseSeconds(attempts, failure.retryAfterSeconds) * 1000)
  // What became too old while nobody could try, after a jump of the clock say, has had its attempt by now.
  if (!failure.retry || attempts >= row.max_attempts || next.toISOString() >= row.expires_at) {
    await context.write((tx) => bury(tx, { ...row, attempts }, failure, at))
    return 'dead'
  }
  await context.write((tx) => postpone(tx, { ...row, attempts }, failure, at, next))
  return 'failed'
}

function toFailure(thrown: unknown, row: DeliveryRow, { log }: TaskContext): DeliveryFailed {
  if (thrown instanceof DeliveryFailed) return thrown
  log.error({ delivery: row.id, target: row.target_arn, err: thrown }, 'delivery failed for a reason of our own')
  return new DeliveryFailed('INTERNAL_ERROR', 'The server could not make the delivery; its log has the reason.', {
    retry: true,
    cause: thrown,
  })
}

/** Doubles from one second on, up to ten minutes, and never the same for all. */
function pauseSeconds(attempts: number, asked = 0): number {
  const pause = Math.min(2 ** (attempts - 1), LONGEST_PAUSE_SECONDS) * (0.75 + Math.random() / 2)
  return Math.max(pause, asked)
}

/** Those behind it wait with it, so that nobody looks at them in vain. */
async function postpone(tx: Tx, row: DeliveryRow, failure: DeliveryFailed, at: Date, next: Date): Promise<void> {
  const db = tables<EventTables>(tx)
  const nextAt = next.toISOString()
  await db.updateTable('event_delivery').set({ attempts: row.attempts }).where('seq', '=', row.seq).execute()
  await db
    .updateTable('event_delivery')
    .set({ next_at: nextAt })
    .where('lane', '=', row.lane)
    .where('about', '=', row.about)
    .where('next_at', '<', nextAt)
    .execute()
  await recordAttempt(tx, row.id, { state: 'Pending', attempts: row.attempts, at, error: failure.message })
}

/** Gives a delivery up and keeps it as a dead letter; those behind it may go on at once. */
async function bury(tx: Tx, row: DeliveryRow, failure: DeliveryFailed, at: Date): Promise<void> {
  const db = tables<EventTables>(tx)
  const { numDeletedRows } = await db.deleteFrom('event_delivery').where('seq', '=', row.seq).executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) return
  const { seq: _seq, max_attempts: _max, next_at: _next, expires_at: _expires, ...letter } = row
  await db
    .insertInto('event_dead_letter')
    .values({
      ...letter,
      died_at: at.toISOString(),
      error_code: failure.code,
      error_message: failure.message,
    } as DeadLetterRow)
    .execute()
  await goOn(tx, row, at)
  await recordAttempt(tx, row.id, { state: 'Failed', attempts: row.attempts, at, error: failure.message })
}

async function goOn(tx: Tx, { lane, about }: DeliveryRow, at: Date): Promise<void> {
  await tables<EventTables>(tx)
    .updateTable('event_delivery')
    .set({ next_at: at.toISOString() })
    .where('lane', '=', lane)
    .where('about', '=', about)
    .where('next_at', '>', at.toISOString())
    .execute()
}
