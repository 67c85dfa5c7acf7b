import { type Tx, tables } from '#db/database.ts'
import type { Ids } from '#kernel/ids.ts'
import type { Scope } from '#kernel/scope.ts'
import type { DeliveryRow, EventTables } from './tables.ts'

/** How often and how long a delivery is tried, unless its target says less: what EventBridge does. */
export const MOST_ATTEMPTS = 185
export const LONGEST_SECONDS = 86_400
/** Pauses double from one second on, up to this. */
export const LONGEST_PAUSE_SECONDS = 600

/** A delivery to be made. */
export interface NewDelivery {
  readonly targetArn: string
  /** ARN of the rule or topic that sends it. */
  readonly sourceArn: string
  readonly eventId: string
  readonly payload: string
  /** What the target's kind needs besides. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Deliveries about the same to the same target are made in order. */
  readonly about: string
  /** Attempts after the first. */
  readonly retries?: number
  readonly maxAgeSeconds?: number
}

const ROWS_PER_INSERT = 200

/**
 * Queues deliveries in the transaction of what they tell of; the caller wakes `makeDeliveries` after the commit. Returns their ids.
 */
export async function queueDeliveries(
  tx: Tx,
  scope: Scope,
  now: Date,
  ids: Ids,
  deliveries: readonly NewDelivery[],
): Promise<string[]> {
  const rows = deliveries.map((delivery) => toRow(scope, now, ids.uuid(), delivery))
  for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) {
    await tables<EventTables>(tx)
      .insertInto('event_delivery')
      .values(rows.slice(at, at + ROWS_PER_INSERT) as DeliveryRow[])
      .execute()
  }
  return rows.map(({ id }) => id)
}

/** Takes back what is on its way to a target that wants nothing any more. */
export async function dropDeliveries(tx: Tx, targetArn: string): Promise<void> {
  await tables<EventTables>(tx).deleteFrom('event_delivery').where('lane', '=', targetArn).execute()
}

function toRow(scope: Scope, now: Date, id: string, delivery: NewDelivery): Omit<DeliveryRow, 'seq'> {
  const at = now.toISOString()
  const age = Math.min(delivery.maxAgeSeconds ?? LONGEST_SECONDS, LONGEST_SECONDS)
  return {
    id,
    account: scope.account,
    region: scope.region,
    lane: delivery.targetArn,
    about: delivery.about,
    target_arn: delivery.targetArn,
    source_arn: delivery.sourceArn,
    event_id: delivery.eventId,
    payload: delivery.payload,
    settings: JSON.stringify(delivery.settings ?? {}),
    created_at: at,
    attempts: 0,
    max_attempts: 1 + Math.min(delivery.retries ?? MOST_ATTEMPTS, MOST_ATTEMPTS),
    next_at: at,
    expires_at: new Date(now.getTime() + age * 1000).toISOString(),
  }
}
