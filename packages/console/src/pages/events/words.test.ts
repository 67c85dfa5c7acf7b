import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOf, patternInWords, scheduleInWords, targetName } from './words.ts'

test('schedules are said in words where there are short ones', () => {
  assert.equal(scheduleInWords('rate(1 day)'), 'every day')
  assert.equal(scheduleInWords('rate(5 minutes)'), 'every 5 minutes')
  assert.equal(scheduleInWords('cron(0 3 * * ? *)'), 'every day at 03:00 UTC')
  assert.equal(scheduleInWords('cron(30 9 ? * MON-FRI *)'), 'MON-FRI at 09:30 UTC')
  assert.equal(scheduleInWords('cron(0 4 1 * ? *)'), 'on day 1 of each month at 04:00 UTC')
  assert.equal(scheduleInWords('cron(0/15 * * * ? *)'), 'cron(0/15 * * * ? *)')
})

test('patterns are said by what they ask for', () => {
  const pattern = { source: ['aws.ssm'], 'detail-type': ['Command'], detail: { status: ['Failed', { prefix: 'T' }] } }
  assert.equal(patternInWords(JSON.stringify(pattern)), 'Command, status Failed or {"prefix":"T"}')
  assert.equal(patternInWords('{"source":["mine"]}'), 'mine')
  assert.equal(patternInWords('nonsense'), 'nonsense')
})

test('targets go by their names', () => {
  const arns = [
    'arn:aws:events:us-east-1:000000000000:api-destination/chat/1234',
    'arn:aws:sns:us-east-1:000000000000:alarms',
    'arn:aws:logs:us-east-1:000000000000:log-group:/a/b:*',
    'arn:aws:ssm:us-east-1::document/AWS-RunShellScript',
    'arn:aws:sqs:us-east-1:000000000000:queue',
  ]
  assert.deepEqual(
    arns.map((arn) => [kindOf(arn), targetName(arn)]),
    [
      ['webhook', 'chat'],
      ['topic', 'alarms'],
      ['logs', '/a/b'],
      ['document', 'AWS-RunShellScript'],
      ['other', 'queue'],
    ],
  )
})
