/** What rules wait for and lead to, in words. */
import { events } from '#texts/events.ts'

const { words: texts } = events

/** Such as `every 5 minutes`; a calendar that has no short words as it is written. */
export function scheduleInWords(expression: string): string {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression)
  if (rate) return texts.every(rate[1] === '1' ? rate[2]! : `${rate[1]} ${rate[2]}s`)
  const cron = /^cron\((.+)\)$/.exec(expression)
  return (cron && cronInWords(cron[1]!.trim().split(/\s+/))) ?? expression
}

function cronInWords(fields: readonly string[]): string | undefined {
  const [minute = '', hour = '', day = '', month, weekday = '', year] = fields
  if (fields.length !== 6 || month !== '*' || year !== '*' || !/^\d{1,2}$/.test(minute)) return undefined
  const everyDay = /^[*?]$/.test(day) && /^[*?]$/.test(weekday)
  if (hour === '*') return everyDay ? texts.hourly(minute) : undefined
  if (!/^\d{1,2}$/.test(hour)) return undefined
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (everyDay) return texts.daily(time)
  if (/^[A-Z,-]+$/.test(weekday)) return texts.weekly(weekday, time)
  return /^\d{1,2}$/.test(day) ? texts.monthly(day, time) : undefined
}

/** What a pattern asks for, the most telling part first; the pattern itself is a click away. */
export function patternInWords(pattern: string): string {
  const parsed = parsedObject(pattern)
  const detail = (parsed.detail ?? {}) as Record<string, unknown>
  const parts = [
    ...valuesOf(parsed['detail-type']),
    ...Object.entries(detail).map(([name, value]) => condition(name, value)),
  ]
  return parts.length > 0 ? parts.join(', ') : valuesOf(parsed.source).join(', ') || pattern
}

function condition(name: string, value: unknown): string {
  const values = valuesOf(value)
  return values.length > 0 ? `${name} ${values.join(' or ')}` : name
}

function valuesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))) : []
}

function parsedObject(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) as Record<string, unknown>) ?? {}
  } catch {
    return {}
  }
}

export type TargetKind = 'webhook' | 'topic' | 'logs' | 'document' | 'other'

export function kindOf(arn: string): TargetKind {
  const [, , service, , , resource = ''] = arn.split(':', 6)
  if (service === 'events' && resource.startsWith('api-destination/')) return 'webhook'
  if (service === 'sns') return 'topic'
  if (service === 'logs') return 'logs'
  return service === 'ssm' && resource.startsWith('document/') ? 'document' : 'other'
}

/** The name by which people know a target. */
export function targetName(arn: string): string {
  const resource = arn.split(':').slice(5).join(':')
  switch (kindOf(arn)) {
    case 'webhook':
    case 'document':
      return resource.split('/')[1] ?? resource
    case 'logs':
      return resource.replace(/^log-group:/, '').replace(/:\*$/, '')
    default:
      return resource
  }
}
