import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isTimeZone, nextRun, nextRuns, type Timing } from './next-run.ts'
import { type Dialect, parseSchedule, ScheduleFault } from './schedule-expression.ts'

const MOST: Dialect = { at: true, fiveFields: true, leadingZero: true }

function next(expression: string, after: string, timing: Timing = {}): string | undefined {
  const from = after.length === 16 ? `${after}:00Z` : after
  return nextRun(parseSchedule(expression, MOST), timing, new Date(from))?.toISOString().slice(0, 16)
}

const berlin = { zone: 'Europe/Berlin' }
const newYork = { zone: 'America/New_York' }

test('T-18 T-19 T-20 T-22 T-23 schedules are due when AWS documents it', () => {
  const cases: readonly (readonly [string, string, string | undefined, Timing?])[] = [
    ['rate(1 minute)', '2026-01-01T00:00:30Z', '2026-01-01T00:01'],
    ['rate(2 days)', '2026-01-01T00:00', '2026-01-03T00:00'],
    ['rate(30 minutes)', '2026-01-01T10:10', '2026-01-01T10:30', { startAt: new Date('2026-01-01T00:00:00Z') }],
    ['rate(1 hour)', '2026-01-01T10:00', '2026-01-01T11:00', { startAt: new Date('2026-01-01T00:00:00Z') }],
    ['rate(7 days)', '2026-01-01T10:00', '2026-02-01T00:00', { startAt: new Date('2026-02-01T00:00:00Z') }],
    ['at(2026-02-03T04:05:06)', '2026-01-01T00:00', '2026-02-03T04:05'],
    ['at(2026-02-03T04:05)', '2026-01-01T00:00', '2026-02-03T04:05'],
    ['at(2026-02-03T04:05:06)', '2026-02-03T04:06', undefined],
    ['at(2026-07-01T12:00:00)', '2026-01-01T00:00', '2026-07-01T10:00', berlin],
    ['at(2026-03-29T02:30:00)', '2026-01-01T00:00', '2026-03-29T01:00', berlin],
    ['at(2026-10-25T02:30:00)', '2026-01-01T00:00', '2026-10-25T00:30', berlin],
    ['cron(0 12 * * ? *)', '2026-01-01T12:00', '2026-01-02T12:00'],
    ['cron(0 12 * * ? *)', '2026-01-01T11:59:59Z', '2026-01-01T12:00'],
    ['cron(0/15 * * * ? *)', '2026-01-01T00:16', '2026-01-01T00:30'],
    ['cron(0/30 8-10 * * ? *)', '2026-01-01T10:31', '2026-01-02T08:00'],
    ['cron(5,35 14 * * ? *)', '2026-01-01T14:05', '2026-01-01T14:35'],
    ['cron(0 0/6 * * ? *)', '2026-01-01T18:00', '2026-01-02T00:00'],
    ['cron(15 10 ? * 6L 2026-2028)', '2026-01-01T00:00', '2026-01-30T10:15'],
    ['cron(15 10 ? * FRIL *)', '2026-02-01T00:00', '2026-02-27T10:15'],
    ['cron(0 0 ? * L *)', '2026-01-01T00:00', '2026-01-03T00:00'],
    ['cron(0 18 ? * MON-FRI *)', '2026-01-02T18:00', '2026-01-05T18:00'],
    ['cron(0 18 ? * 2-6 *)', '2026-01-02T18:00', '2026-01-05T18:00'],
    ['cron(0 18 ? * 1 *)', '2026-01-02T18:00', '2026-01-04T18:00'],
    ['cron(0 18 ? * 7,SUN *)', '2026-01-03T18:00', '2026-01-04T18:00'],
    ['cron(0 8 1 * ? *)', '2026-01-31T00:00', '2026-02-01T08:00'],
    ['cron(0 8 1,15 * ? *)', '2026-01-02T00:00', '2026-01-15T08:00'],
    ['cron(0 8 1-3 * ? *)', '2026-01-03T08:00', '2026-02-01T08:00'],
    ['cron(0 8 31 * ? *)', '2026-01-31T08:00', '2026-03-31T08:00'],
    ['cron(0 0 L * ? *)', '2026-02-01T00:00', '2026-02-28T00:00'],
    ['cron(0 0 L * ? *)', '2028-02-01T00:00', '2028-02-29T00:00'],
    ['cron(0 0 L 4 ? *)', '2026-01-01T00:00', '2026-04-30T00:00'],
    ['cron(0 0 LW * ? *)', '2026-01-30T00:00', '2026-02-27T00:00'],
    ['cron(0 0 15W * ? *)', '2026-02-01T00:00', '2026-02-16T00:00'],
    ['cron(0 0 1W * ? *)', '2026-07-31T00:00', '2026-08-03T00:00'],
    ['cron(0 9 ? * 2#1 *)', '2026-01-10T00:00', '2026-02-02T09:00'],
    ['cron(0 9 ? * TUE#3 *)', '2026-01-01T00:00', '2026-01-20T09:00'],
    ['cron(0 9 ? * TUE#2,TUE#4 *)', '2026-01-13T09:00', '2026-01-27T09:00'],
    ['cron(0 9 ? * FRI#5 *)', '2026-02-01T00:00', '2026-05-29T09:00'],
    ['cron(0 0 29 2 ? *)', '2026-01-01T00:00', '2028-02-29T00:00'],
    ['cron(0 0 31 2 ? *)', '2026-01-01T00:00', undefined],
    ['cron(0 0 30 FEB ? 2028)', '2026-01-01T00:00', undefined],
    ['cron(5,35 14 * JAN,JUN ? 2027)', '2026-01-01T00:00', '2027-01-01T14:05'],
    ['cron(0 0 1 1 ? 2020)', '2026-01-01T00:00', undefined],
    ['cron(0 0 1 1 ? 2027-2031/2)', '2027-06-01T00:00', '2029-01-01T00:00'],
    ['cron(59 23 31 12 ? *)', '2026-12-31T23:58', '2026-12-31T23:59'],
    // Five fields, as associations take them, and a leading field of seconds.
    ['cron(0 2 ? * SUN)', '2026-01-01T00:00', '2026-01-04T02:00'],
    ['cron(0 0/30 * * ?)', '2026-01-01T00:00', '2026-01-02T00:00'],
    ['cron(0 30 2 ? * SUN *)', '2026-01-01T00:00', '2026-01-04T02:30'],
    ['cron(0 30 2 ? * SUN)', '2026-01-01T00:00', '2026-01-04T02:30'],
    // Zones and daylight: forward in March, back in October and November.
    ['cron(0 12 * * ? *)', '2026-01-01T00:00', '2026-01-01T11:00', berlin],
    ['cron(0 12 * * ? *)', '2026-07-01T00:00', '2026-07-01T10:00', berlin],
    ['cron(30 2 * * ? *)', '2026-03-28T02:00', '2026-03-29T01:00', berlin],
    ['cron(30 2 * * ? *)', '2026-03-29T01:00', '2026-03-30T00:30', berlin],
    ['cron(30 2 ? * SUN *)', '2026-03-22T02:00', '2026-03-29T01:00', berlin],
    ['cron(30 2 * * ? *)', '2026-10-24T01:00', '2026-10-25T00:30', berlin],
    ['cron(30 2 * * ? *)', '2026-10-25T00:30', '2026-10-26T01:30', berlin],
    ['cron(0 * * * ? *)', '2026-10-25T00:00', '2026-10-25T01:00', berlin],
    ['cron(0/15 * * * ? *)', '2026-03-29T00:45', '2026-03-29T01:00', berlin],
    ['cron(30 2 * * ? *)', '2026-03-08T00:00', '2026-03-08T07:00', newYork],
    ['cron(30 1 * * ? *)', '2026-11-01T00:00', '2026-11-01T05:30', newYork],
    ['cron(0 0 1 * ? *)', '2026-01-15T00:00', '2026-01-31T10:15', { zone: 'Pacific/Chatham' }],
    // The second Tuesday and three days: the Friday of Patch Tuesday's week.
    ['cron(0 4 ? * TUE#2 *)', '2026-01-01T00:00', '2026-01-16T04:00', { offsetDays: 3 }],
    ['cron(0 4 ? * TUE#2 *)', '2026-01-14T00:00', '2026-02-13T04:00', { offsetDays: 3 }],
    ['cron(0 4 ? * SUN#4 *)', '2026-03-01T00:00', '2026-03-29T02:00', { ...berlin, offsetDays: 7 }],
    ['cron(0 4 L * ? *)', '2026-01-30T00:00', '2026-02-06T04:00', { offsetDays: 6 }],
    // From and until.
    ['cron(0 12 * * ? *)', '2026-01-01T00:00', '2026-02-01T12:00', { startAt: new Date('2026-02-01T12:00:00Z') }],
    ['cron(0 12 * * ? *)', '2026-01-01T13:00', undefined, { endAt: new Date('2026-01-02T12:00:00Z') }],
    ['rate(1 hour)', '2026-01-01T13:00', undefined, { endAt: new Date('2026-01-01T13:30:00Z') }],
  ]
  assert.ok(cases.length >= 60)
  for (const [expression, after, wanted, timing] of cases)
    assert.equal(
      next(expression, after, timing),
      wanted,
      `${expression} after ${after} ${JSON.stringify(timing ?? {})}`,
    )
})

