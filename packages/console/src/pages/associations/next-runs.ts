import { nextRuns as runsOf } from '@steward/protocol/schedule/next-run.ts'
import { parseSchedule } from '@steward/protocol/schedule/schedule-expression.ts'

/**
 * When a schedule is due after `after`, at most `count` times; a rate counts from `anchor`. Throws `ScheduleFault` with a sentence for
 * people when it is none.
 */
export function nextRuns(
  expression: string | undefined,
  { anchor, offsetDays, zone }: { anchor: Date; offsetDays?: number | undefined; zone?: string | undefined },
  after: Date,
  count: number,
): Date[] {
  if (!expression) return []
  const schedule = parseSchedule(expression, { at: true, fiveFields: true, leadingZero: true })
  return runsOf(schedule, { startAt: anchor, offsetDays, zone }, after, count)
}

/** None for what cannot be read here: the server took it, and knows better. */
export function nextRunsOrNone(...args: Parameters<typeof nextRuns>): Date[] {
  try {
    return nextRuns(...args)
  } catch {
    return []
  }
}
