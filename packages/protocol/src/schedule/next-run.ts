/**
 * When a schedule is due. A wall-clock time that a daylight change skips is due at the next instant that there is; one that comes
 * twice is due once, at its first coming. What runs more often than daily goes on in real time through both.
 */
import { Cron } from 'croner'
import type { CronFields, Schedule } from './schedule-expression.ts'

export interface Timing {
  /** IANA name. Default UTC. */
  readonly zone?: string | undefined
  /** Days from what a cron expression says to the run (`ScheduleOffset`). */
  readonly offsetDays?: number | undefined
  /** Nothing is due before; a rate counts from here. */
  readonly startAt?: Date | undefined
  /** Nothing is due from here on. */
  readonly endAt?: Date | undefined
}

const UTC = 'UTC'

/** Whether a zone is one of those of the IANA database. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    // An offset, such as +01:00, is a zone for JavaScript only.
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

/**
 * The first run after `after`, undefined if there is none any more. With an offset it is the first whose day, before the offset, is after:
 * a period whose day has passed is left out, so keep the answer rather than ask again between the two.
 */
export function nextRun(schedule: Schedule, timing: Timing, after: Date): Date | undefined {
  const { startAt, endAt } = timing
  const from = startAt && startAt.getTime() - 1 > after.getTime() ? new Date(startAt.getTime() - 1) : after
  const next = unbounded(schedule, timing, from)
  return next && (endAt === undefined || next < endAt) ? next : undefined
}

/** The next runs, at most `count`. */
export function nextRuns(schedule: Schedule, timing: Timing, after: Date, count: number): Date[] {
  const runs: Date[] = []
  // An offset moves runs on, but the days it moves them from follow each other without it.
  const plain = { ...timing, offsetDays: 0, endAt: undefined }
  for (let base = after; runs.length < count; ) {
    const next = nextRun(schedule, plain, base)
    const run = next && moved(schedule, timing, next)
    if (!run || (timing.endAt && run >= timing.endAt)) return runs
    runs.push(run)
    base = next
  }
  return runs
}

function unbounded(schedule: Schedule, timing: Timing, from: Date): Date | undefined {
  switch (schedule.kind) {
    case 'rate':
      return rateRun(schedule.everyMs, timing.startAt, from)
    case 'at':
      return wallClock(schedule.at, timing.zone, from)
    case 'cron': {
      const day = cronOf(schedule.fields, timing.zone).nextRun(from) ?? undefined
      return day && moved(schedule, timing, day)
    }
  }
}

/** Counted from the start, so that late ones do not move those after them. */
function rateRun(everyMs: number, startAt: Date | undefined, from: Date): Date {
  if (!startAt) return new Date(from.getTime() + everyMs)
  const periods = Math.floor((from.getTime() - startAt.getTime()) / everyMs) + 1
  return new Date(startAt.getTime() + Math.max(periods, 0) * everyMs)
}

/** A day of a cron expression with the offset, at the same time of the wall clock. */
function moved(schedule: Schedule, { zone, offsetDays = 0 }: Timing, day: Date): Date {
  if (schedule.kind !== 'cron' || offsetDays === 0) return day
  const local = new Date(`${wallClockOf(day, zone)}Z`)
  local.setUTCDate(local.getUTCDate() + offsetDays)
  return wallClock(local.toISOString().slice(0, 19), zone, day) ?? day
}

/** The instant of a time of the wall clock, if it is after `from`. */
function wallClock(time: string, zone: string | undefined, from: Date): Date | undefined {
  const [, year, month, day, hour, minute, second] = /(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)/.exec(time)!
  const numbers = [minute, hour, day, month].map(Number)
  return patternOf(`${Number(second)} ${numbers.join(' ')} ? ${year}`, zone).nextRun(from) ?? undefined
}

/** What the clock on the wall shows, as `2026-11-21T20:00:00`. */
function wallClockOf(at: Date, zone = UTC): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  return format.format(at).replace(' ', 'T')
}

/** How many values a field can have; a longer step has no second value. */
const VALUES = [60, 24, 31, 12, 7, 230]

function cronOf(fields: CronFields, zone: string | undefined): Cron {
  const stepped = fields.map((field, i) =>
    field.replace(/\/(\d+)/g, (_, step: string) => `/${Math.min(Number(step), VALUES[i]!)}`),
  )
  // AWS: a lone L among the weekdays is the last day of the week.
  stepped[4] = stepped[4]!.replace(/(^|,)L(?=,|$)/g, '$17')
  return patternOf(`0 ${stepped.join(' ')}`, zone)
}

const KEPT_PATTERNS = 1_000
const patterns = new Map<string, Cron>()

/** Reading a pattern takes three times as long as asking it, and schedules are asked again and again. */
function patternOf(pattern: string, timezone = UTC): Cron {
  const key = `${timezone} ${pattern}`
  const known = patterns.get(key)
  if (known) return known
  if (patterns.size >= KEPT_PATTERNS) patterns.clear()
  // AWS counts weekdays from Sunday as 1, and writes 0/15 for every quarter.
  const made = new Cron(pattern, {
    // By its offset UTC is reckoned in a tenth of the time, and without the tables of all zones: megabytes on a node.
    ...(timezone === UTC ? { utcOffset: 0 } : { timezone }),
    mode: '7-part',
    alternativeWeekdays: true,
    sloppyRanges: true,
    paused: true,
  })
  patterns.set(key, made)
  return made
}
