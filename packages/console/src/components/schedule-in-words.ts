import { common } from '#texts/common.ts'

const { schedule: words } = common

/** Such as `every 5 minutes`; a calendar that has no short words as it is written. */
export function scheduleInWords(expression: string): string {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression)
  if (rate) return words.every(rate[1] === '1' ? rate[2]! : `${rate[1]} ${rate[2]}s`)
  const cron = /^cron\((.+)\)$/.exec(expression)
  return (cron && cronInWords(cron[1]!.trim().split(/\s+/))) ?? expression
}

function cronInWords(fields: readonly string[]): string | undefined {
  const [minute = '', hour = '', day = '', month, weekday = '', year] = fields
  if (fields.length !== 6 || month !== '*' || year !== '*' || !/^\d{1,2}$/.test(minute)) return undefined
  const everyDay = /^[*?]$/.test(day) && /^[*?]$/.test(weekday)
  if (hour === '*') return everyDay ? words.hourly(minute) : undefined
  if (!/^\d{1,2}$/.test(hour)) return undefined
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (everyDay) return words.daily(time)
  if (/^[A-Z,-]+$/.test(weekday)) return words.weekly(weekday, time)
  return /^\d{1,2}$/.test(day) ? words.monthly(day, time) : undefined
}
