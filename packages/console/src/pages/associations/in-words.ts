/** Schedules and targets of associations as people say them. */
import type { Target } from '@aws-sdk/client-ssm'
import { associations } from '#texts/associations.ts'

const { schedules: texts, targetsInWords: words } = associations

const DAYS: Readonly<Record<string, string>> = {
  SUN: 'Sunday',
  MON: 'Monday',
  TUE: 'Tuesday',
  WED: 'Wednesday',
  THU: 'Thursday',
  FRI: 'Friday',
  SAT: 'Saturday',
}

/** Such as `Every 30 minutes`; a calendar that has no short words as it is written. */
export function scheduleInWords(expression: string | undefined): string {
  if (!expression) return texts.once
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression)
  if (rate) return texts.every(rate[1] === '1' ? rate[2]! : `${rate[1]} ${rate[2]}s`)
  const at = /^at\((.+)\)$/.exec(expression)
  if (at) return texts.at(at[1]!.replace('T', ' '))
  const cron = /^cron\((.+)\)$/.exec(expression)
  return (cron && cronInWords(cron[1]!.trim().split(/\s+/))) ?? expression
}

function cronInWords(all: readonly string[]): string | undefined {
  // Seconds may stand before the minutes.
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = '*'] = all.length === 7 ? all.slice(1) : all
  if (!/^[*?]$/.test(month) || !/^[*?]$/.test(year) || !/^[*?]$/.test(day) || !/^\d{1,2}$/.test(minute))
    return undefined
  const isEveryDay = /^[*?]$/.test(weekday)
  if (hour === '*') return isEveryDay ? texts.hourly(minute) : undefined
  if (!/^\d{1,2}$/.test(hour)) return undefined
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (isEveryDay) return texts.daily(time)
  const name = DAYS[weekday]
  return name && texts.weekly(name, time)
}

export function targetsInWords(targets: readonly Target[] | undefined, node: string | undefined): string {
  if (node) return node
  return (targets ?? []).map(targetInWords).join(', ') || '–'
}

function targetInWords({ Key = '', Values = [] }: Target): string {
  if (Key === 'InstanceIds')
    return Values.includes('*') ? words.every : Values.length === 1 ? Values[0]! : words.nodes(Values.length)
  if (Key === 'resource-groups:Name') return words.group(Values.join(', '))
  if (Key === 'tag-key') return words.tag(Values.join(', '), '')
  return words.tag(Key.replace(/^tag:/, ''), Values.join(', '))
}
