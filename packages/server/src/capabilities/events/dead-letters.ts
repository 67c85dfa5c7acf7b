/** Deliveries that were given up: kept for two weeks, shown, and sent again when somebody asks for it. */
import type { DeadLetter } from '@steward/model/generated/steward.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { task } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { LONGEST_SECONDS, MOST_ATTEMPTS } from './delivery.ts'
import type { DeadLetterRow, DeliveryRow, EventTables } from './tables.ts'

const KEPT_MS = 14 * 86_400_000

export interface DeadLetterFilter {
  readonly sourceArn?: string | undefined
  readonly targetArn?: string | undefined
  /** Only older ones than this. */
  readonly before: number | undefined
  readonly limit: number
}

/** Newest first. */
export function listDeadLetters(reader: Reader, scope: Scope, filter: DeadLetterFilter): Promise<DeadLetterRow[]> {
  let query = tables<EventTables>(reader)
    .selectFrom('event_dead_letter')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
  if (filter.sourceArn) query = query.where('source_arn', '=', filter.sourceArn)
  if (filter.targetArn) query = query.where('target_arn', '=', filter.targetArn)
  if (filter.before !== undefined) query = query.where('seq', '<', filter.before)
  return query.orderBy('seq', 'desc').limit(filter.limit).execute()
}

/** Queues them again, as new as on the first day. Returns how many there were. */
export async function redriveDeadLetters(tx: Tx, scope: Scope, now: Date, ids: readonly string[]): Promise<number> {
  const letters = await chosen(tx, scope, ids)
  if (letters.length === 0) return 0
  const db = tables<EventTables>(tx)
  const expires_at = new Date(now.getTime() + LONGEST_SECONDS * 1000).toISOString()
  const rows = letters.map(({ seq: _seq, died_at: _died, error_code: _code, error_message: _message, ...row }) => ({
    ...row,
    attempts: 0,
    max_attempts: 1 + MOST_ATTEMPTS,
    next_at: now.toISOString(),
    expires_at,
  }))
  await db
    .insertInto('event_delivery')
    .values(rows as DeliveryRow[])
    .execute()
  await deleteDeadLetters(tx, scope, ids)
  return rows.length
}

export async function deleteDeadLetters(tx: Tx, scope: Scope, ids: readonly string[]): Promise<number> {
  const { numDeletedRows } = await tables<EventTables>(tx)
    .deleteFrom('event_dead_letter')
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('id', 'in', ids)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

/** In the order in which they were given up. */
function chosen(reader: Reader, scope: Scope, ids: readonly string[]): Promise<DeadLetterRow[]> {
  return tables<EventTables>(reader)
    .selectFrom('event_dead_letter')
    .selectAll()
    .where('account', '=', scope.account)
    .where('region', '=', scope.region)
    .where('id', 'in', ids)
    .orderBy('seq')
    .execute()
}

export function toDeadLetter(row: DeadLetterRow): DeadLetter {
  const { DeadLetterConfig } = JSON.parse(row.settings) as { DeadLetterConfig?: { Arn?: string } }
  return {
    DeadLetterId: row.id,
    SourceArn: row.source_arn,
    TargetArn: row.target_arn,
    DeadLetterArn: DeadLetterConfig?.Arn,
    EventId: row.event_id,
    Payload: row.payload,
    Attempts: row.attempts,
    CreatedDate: new Date(row.created_at),
    DiedDate: new Date(row.died_at),
    ErrorCode: row.error_code,
    ErrorMessage: row.error_message,
  }
}

export const forgetDeadLetters = task({
  name: 'events.forget-dead-letters',
  everyMs: 3_600_000,
  async run({ write, now }) {
    const before = new Date(now().getTime() - KEPT_MS).toISOString()
    const { numDeletedRows } = await write((tx) =>
      tables<EventTables>(tx).deleteFrom('event_dead_letter').where('died_at', '<', before).executeTakeFirstOrThrow(),
    )
    return { forgotten: Number(numDeletedRows) }
  },
})
