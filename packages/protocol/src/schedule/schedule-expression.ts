/**
 * AWS's schedule expressions: `rate(5 minutes)`, `cron(0 12 * * ? *)`, `at(2026-11-21T20:00:00)`. Here stands what AWS takes; when a
 * schedule is due is in `next-run.ts`. Services differ in what they take of it, which is their dialect.
 */

export type Schedule =
  | { readonly kind: 'rate'; readonly everyMs: number }
  /** Six fields, checked: minute, hour, day of month, month, day of week, year. */
  | { readonly kind: 'cron'; readonly fields: CronFields }
  /** A wall-clock time, as `2026-11-21T20:00:00`. */
  | { readonly kind: 'at'; readonly at: string }

export type CronFields = readonly [string, string, string, string, string, string]

export interface Dialect {
  /** Five fields, without the year, are taken too. */
  readonly fiveFields?: boolean
  /** A field of seconds that is 0 may come first. */
  readonly leadingZero?: boolean
  readonly at?: boolean
}

/** Why an expression is none, as a sentence. */
export class ScheduleFault extends Error {}

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const FIRST_YEAR = 1970
const LAST_YEAR = 2199

/** Throws {@link ScheduleFault} for what is no schedule, or none that the dialect takes. */
export function parseSchedule(expression: string, dialect: Dialect = {}): Schedule {
  const [, kind, inside] = /^(rate|cron|at)\(([^()]*)\)$/.exec(expression) ?? []
  if (kind === 'rate') return rate(inside!)
  if (kind === 'cron') return { kind, fields: cron(inside!.trim().split(/\s+/), dialect) }
  if (kind === 'at' && dialect.at) return at(inside!)
  throw new ScheduleFault(`A schedule is rate(…)${dialect.at ? ', cron(…) or at(…)' : ' or cron(…)'}.`)
}

/** One minute, but two minutes: AWS insists. */
function rate(text: string): Schedule {
  const [, count, unit, plural] = /^(\d{1,9}) (minute|hour|day)(s?)$/.exec(text) ?? []
  if (!unit || Number(count) === 0) throw new ScheduleFault('A rate is a positive number and minutes, hours or days.')
  if ((plural === 's') !== Number(count) > 1)
    throw new ScheduleFault(`A rate of ${count} is written in ${Number(count) > 1 ? `${unit}s` : unit}.`)
  return { kind: 'rate', everyMs: Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS] }
}

function at(text: string): Schedule {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)$/.exec(text) ?? []
  const day = date && new Date(`${date}T00:00:00Z`)
  if (!day || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date)
    throw new ScheduleFault('A single time is written as at(2026-11-21T20:00:00).')
  return { kind: 'at', at: `${date}T${time!.length === 5 ? `${time}:00` : time}` }
}

function cron(given: readonly string[], { fiveFields, leadingZero }: Dialect): CronFields {
  const [first, ...others] = given
  const seconds = leadingZero && first === '0' && (given.length === 7 || (given.length === 6 && !isDayPair(given)))
  const fields = seconds ? others : given
  return checked(fiveFields && fields.length === 5 ? [...fields, '*'] : fields)
}

/** Whether the two fields of the day stand where they belong. */
function isDayPair(fields: readonly string[]): boolean {
  return (fields[2] === '?') !== (fields[4] === '?')
}

function checked(fields: readonly string[]): CronFields {
  if (fields.length !== 6)
    throw new ScheduleFault('A cron expression has the fields minute, hour, day, month, weekday and year.')
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields as unknown as CronFields
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    throw new ScheduleFault('Of the day of the month and the day of the week exactly one is a question mark.')
  check('minute', areNumbers(minute, 0, 59))
  check('hour', areNumbers(hour, 0, 23))
  check('day of the month', dayOfMonth === '?' || areDays(dayOfMonth))
  check('month', areNumbers(month, 1, 12, MONTHS))
  check('day of the week', dayOfWeek === '?' || areWeekdays(dayOfWeek))
  check('year', areNumbers(year, FIRST_YEAR, LAST_YEAR))
  return [minute, hour, dayOfMonth, month, dayOfWeek, year]
}

function check(field: string, isRight: boolean): void {
  if (!isRight) throw new ScheduleFault(`The ${field} of the cron expression is not one.`)
}

function areDays(field: string): boolean {
  const [, nearest] = /^(\d{1,2})W$/.exec(field) ?? []
  if (nearest !== undefined) return Number(nearest) >= 1 && Number(nearest) <= 31
  return field === 'L' || field === 'LW' || areNumbers(field, 1, 31)
}

function areWeekdays(field: string): boolean {
  return field.split(',').every((part) => {
    const [, day, nth] = /^([A-Za-z]{3}|\d)(?:L|#(\d))$/.exec(part) ?? []
    if (day !== undefined)
      return numberOf(day, 1, 7, WEEKDAYS) !== undefined && (nth === undefined || /[1-5]/.test(nth))
    return part === 'L' || areNumbers(part, 1, 7, WEEKDAYS)
  })
}

/** Numbers or names, ranges of them, steps; separated by commas. */
function areNumbers(field: string, least: number, most: number, names: readonly string[] = []): boolean {
  return field.split(',').every((part) => {
    const [range = '', step, ...more] = part.split('/')
    if (more.length > 0 || (step !== undefined && !(/^\d{1,4}$/.test(step) && Number(step) > 0))) return false
    if (range === '*') return true
    const [from, to = from, ...rest] = range.split('-').map((text) => numberOf(text, least, most, names))
    return rest.length === 0 && from !== undefined && to !== undefined && from <= to
  })
}

function numberOf(text: string, least: number, most: number, names: readonly string[]): number | undefined {
  const named = names.indexOf(text.toUpperCase())
  const number = named >= 0 ? least + named : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  return number >= least && number <= most ? number : undefined
}
