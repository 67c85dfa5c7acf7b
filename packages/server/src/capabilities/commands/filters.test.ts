import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFilters } from './filters.ts'

const after = (value: string) => readFilters([{ key: 'InvokedAfter', value }], 'commands').after

const TIMES: [given: string, at: string][] = [
  ['2026-11-22T10:30:00Z', '2026-11-22T10:30:00.000Z'],
  ['2026-11-22T10:30:00.25Z', '2026-11-22T10:30:00.250Z'],
  ['2026-11-22T10:30Z', '2026-11-22T10:30:00.000Z'],
  ['2026-11-22T10:30:00+01:00', '2026-11-22T09:30:00.000Z'],
  ['2026-11-22T10:30:00-0130', '2026-11-22T12:00:00.000Z'],
  ['2026-11-22T10:30:00', '2026-11-22T10:30:00.000Z'],
  ['2026-11-22T10:30', '2026-11-22T10:30:00.000Z'],
  ['2026-11-22', '2026-11-22T00:00:00.000Z'],
]

test('RC-17 times are written in ISO 8601, and are of UTC unless they say otherwise, wherever the server is', (t) => {
  const { TZ } = process.env
  t.after(() => {
    if (TZ === undefined) delete process.env.TZ
    else process.env.TZ = TZ
  })
  process.env.TZ = 'America/New_York'
  for (const [given, at] of TIMES) assert.deepEqual(after(given), [at], given)
})

test('RC-17 what is no time of ISO 8601 is refused', () => {
  for (const value of [
    '1',
    '2026',
    '1795000000',
    'Nov 22 2026',
    '22 November 2026 10:00 UTC',
    '2026/11/22',
    '2026-11-22 10:30:00Z',
    '2026-11-22Z',
    '2026-11-22T',
    '2026-11-22T10Z',
    '2026-13-01',
    '2026-02-30T00:00:00Z',
    '2026-11-22T10:61:00Z',
    ' 2026-11-22',
  ]) {
    assert.throws(() => after(value), { code: 'ValidationException' }, value)
  }
})
