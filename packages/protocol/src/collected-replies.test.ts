import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CollectedReplies, mergeReply, noReplies, type Reply, type StepResult } from '#index.ts'

const aStep = (more: Partial<StepResult> = {}): StepResult => ({
  name: 'aws:runShellScript',
  status: 'Success',
  code: 0,
  output: '',
  standardOutput: '',
  standardError: '',
  startDateTime: '2026-11-21T02:52:55.670Z',
  endDateTime: '2026-11-21T02:52:55.691Z',
  outputS3BucketName: '',
  outputS3KeyPrefix: '',
  stepName: '',
  ...more,
})

const aReply = (more: Partial<Reply> = {}): Reply => ({
  agent: { lang: 'en-US', name: 'steward-agent', os: 'linux', osver: '1', ver: '1.0.0.0' },
  dateTime: '2026-11-21T02:52:55.692Z',
  statusCounts: {},
  documentStatus: 'InProgress',
  documentTraceOutput: '',
  steps: {},
  ...more,
})

const collect = (replies: Reply[]) => replies.reduce<CollectedReplies>(mergeReply, noReplies)

const wholeCommand: Reply[] = [
  aReply(),
  aReply({ steps: { first: aStep({ status: 'SuccessAndReboot', code: 194 }) } }),
  aReply({ documentStatus: 'SuccessAndReboot' }),
  aReply({ steps: { first: aStep({ standardOutput: 'before\nafter\n', endDateTime: '2026-11-21T02:54:00.000Z' }) } }),
  aReply({ steps: { second: aStep({ status: 'Failed', code: 3 }) } }),
  aReply({ documentStatus: 'Failed', documentTraceOutput: 'a reason' }),
]

test('AGT-07a replies in any order and number give the same result', () => {
  const expected = collect(wholeCommand)
  assert.equal(expected.status, 'Failed')
  assert.equal(expected.steps.first?.standardOutput, 'before\nafter\n')
  const shuffled = fc
    .shuffledSubarray(wholeCommand, { minLength: wholeCommand.length })
    .chain((all) => fc.subarray(wholeCommand).map((again) => [...all, ...again]))
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
  fc.assert(
    fc.property(shuffled, (replies) => {
      assert.deepEqual(collect(replies), expected)
    }),
  )
})

test('RC-15 a final status is never overwritten', () => {
  const failed = collect([aReply({ documentStatus: 'Failed', documentTraceOutput: 'why' })])
  for (const documentStatus of ['InProgress', 'SuccessAndReboot', 'Success', 'Cancelled'] as const) {
    assert.equal(mergeReply(failed, aReply({ documentStatus, documentTraceOutput: 'another' })), failed)
  }
})

test('AGT-07a a step told after the final status is still taken in', () => {
  const done = collect([aReply({ documentStatus: 'Success' })])
  const late = mergeReply(done, aReply({ steps: { first: aStep() } }))
  assert.equal(late.status, 'Success')
  assert.deepEqual(Object.keys(late.steps), ['first'])
})

test('a reply that tells nothing new changes nothing', () => {
  const reply = aReply({ steps: { first: aStep() } })
  const once = collect([reply])
  assert.equal(mergeReply(once, reply), once)
})

test('any two results of one step have one winner, whichever came first', () => {
  const step = fc.record({
    status: fc.constantFrom('NotStarted', 'InProgress', 'SuccessAndReboot', 'Success', 'Failed'),
    endDateTime: fc.constantFrom('0001-01-01T00:00:00.000Z', '', '2026-11-21T02:52:55.691Z'),
    standardOutput: fc.string({ maxLength: 2 }),
  })
  fc.assert(
    fc.property(step, step, step, (a, b, c) => {
      const replies = [a, b, c].map((more) => aReply({ steps: { s: aStep(more as Partial<StepResult>) } }))
      assert.deepEqual(collect(replies), collect(replies.toReversed()))
    }),
  )
})

test('a step may have any name', () => {
  const steps = JSON.parse('{"__proto__":{}}') as Record<string, StepResult>
  Object.defineProperty(steps, '__proto__', { value: aStep(), enumerable: true })
  assert.deepEqual(Object.keys(collect([aReply({ steps })]).steps), ['__proto__'])
})
