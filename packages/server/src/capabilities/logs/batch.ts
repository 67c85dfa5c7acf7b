/** The rules of what may be put at once, and which events of it are too old or too new to be kept. Pure. */
import type { InputLogEvent, RejectedLogEventsInfo } from '@steward/model/generated/logs.ts'
import { invalid } from './errors.ts'

const MOST_BYTES = 1_048_576
/** What an event weighs besides its message. */
const EVENT_BYTES = 26
export const DAY_MS = 86_400_000
const LONGEST_SPAN_MS = DAY_MS
const OLDEST_MS = 14 * DAY_MS
const NEWEST_MS = 2 * 3_600_000

export interface WeighedEvent extends InputLogEvent {
  readonly bytes: number
}

export interface Batch {
  readonly accepted: readonly WeighedEvent[]
  readonly rejected: RejectedLogEventsInfo | undefined
}

/** Sorts a batch out. Throws `InvalidParameterException` for one that AWS refuses whole. */
export function sortOut(events: readonly InputLogEvent[], retentionDays: number | null, now: number): Batch {
  const weighed = events.map((event) => ({ ...event, bytes: Buffer.byteLength(event.message) + EVENT_BYTES }))
  const total = weighed.reduce((sum, { bytes }) => sum + bytes, 0)
  if (total > MOST_BYTES) throw invalid(`Upload too large: ${total} bytes exceeds limit of ${MOST_BYTES}`)
  if (events.some(({ timestamp }, index) => index > 0 && timestamp < events[index - 1]!.timestamp))
    throw invalid('Log events in a single PutLogEvents request must be in chronological order.')
  if (events.at(-1)!.timestamp - events[0]!.timestamp > LONGEST_SPAN_MS)
    throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.')

  const before = (limit: number) => weighed.filter(({ timestamp }) => timestamp < limit).length
  const tooOld = before(now - OLDEST_MS)
  const expired = retentionDays === null ? 0 : before(now - retentionDays * DAY_MS)
  const timely = before(now + NEWEST_MS + 1)
  const rejected = {
    ...(timely < weighed.length && { tooNewLogEventStartIndex: timely }),
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(expired > tooOld && { expiredLogEventEndIndex: expired }),
  }
  return {
    accepted: weighed.slice(Math.max(tooOld, expired), timely),
    rejected: Object.keys(rejected).length > 0 ? rejected : undefined,
  }
}
