import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { startServer } from '@steward/testkit'
import { UsageFault } from '#fault.ts'
import { steward } from '#main.ts'
import { capturedIo } from '#testing/captured-io.ts'
import { type RunOptions, SHELL_SCRIPT, toRequest } from './run.ts'

function options(more: Partial<RunOptions>): RunOptions {
  return { document: SHELL_SCRIPT, param: {}, follow: true, ...more }
}

test('the words behind the hyphens are one line for the shell', () => {
  assert.deepEqual(toRequest(['ls', '-l', '/tmp'], options({ nodes: ['mi-1'] })), {
    DocumentName: 'AWS-RunShellScript',
    InstanceIds: ['mi-1'],
    Parameters: { commands: ['ls -l /tmp'] },
  })
})

test('every option reaches the request', () => {
  const targets = [{ Key: 'tag:role', Values: ['web'] }]
  const request = toRequest(
    ['uptime'],
    options({
      targets,
      param: { workingDirectory: ['/tmp'] },
      comment: 'why',
      maxConcurrency: '10%',
      maxErrors: '1',
      timeout: 30,
      executionTimeout: 5,
    }),
  )
  assert.deepEqual(request, {
    DocumentName: 'AWS-RunShellScript',
    Targets: targets,
    Parameters: { workingDirectory: ['/tmp'], commands: ['uptime'], executionTimeout: ['5'] },
    Comment: 'why',
    MaxConcurrency: '10%',
    MaxErrors: '1',
    TimeoutSeconds: 30,
  })
})

test('another document needs no command line', () => {
  assert.deepEqual(toRequest([], options({ nodes: ['mi-1'], document: 'My-Document' })), {
    DocumentName: 'My-Document',
    InstanceIds: ['mi-1'],
  })
})

test('without a place or without a command nothing is sent', () => {
  assert.throws(() => toRequest(['uptime'], options({})), UsageFault)
  assert.throws(() => toRequest([], options({ nodes: ['mi-1'] })), UsageFault)
  assert.doesNotThrow(() => toRequest([], options({ nodes: ['mi-1'], param: { commands: ['uptime'] } })))
})

test('whoever may not list the nodes of a group is told that, not that some of them succeeded', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const UserName = 'sender'
  await iam.send(new CreateUserCommand({ UserName }))
  const mayRun = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: ['ssm:*', 'steward:*'], Resource: '*' },
  }
  const PolicyDocument = JSON.stringify(mayRun)
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'run', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const key = { AWS_ACCESS_KEY_ID: AccessKey!.AccessKeyId!, AWS_SECRET_ACCESS_KEY: AccessKey!.SecretAccessKey! }
  const io = capturedIo({ AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1', ...key })
  assert.equal(await steward(['run', '--targets', 'resource-groups:Name=web', '--json', '--', 'x'], io), 1)
  assert.match(io.err(), /^✗ These credentials may not list the nodes of the resource group \(AccessDenied\)\. .*\n$/)
  const { status, statusDetails } = JSON.parse(io.out())
  assert.deepEqual([status, statusDetails], ['Failed', 'AccessDenied'])
})
