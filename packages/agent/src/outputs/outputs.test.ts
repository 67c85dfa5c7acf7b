import assert from 'node:assert/strict'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatSendCommand, parseSendCommand } from '@steward/protocol'
import { CommandOutputs } from '#outputs/command-outputs.ts'
import { LogFollower } from '#outputs/log-follower.ts'
import { Destination } from '#testing/destination.ts'

const commandId = '01234567-89ab-7def-8123-456789abcdef'
const nodeId = 'mi-0123456789abcdef0'
const none = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }

/** What delivers the output of such a command there. */
function outputsTo(destination: Destination, order: Partial<Parameters<typeof formatSendCommand>[0]>): CommandOutputs {
  const content = {
    commandId,
    documentName: 'AWS-RunShellScript',
    documentContent: {},
    parameters: {},
    outputS3BucketName: '',
    outputS3KeyPrefix: '',
    cloudWatchLogGroupName: '',
    cloudWatchOutputEnabled: false,
    ...order,
  }
  return new CommandOutputs(
    parseSendCommand(formatSendCommand(content)),
    `${content.commandId}/${nodeId}`,
    destination.services(),
  )
}

const step = (name: string, plugin: string, inputs: unknown = {}) => ({ name, plugin, inputs, precondition: {} })

test('RC-04 RC-20 streams become objects under the keys of Amazon’s agent; empty ones do not', async () => {
  await using destination = await Destination.start()
  const files = await destination.files('out\n')
  const outputs = outputsTo(destination, { outputS3BucketName: 'bucket', outputS3KeyPrefix: 'my/logs (1)/' })
  const old = step('aws:runShellScript', 'aws:runShellScript', [{ id: '0.aws:runShellScript' }])
  const place = await outputs.deliver(old, files, { ...none, stdout: Buffer.from('out\n') })
  const key = `my/logs (1)/${commandId}/${nodeId}/awsrunShellScript`
  assert.deepEqual(place, {
    outputS3BucketName: 'bucket',
    outputS3KeyPrefix: key,
    stepName: '0.awsrunShellScript',
  })
  assert.deepEqual([...destination.objects], [[`/bucket/${key}/0.awsrunShellScript/stdout`, 'out\n']])
  assert.partialDeepStrictEqual(destination.objectHeaders[0], {
    'content-type': 'text/plain',
    'content-length': '4',
    'x-amz-acl': 'bucket-owner-full-control',
    'x-amz-security-token': 'token',
  })
  assert.equal((await outputs.deliver(step('dl', 'aws:runShellScript'), files, none)).stepName, 'dl')
  assert.deepEqual(outputs.troubles, [])
})

test('RC-04 words of the agent that are not in the file are delivered too', async () => {
  await using destination = await Destination.start()
  const files = await destination.files('', 'oops\n')
  const outputs = outputsTo(destination, { outputS3BucketName: 'bucket', cloudWatchOutputEnabled: true })
  const one = step('a:b*', 'aws:runShellScript')
  await outputs.follow(one, files)
  const stderr = 'oops\nfailed to run commands: exit status 3'
  await outputs.deliver(one, files, { ...none, stderr: Buffer.from(stderr) })
  assert.deepEqual([...destination.objects.values()], [stderr])
  assert.deepEqual(destination.messages(`${commandId}/${nodeId}/a-b-/stderr`), [
    'oops',
    'failed to run commands: exit status 3',
  ])
  assert.deepEqual(
    destination.calls.map(({ operation, input }) => [operation, input.logGroupName]),
    [
      ['CreateLogGroup', '/aws/ssm/AWS-RunShellScript'],
      ['CreateLogStream', '/aws/ssm/AWS-RunShellScript'],
      ['PutLogEvents', '/aws/ssm/AWS-RunShellScript'],
      ['PutLogEvents', '/aws/ssm/AWS-RunShellScript'],
    ],
  )
})

test('RC-04 what a bucket or group refuses is told, and fails nothing', async () => {
  await using destination = await Destination.start()
  const files = await destination.files('out\n')
  const outputs = outputsTo(destination, {
    outputS3BucketName: 'bucket',
    cloudWatchOutputEnabled: true,
    cloudWatchLogGroupName: 'g',
  })
  const url = `/bucket/${commandId}/${nodeId}/awsrunShellScript/run/stdout`
  const denied = '<Error><Code>AccessDenied</Code><Message>Not yours.</Message></Error>'
  destination.answers.set(`PUT ${url}`, [{ status: 403, body: denied }])
  destination.answers.set('CreateLogStream', [
    { status: 400, body: '{"__type":"AccessDeniedException","message":"Nor this."}' },
  ])
  const run = step('run', 'aws:runShellScript')
  await outputs.follow(run, files)
  await outputs.deliver(run, files, { ...none, stdout: Buffer.from('out\n') })
  assert.deepEqual(outputs.troubles.sort(), [
    'The bucket did not take stdout: AccessDenied: Not yours.',
    'The log group did not take stdout: AccessDeniedException: Nor this.',
  ])
})

test('a bucket of another Region is asked again as one of that; a server that is unwell is asked again', async () => {
  await using destination = await Destination.start()
  const { buckets } = destination.services()
  destination.answers.set('PUT /b/k', [
    { status: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' }, body: '' },
    { status: 503, body: '' },
  ])
  await buckets.put('b', 'k', Buffer.from('x'))
  assert.deepEqual([...destination.objects], [['/b/k', 'x']])
  assert.match(destination.objectHeaders[0]!.authorization!, /\/eu-west-1\/s3\//)
  destination.answers.set('GET /b?encryption=', [
    { status: 404, body: '<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code></Error>' },
  ])
  assert.equal(await buckets.isEncrypted('b'), false)
  assert.equal(await buckets.isEncrypted('b'), true)
})

test('RC-04 whole lines go to the stream while the file grows, and after a restart only what is new', async () => {
  await using destination = await Destination.start()
  const { stdout: path } = await destination.files('one\r\ntwo\nthr')
  const { logGroups } = destination.services()
  const progressPath = join(destination.folder, 'progress')
  const sent = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => (destination.messages('s').length >= count ? resolve() : setImmediate(look))
      look()
    })
  const options = { logGroups, group: 'g', stream: 's', path, progressPath, pollMs: 5 }
  const first = new LogFollower(options)
  await sent(1)
  await appendFile(path, 'ee\nfour\nrest')
  await sent(2)
  assert.deepEqual(destination.messages('s'), ['one\ntwo', 'three\nfour'])
  await first.stop()
  const second = new LogFollower({ ...options, format: (lines) => JSON.stringify(lines) })
  assert.equal(await second.finish(), undefined)
  assert.deepEqual(destination.messages('s').slice(2), ['"rest"'])
})

test('a line that is longer than an event is cut between characters', async () => {
  await using destination = await Destination.start()
  const { stdout: path } = await destination.files('aé'.repeat(5))
  const { logGroups } = destination.services()
  const follower = new LogFollower({ logGroups, group: 'g', stream: 's', path, eventBytes: 5 })
  await follower.finish()
  assert.deepEqual(destination.messages('s'), ['aéa', 'éaé', 'aéa', 'é'])
})
