import type { InputLogEvent, RejectedLogEventsInfo } from '@steward/model/generated/logs.ts'
import type { Tx } from '#db/database.ts'
import { sortOut } from './batch.ts'
import { Messages, type SealingCall } from './data-key.ts'
import { addEvents } from './event-store.ts'
import { addStoredBytes } from './group-store.ts'
import { changeStream } from './stream-store.ts'
import type { LogGroupRow, LogStreamRow } from './tables.ts'

/** Writes events into a stream. Answers which of them were not kept, if any. Throws `InvalidParameterException`. */
export async function putEvents(
  call: SealingCall & { readonly db: Tx; readonly now: Date },
  group: LogGroupRow,
  stream: LogStreamRow,
  events: readonly InputLogEvent[],
): Promise<RejectedLogEventsInfo | undefined> {
  const now = call.now.getTime()
  const { accepted, rejected } = sortOut(events, group.retention_days, now)
  if (accepted.length === 0) return rejected
  const messages = new Messages(call, group)
  const rows = accepted.map(async ({ timestamp: at, message, bytes }) => ({
    group_id: group.id,
    stream_id: stream.id,
    at,
    ingested_at: now,
    bytes,
    key_number: group.key_number,
    message: await messages.seal(message, { stream_id: stream.id, at }),
  }))
  await addEvents(call.db, await Promise.all(rows))
  const [first, last] = [accepted[0]!.timestamp, accepted.at(-1)!.timestamp]
  await changeStream(call.db, stream, {
    first_event_at: Math.min(stream.first_event_at ?? first, first),
    last_event_at: Math.max(stream.last_event_at ?? last, last),
    last_ingested_at: now,
  })
  const bytes = accepted.reduce((sum, event) => sum + event.bytes, 0)
  await addStoredBytes(call.db, group.id, bytes)
  return rejected
}

/** What AWS still answers to those who ask for sequence tokens, which mean nothing any more: any is taken. */
export function sequenceToken({ id, last_ingested_at }: LogStreamRow, now?: Date): string {
  return `${now?.getTime() ?? last_ingested_at ?? 0}${String(id).padStart(8, '0')}`.padStart(56, '4')
}