test('T-17 what is no schedule is refused, with a sentence', () => {
  const wrong = [
    ...[
      '',
      'rate(1 minutes)',
      'rate(2 minute)',
      'rate(0 minutes)',
      'rate(-1 days)',
      'rate(1 second)',
      'cron()',
      'at()',
    ],
    ...['cron(0 0 * * * *)', 'cron(0 0 ? * ? *)', 'cron(60 0 * * ? *)', 'cron(0 0 32 * ? *)', 'cron(0 0 * 13 ? *)'],
    ...[
      'cron(0 0 ? * 8 *)',
      'cron(0/0 0 * * ? *)',
      'cron(5-1 0 * * ? *)',
      'cron(a 0 * * ? *)',
      'cron(0 0 ? * MON#6 *)',
    ],
    ...[
      'cron(0 0 32W * ? *)',
      'cron(0 0 * * ? 1969)',
      'cron(1 0 0 * * ? *)',
      'at(2026-02-30T00:00:00)',
      'at(2026-01-01)',
    ],
    ...['at(2026-01-01T24:00:00)', 'cron(0 0 * * ? *) ', 'Rate(1 minute)', 'cron(0 0 ? * 6-2 *)'],
  ]
  for (const expression of wrong) assert.throws(() => parseSchedule(expression, MOST), ScheduleFault, expression)
  for (const expression of ['cron(0 0 * * ?)', 'at(2026-01-01T00:00:00)', 'cron(0 30 2 ? * SUN *)'])
    assert.throws(() => parseSchedule(expression), ScheduleFault, expression)
})

