import { nextRun } from '@steward/protocol/schedule/next-run.ts'
import { parseSchedule, type Schedule } from '@steward/protocol/schedule/schedule-expression.ts'
import type { Association } from '#associations/association.ts'

/**
 * When an association is to run next, in milliseconds since 1970; undefined: not by itself. The rules are those of Amazon's agent.
 * Throws ScheduleFault for an expression that is none.
 */
export function dueAt(association: Association, now: number): number | undefined {
  const { detailedStatus, schedule: expression, lastExecutionAt } = association
  if (detailedStatus === 'Pending') return now
  if (expression === '') return detailedStatus === 'Associated' ? now : undefined
  const schedule = parseSchedule(expression, { at: true, fiveFields: true, leadingZero: true })
  if (lastExecutionAt === undefined) return firstRun(schedule, now)
  // A clock that was set back must not hold up what is due.
  return nextRun(schedule, {}, new Date(Math.min(lastExecutionAt, now)))?.getTime()
}

function firstRun(schedule: Schedule, now: number): number | undefined {
  return schedule.kind === 'at' ? nextRun(schedule, {}, new Date(0))?.getTime() : now
}
