/** Schedules of rules: `rate(5 minutes)`, and `cron(0 12 * * ? *)` with AWS's six fields in UTC. */
import { invalid } from './errors.ts'

export type Schedule =
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly fields: CronFields }

interface CronFields {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly years: ReadonlySet<number>
  /** Whether the day is meant: by its date, or by its day of the week. */
  isDay(date: Date): boolean
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const UNIT_MS = { minute: MINUTE_MS, hour: 3_600_000, day: DAY_MS } as const
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const FIRST_YEAR = 1970
const LAST_YEAR = 2199

/** Throws `ValidationException` for what is no schedule. */
export function parseSchedule(expression: string): Schedule {
  const rate = /^rate\((\d{1,9}) (minute|hour|day)(s?)\)$/.exec(expression)
  if (rate) {
    const [, text, unit, plural] = rate
    const count = Number(text)
    // One minute, but two minutes: AWS insists.
    if (count > 0 && (plural === 's') === count > 1)
      return { kind: 'rate', everyMs: count * UNIT_MS[unit as keyof typeof UNIT_MS] }
  }
  const cron = /^cron\(([^()]+)\)$/.exec(expression)
  const fields = cron && cronFields(cron[1]!.trim().split(/\s+/))
  if (fields) return { kind: 'cron', fields }
  throw invalid('Parameter ScheduleExpression is not valid.')
}

/** The first moment after `after` when the schedule is due; undefined if that never comes. */
export function nextRun(schedule: Schedule, after: Date): Date | undefined {
  if (schedule.kind === 'rate') return new Date(after.getTime() + schedule.everyMs)
  const { minutes, hours, months, years, isDay } = schedule.fields
  const first = new Date(Math.floor(after.getTime() / MINUTE_MS) * MINUTE_MS + MINUTE_MS)
  const day = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), first.getUTCDate()))
  for (; day.getUTCFullYear() <= LAST_YEAR; day.setTime(day.getTime() + DAY_MS)) {
    if (!years.has(day.getUTCFullYear())) {
      skipTo(day, day.getUTCFullYear() + 1, 0)
      continue
    }
    if (!months.has(day.getUTCMonth() + 1)) {
      skipTo(day, day.getUTCFullYear(), day.getUTCMonth() + 1)
      continue
    }
    if (!isDay(day)) continue
    for (const hour of hours)
      for (const minute of minutes) {
        const at = new Date(day.getTime() + hour * UNIT_MS.hour + minute * MINUTE_MS)
        if (at >= first) return at
      }
  }
  return undefined
}

/** Moves to the day before the first of a month, so that the loop's step lands on it. */
function skipTo(day: Date, year: number, month: number): void {
  day.setTime(Date.UTC(year, month, 1) - DAY_MS)
}

function cronFields(fields: readonly string[]): CronFields | undefined {
  if (fields.length !== 6) return undefined
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields as [string, string, string, string, string, string]
  // Exactly one of the two says nothing.
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) return undefined
  const minutes = numbers(minute, 0, 59)
  const hours = numbers(hour, 0, 23)
  const months = numbers(month, 1, 12, MONTHS)
  const years = numbers(year, FIRST_YEAR, LAST_YEAR)
  const isDay = dayOfWeek === '?' ? dateTest(dayOfMonth) : weekdayTest(dayOfWeek)
  return minutes && hours && months && years && isDay ? { minutes, hours, months, years, isDay } : undefined
}

/** The numbers of a field in ascending order; undefined if it is none. */
function numbers(field: string, least: number, most: number, names: readonly string[] = []): Set<number> | undefined {
  const found: number[] = []
  for (const part of field.split(',')) {
    const [range = '', step, ...more] = part.split('/')
    const bounds = rangeOf(range, least, most, names)
    const every = step === undefined ? 1 : /^\d{1,4}$/.test(step) ? Number(step) : 0
    if (!bounds || more.length > 0 || every === 0) return undefined
    const [from, to] = step !== undefined && bounds[0] === bounds[1] ? [bounds[0], most] : bounds
    for (let at = from; at <= to; at += every) found.push(at)
  }
  return new Set(found.sort((a, b) => a - b))
}

function rangeOf(range: string, least: number, most: number, names: readonly string[]): [number, number] | undefined {
  if (range === '*') return [least, most]
  const [from, to = from, ...more] = range.split('-').map((text) => numberOf(text, least, names))
  if (from === undefined || to === undefined || more.length > 0) return undefined
  return from >= least && to <= most && from <= to ? [from, to] : undefined
}

function numberOf(text: string, least: number, names: readonly string[]): number | undefined {
  const named = names.indexOf(text.toUpperCase())
  if (named >= 0) return least + named
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined
}

/** Days of the month: numbers, `L` for the last, `15W` for the weekday nearest to the 15th. */
function dateTest(field: string): CronFields['isDay'] | undefined {
  if (field === 'L') return (date) => date.getUTCDate() === daysIn(date)
  if (field === 'LW') return (date) => date.getUTCDate() === nearestWeekday(date, daysIn(date))
  const nearest = /^(\d{1,2})W$/.exec(field)
  if (nearest) {
    const wanted = Number(nearest[1])
    return wanted >= 1 && wanted <= 31 ? (date) => date.getUTCDate() === nearestWeekday(date, wanted) : undefined
  }
  const days = numbers(field, 1, 31)
  return days && ((date) => days.has(date.getUTCDate()))
}

/** Days of the week, from 1 for Sunday: numbers, `6L` for the last Friday of the month, `2#1` for its first Monday. */
function weekdayTest(field: string): CronFields['isDay'] | undefined {
  const last = /^([1-7]|[A-Za-z]{3})L$/.exec(field)
  if (last) {
    const day = numberOf(last[1]!, 1, WEEKDAYS)
    return day === undefined ? undefined : (date) => weekday(date) === day && date.getUTCDate() + 7 > daysIn(date)
  }
  const nth = /^([1-7]|[A-Za-z]{3})#([1-5])$/.exec(field)
  if (nth) {
    const day = numberOf(nth[1]!, 1, WEEKDAYS)
    return day === undefined
      ? undefined
      : (date) => weekday(date) === day && Math.ceil(date.getUTCDate() / 7) === Number(nth[2])
  }
  const days = field === 'L' ? new Set([7]) : numbers(field, 1, 7, WEEKDAYS)
  return days && ((date) => days.has(weekday(date)))
}

function weekday(date: Date): number {
  return date.getUTCDay() + 1
}

function daysIn(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
}

/** The date of the weekday nearest to a day of the month, within that month. */
function nearestWeekday(date: Date, wanted: number): number {
  const last = daysIn(date)
  if (wanted > last) return 0
  const day = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), wanted)).getUTCDay()
  if (day === 6) return wanted > 1 ? wanted - 1 : wanted + 2
  if (day === 0) return wanted < last ? wanted + 1 : wanted - 2
  return wanted
}
