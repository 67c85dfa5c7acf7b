/** When associations are due (STM-04 … STM-07). All in UTC (T-22). Pure. */
import { nextRun, nextRuns } from '@steward/protocol/schedule/next-run.ts'
import { parseSchedule, type Schedule, ScheduleFault } from '@steward/protocol/schedule/schedule-expression.ts'
import type { Definition } from './association.ts'
import { invalidSchedule } from './errors.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const SHORTEST_RATE_MS = 30 * MINUTE_MS
const LONGEST_RATE_MS = 31 * DAY_MS
const SHORTEST_CRON_MS = 5 * MINUTE_MS
/** As many runs of a cron expression are looked at for two that follow each other too fast. */
const LOOKED_AT = 50

type Timed = Pick<
  Definition,
  'ScheduleExpression' | 'ScheduleOffset' | 'ApplyOnlyAtCronInterval' | 'Duration' | 'CalendarNames'
>

/** Throws `InvalidSchedule` for what associations cannot be scheduled by. */
export function checkSchedule(definition: Timed, now: Date): void {
  const { ScheduleExpression: expression, ScheduleOffset, ApplyOnlyAtCronInterval, Duration } = definition
  const schedule = expression === undefined ? undefined : read(expression)
  if (schedule) checkPace(schedule, now)
  if (ApplyOnlyAtCronInterval && schedule?.kind !== 'cron')
    throw invalidSchedule('ApplyOnlyAtCronInterval is for cron expressions only.')
  if (ScheduleOffset !== undefined && !ApplyOnlyAtCronInterval)
    throw invalidSchedule('ScheduleOffset needs a cron expression and ApplyOnlyAtCronInterval.')
  if (Duration !== undefined && !ApplyOnlyAtCronInterval)
    throw invalidSchedule('Duration needs a cron expression and ApplyOnlyAtCronInterval.')
  if (schedule && !nextDue(definition, now, now))
    throw invalidSchedule(`The schedule ${expression} is never due any more.`)
}

/** The first time due after `after`; undefined if there is none any more. A rate counts from `anchor`. */
export function nextDue(definition: Timed, anchor: Date, after: Date): Date | undefined {
  if (definition.ScheduleExpression === undefined) return undefined
  const from = after > anchor ? after : anchor
  return nextRun(read(definition.ScheduleExpression), { startAt: anchor, offsetDays: definition.ScheduleOffset }, from)
}

/** Milliseconds from one run to the next, about; undefined for what runs once. */
export function periodMs(definition: Timed, at: Date): number | undefined {
  if (definition.ScheduleExpression === undefined) return undefined
  const schedule = read(definition.ScheduleExpression)
  if (schedule.kind === 'rate') return schedule.everyMs
  const [first, second] = nextRuns(schedule, {}, at, 2)
  return first && second && second.getTime() - first.getTime()
}

function read(expression: string): Schedule {
  try {
    return parseSchedule(plainExpression(expression), { at: true, fiveFields: true, leadingZero: true })
  } catch (error) {
    if (error instanceof ScheduleFault) throw invalidSchedule(`${error.message} Given was ${expression}.`)
    throw error
  }
}

/** Associations take a question mark for any month and any year, too (T-17). */
function plainExpression(expression: string): string {
  const [, inside] = /^cron\((.*)\)$/.exec(expression) ?? []
  if (inside === undefined) return expression
  const fields = inside.trim().split(/\s+/)
  const month = fields.length === 7 ? 4 : 3
  const plain = fields.map((field, at) => (field === '?' && (at === month || at === month + 2) ? '*' : field))
  return `cron(${plain.join(' ')})`
}

function checkPace(schedule: Schedule, now: Date): void {
  if (schedule.kind === 'rate' && (schedule.everyMs < SHORTEST_RATE_MS || schedule.everyMs >= LONGEST_RATE_MS))
    throw invalidSchedule('The rate of an association is 30 minutes or more, and less than 31 days.')
  if (schedule.kind !== 'cron') return
  if (schedule.fields[3] !== '*')
    throw invalidSchedule('The cron expression of an association has no months: write * in that place.')
  const runs = nextRuns(schedule, {}, now, LOOKED_AT)
  const tooFast = runs.some((run, i) => i > 0 && run.getTime() - runs[i - 1]!.getTime() < SHORTEST_CRON_MS)
  if (tooFast) throw invalidSchedule('An association runs every five minutes at most.')
}
