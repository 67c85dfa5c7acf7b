import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOf, patternInWords, targetName } from './words.ts'

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
