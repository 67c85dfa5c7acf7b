import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '@steward/protocol'
import { readSessionRequest } from '#sessions/session-request.ts'
import { openTranscript } from '#sessions/transcript.ts'
import { Destination } from '#testing/destination.ts'

const nodeId = 'mi-0123456789abcdef0'

/** A transcript of a session whose document has these inputs. */
async function transcriptTo(destination: Destination, inputs: JsonObject) {
  const request = await readSessionRequest(
    {
      sessionId: 'ada-0123',
      documentName: 'Test',
      documentContent: { schemaVersion: '1.0', sessionType: 'Standard_Stream', inputs },
      parameters: {},
      runAsUser: '',
      sessionOwner: 'arn:aws:iam::1:user/ada',
    },
    async () => ({ found: [], invalid: [] }),
  )
  const { folder } = destination
  const where = { folder, nodeId, region: 'us-east-1', runAsUser: 'ssm-user' }
  return openTranscript({ request, services: destination.services(), ...where })
}

function groups(destination: Destination, kmsKeyId?: string): void {
  const body = JSON.stringify({ logGroups: [{ logGroupName: 'shells', ...(kmsKeyId && { kmsKeyId }) }] })
  destination.answers.set('DescribeLogGroups', [{ status: 200, body }])
}

const warn = (why: string) => assert.fail(why)

test('SM-11 what a session showed becomes an object under its prefix, byte for byte', async () => {
  await using destination = await Destination.start()
  const inputs = { s3BucketName: 'logs', s3KeyPrefix: '/shells/', s3EncryptionEnabled: false }
  const transcript = await transcriptTo(destination, inputs)
  transcript.shown(Buffer.from('$ ls\r\n'))
  transcript.shown(Buffer.from('\x1b[1mfile\x1b[0m\r\n'))
  const places = await transcript.finish(warn)
  assert.deepEqual([...destination.objects], [['/logs/shells/ada-0123.log', '$ ls\r\n\x1b[1mfile\x1b[0m\r\n']])
  assert.deepEqual(places, { s3Bucket: 'logs', s3UrlSuffix: 'shells/ada-0123.log', cwlGroup: '', cwlStream: '' })
})

test('SM-11 streamed lines are readable JSON in the stream that is named after the session', async () => {
  await using destination = await Destination.start()
  groups(destination)
  const inputs = {
    cloudWatchLogGroupName: 'shells',
    cloudWatchEncryptionEnabled: false,
    cloudWatchStreamingEnabled: true,
  }
  const transcript = await transcriptTo(destination, inputs)
  transcript.shown(Buffer.from('$ ehco\b\b\b\x1b[Kcho \x1b[32mhi\x1b[0m\r\nhi\r\n'))
  const places = await transcript.finish(warn)
  const [message] = destination.messages('ada-0123').map((text) => JSON.parse(String(text)))
  assert.match(message.eventTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  assert.deepEqual(message, {
    eventVersion: '1.0',
    eventTime: message.eventTime,
    awsRegion: 'us-east-1',
    target: { id: nodeId },
    userIdentity: { arn: 'arn:aws:iam::1:user/ada' },
    runAsUser: 'ssm-user',
    sessionId: 'ada-0123',
    sessionData: ['$ echo hi', 'hi'],
  })
  assert.deepEqual(places, { s3Bucket: '', s3UrlSuffix: '', cwlGroup: 'shells', cwlStream: 'ada-0123' })
})

test('SM-11 without streaming the whole text comes at the end', async () => {
  await using destination = await Destination.start()
  groups(destination, 'arn:aws:kms:us-east-1:1:key/1')
  const transcript = await transcriptTo(destination, { cloudWatchLogGroupName: 'shells' })
  transcript.shown(Buffer.from('one\ntwo\n'))
  await transcript.finish(warn)
  assert.deepEqual(destination.messages('ada-0123'), ['one\ntwo'])
})

test('SM-11 a log group that does not exist is passed over; a bucket that refuses is told of', async () => {
  await using destination = await Destination.start()
  destination.answers.set('DescribeLogGroups', [{ status: 200, body: '{"logGroups":[]}' }])
  const refusal = { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' }
  destination.answers.set('PUT /logs/ada-0123.log', [refusal])
  const inputs = { cloudWatchLogGroupName: 'shells', s3BucketName: 'logs', s3EncryptionEnabled: 'False' }
  const transcript = await transcriptTo(destination, inputs)
  transcript.shown(Buffer.from('x'))
  const troubles: string[] = []
  const places = await transcript.finish((why) => troubles.push(why))
  assert.deepEqual(troubles, ['the bucket did not take the transcript: AccessDenied: no'])
  assert.equal(places.cwlGroup, '')
})

test('SM-05 where encryption is demanded and missing, the session does not begin', async () => {
  await using destination = await Destination.start()
  const code = 'ServerSideEncryptionConfigurationNotFoundError'
  const missing = { status: 404, body: `<Error><Code>${code}</Code></Error>` }
  destination.answers.set('GET /logs?encryption=', [missing])
  const bucket = /encryption is not set up on the selected Amazon S3 bucket/
  await assert.rejects(transcriptTo(destination, { s3BucketName: 'logs' }), bucket)
  groups(destination)
  const group = /encryption is not set up on the selected CloudWatch Logs log group/
  await assert.rejects(transcriptTo(destination, { cloudWatchLogGroupName: 'shells' }), group)
})
