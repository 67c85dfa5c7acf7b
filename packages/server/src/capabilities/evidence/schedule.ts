/** When reports are due, and how a schedule is shown. Pure. */
import type { EvidenceSchedule } from '@steward/model/generated/steward.ts'
import { isTimeZone, nextRun, nextRuns } from '@steward/protocol/schedule/next-run.ts'
import { parseSchedule, type Schedule, ScheduleFault } from '@steward/protocol/schedule/schedule-expression.ts'
import { arn, type Scope } from '#kernel/scope.ts'
import { invalidSchedule } from './errors.ts'
import { destinationOf, scopeOf } from './evidence-report.ts'
import type { ScheduleTable } from './tables.ts'

export const MOST_SCHEDULES = 50

const SHORTEST_MS = 3_600_000
/** As many times of a cron expression are looked at for two that follow each other too fast. */
const LOOKED_AT = 50

export type Timed = Pick<ScheduleTable, 'expression' | 'zone' | 'modified_at'>

export function scheduleArn(scope: Scope, name: string): string {
  return arn(scope, 'steward', `evidence-schedule/${name}`)
}

/** Throws `InvalidEvidenceSchedule`. */
export function checkSchedule(timed: Timed, now: Date): void {
  if (!isTimeZone(timed.zone)) throw invalidSchedule(`There is no time zone ${timed.zone}.`)
  const schedule = read(timed.expression)
  if (!nextDue(timed, now)) throw invalidSchedule(`The schedule ${timed.expression} is never due any more.`)
  const runs =
    schedule.kind === 'rate'
      ? [now, new Date(now.getTime() + schedule.everyMs)]
      : nextRuns(schedule, { zone: timed.zone }, now, LOOKED_AT)
  if (runs.some((run, at) => at > 0 && run.getTime() - runs[at - 1]!.getTime() < SHORTEST_MS))
    throw invalidSchedule('Reports are made once an hour at most.')
}

/** The first time due after `after`; undefined if there is none any more. A rate counts from the last change of the schedule. */
export function nextDue({ expression, zone, modified_at }: Timed, after: Date): Date | undefined {
  const startAt = new Date(modified_at)
  const schedule = read(expression)
  // A rate is due for the first time one period after it was given.
  const from = schedule.kind === 'rate' && after <= startAt ? startAt : after
  return nextRun(schedule, { zone, startAt }, from)
}

function read(expression: string): Schedule {
  try {
    return parseSchedule(expression, { at: true })
  } catch (error) {
    if (error instanceof ScheduleFault) throw invalidSchedule(`${error.message} Given was ${expression}.`)
    throw error
  }
}

export function toSchedule(row: ScheduleTable): EvidenceSchedule {
  const { targets, types } = scopeOf(row)
  return {
    Name: row.name,
    Arn: scheduleArn(row, row.name),
    ReportName: row.report_name,
    ScheduleExpression: row.expression,
    ScheduleTimezone: row.zone,
    ...(types.length > 0 && { ComplianceTypes: [...types] }),
    ...(targets.length > 0 && { Targets: [...targets] }),
    Destination: destinationOf(row),
    RequestedBy: row.requested_by,
    CreatedAt: new Date(row.created_at),
    ModifiedAt: new Date(row.modified_at),
    NextRun: row.next_run === null ? undefined : new Date(row.next_run),
    LastReportId: row.last_report_id ?? undefined,
  }
}
