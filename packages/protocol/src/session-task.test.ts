import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  formatSessionStart,
  formatSessionTaskAcknowledge,
  formatSessionTaskComplete,
  ProtocolError,
  parseSessionStart,
  parseSessionTaskAcknowledge,
  parseSessionTaskComplete,
} from '#index.ts'

const sessionId = 'someone-740bebbf3e4213f9a'

test('SM-01 the start of a session carries its content as text', () => {
  const start = { sessionId, content: '{"DocumentName":"AWS-StartSSHSession"}' }
  const payload = formatSessionStart(start)
  const { TaskId, Topic, SchemaVersion } = JSON.parse(payload)
  assert.deepEqual([TaskId, Topic, SchemaVersion], [sessionId, 'interactive_shell', 1])
  assert.deepEqual(parseSessionStart(payload), start)
})

test('SM-01 the end of a session is read as Amazon’s agent writes it', () => {
  const captured =
    `{"SchemaVersion":1,"TaskId":"${sessionId}","Topic":"agent_task_complete","FinalTaskStatus":"Success",` +
    '"IsRoutingFailure":false,"AwsAccountId":"","InstanceId":"mi-0123456789abcdef0","Output":"","S3Bucket":"",' +
    '"S3UrlSuffix":"","CwlGroup":"","CwlStream":"","RetryNumber":1}'
  const complete = parseSessionTaskComplete(captured)
  assert.equal(complete.finalTaskStatus, 'Success')
  assert.equal(formatSessionTaskComplete(complete, 1), captured)
})

test('SM-01 the acknowledgement of a session’s end names the message', () => {
  const acknowledge = { messageId: '2b0b0a3d-59c5-4c1c-b5c5-1d2f5a8c5b11', sessionId }
  assert.deepEqual(parseSessionTaskAcknowledge(formatSessionTaskAcknowledge(acknowledge)), acknowledge)
})

test('SM-01 whatever else comes in their place is a ProtocolError', () => {
  const parsers = [parseSessionStart, parseSessionTaskComplete, parseSessionTaskAcknowledge]
  const anything = fc.oneof(fc.string(), fc.json(), fc.uint8Array())
  fc.assert(
    fc.property(anything, fc.constantFrom(...parsers), (payload, parse) => {
      assert.throws(() => parse(payload), ProtocolError)
    }),
  )
})
