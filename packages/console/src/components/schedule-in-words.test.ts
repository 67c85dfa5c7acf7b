import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scheduleInWords } from '#components/schedule-in-words.ts'

test('schedules are said in words where there are short ones', () => {
  assert.equal(scheduleInWords('rate(1 day)'), 'every day')
  assert.equal(scheduleInWords('rate(5 minutes)'), 'every 5 minutes')
  assert.equal(scheduleInWords('cron(0 3 * * ? *)'), 'every day at 03:00 UTC')
  assert.equal(scheduleInWords('cron(30 9 ? * MON-FRI *)'), 'MON-FRI at 09:30 UTC')
  assert.equal(scheduleInWords('cron(0 4 1 * ? *)'), 'on day 1 of each month at 04:00 UTC')
  assert.equal(scheduleInWords('cron(0/15 * * * ? *)'), 'cron(0/15 * * * ? *)')
})
