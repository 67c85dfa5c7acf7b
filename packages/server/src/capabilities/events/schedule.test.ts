import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextRun, parseSchedule } from './schedule.ts'

const next = (expression: string, after: string) =>
  nextRun(parseSchedule(expression), new Date(after))?.toISOString().slice(0, 16)

test('schedules are due when AWS documents it, in UTC', () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['rate(1 minute)', '2026-01-01T00:00:30Z', '2026-01-01T00:01'],
    ['rate(2 days)', '2026-01-01T00:00:00Z', '2026-01-03T00:00'],
    ['cron(0 12 * * ? *)', '2026-01-01T12:00:00Z', '2026-01-02T12:00'],
    ['cron(0 12 * * ? *)', '2026-01-01T11:59:59Z', '2026-01-01T12:00'],
    ['cron(0/15 * * * ? *)', '2026-01-01T00:16:00Z', '2026-01-01T00:30'],
    ['cron(15 10 ? * 6L 2026-2028)', '2026-01-01T00:00:00Z', '2026-01-30T10:15'],
    ['cron(0 18 ? * MON-FRI *)', '2026-01-02T18:00:00Z', '2026-01-05T18:00'],
    ['cron(0 8 1 * ? *)', '2026-01-31T00:00:00Z', '2026-02-01T08:00'],
    ['cron(0 0 L * ? *)', '2026-02-01T00:00:00Z', '2026-02-28T00:00'],
    ['cron(0 0 15W * ? *)', '2026-02-01T00:00:00Z', '2026-02-16T00:00'],
    ['cron(0 0 1W * ? *)', '2026-07-31T00:00:00Z', '2026-08-03T00:00'],
    ['cron(0 9 ? * 2#1 *)', '2026-01-10T00:00:00Z', '2026-02-02T09:00'],
    ['cron(0 0 29 2 ? *)', '2026-01-01T00:00:00Z', '2028-02-29T00:00'],
    ['cron(5,35 14 * JAN,JUN ? 2027)', '2026-01-01T00:00:00Z', '2027-01-01T14:05'],
    ['cron(0 0 1 1 ? 2020)', '2026-01-01T00:00:00Z', undefined],
  ]
  for (const [expression, after, wanted] of cases) assert.equal(next(expression, after), wanted, expression)
})

test('what is no schedule is refused', () => {
  const wrong = [
    ...['', 'rate(1 minutes)', 'rate(2 minute)', 'rate(0 minutes)', 'rate(-1 days)', 'rate(1 second)', 'cron()'],
    ...['cron(0 0 * * * *)', 'cron(0 0 ? * ? *)', 'cron(60 0 * * ? *)', 'cron(0 0 32 * ? *)', 'cron(0 0 * 13 ? *)'],
    ...['cron(0 0 ? * 8 *)', 'cron(0 0 * * ?)', 'cron(0/0 0 * * ? *)', 'cron(5-1 0 * * ? *)', 'cron(a 0 * * ? *)'],
  ]
  for (const expression of wrong)
    assert.throws(() => parseSchedule(expression), { code: 'ValidationException' }, expression)
})