test('zones are those of the IANA database', () => {
  for (const zone of ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+8'])
    assert.ok(isTimeZone(zone), zone)
  for (const zone of ['', 'Mars/Base', '+01:00', 'Europe/Berlin ', '../etc']) assert.ok(!isTimeZone(zone), zone)
})

test('T-21 a preview goes on from the days before the offset', () => {
  const runs = nextRuns(parseSchedule('cron(0 4 L * ? *)'), { offsetDays: 6 }, new Date('2026-01-01T00:00:00Z'), 3)
  assert.deepEqual(
    runs.map((run) => run.toISOString().slice(0, 10)),
    ['2026-02-06', '2026-03-06', '2026-04-06'],
  )
  const daily = nextRuns(parseSchedule('cron(0 4 * * ? *)'), { offsetDays: 2 }, new Date('2026-01-01T00:00:00Z'), 2)
  assert.deepEqual(
    daily.map((run) => run.toISOString().slice(0, 10)),
    ['2026-01-03', '2026-01-04'],
  )
})

test('runs follow each other, and no time of the wall clock is due twice', () => {
  const field = (least: number, most: number) => fc.integer({ min: least, max: most })
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']
  fc.assert(
    fc.property(
      field(0, 59),
      field(0, 23),
      field(1, 7),
      fc.constantFrom(...zones),
      fc.nat(3650),
      (m, h, d, zone, day) => {
        const schedule = parseSchedule(`cron(${m} ${h} ? * ${d} *)`)
        const from = new Date(Date.UTC(2020, 0, 1) + day * 86_400_000)
        const runs = nextRuns(schedule, { zone }, from, 5)
        assert.equal(runs.length, 5)
        for (const [i, run] of runs.entries()) {
          const last = i === 0 ? undefined : runs[i - 1]!
          assert.ok(run > from)
          // A week later by the wall clock: an hour more or less by the real one.
          if (last) assert.ok(Math.abs(run.getTime() - last.getTime() - 7 * 86_400_000) <= 3_600_000)
        }
      },
    ),
    { numRuns: 200 },
  )
})
