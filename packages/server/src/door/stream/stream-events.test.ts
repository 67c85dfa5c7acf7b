import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { AddTagsToResourceCommand, PutParameterCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DATABASES, eventually, startServer } from '@steward/testkit'
import { jsonCall } from '../testing/raw-call.ts'
import { openStream } from './testing/open-stream.ts'

for (const database of DATABASES) {
  test(`EVT-07 ${database}: several streams are told what changed, each what it asked for`, async () => {
    await using server = await startServer({ database })
    const all = await openStream(server)
    const parameters = await openStream(server, { Kinds: ['parameters'] })
    assert.ok(all.hello.kinds.includes('nodes') && all.hello.kinds.includes('audit'))
    assert.deepEqual(parameters.hello.kinds, ['parameters'])
    const ssm = server.client(SSMClient)
    await ssm.send(new PutParameterCommand({ Name: '/app/colour', Type: 'String', Value: 'red' }))
    await eventually(() => parameters.ids('parameters').includes('/app/colour'))
    const node = await server.fakeNode()
    await eventually(() => all.ids('nodes').includes(node.id))
    await ssm.send(
      new AddTagsToResourceCommand({
        ResourceType: 'Parameter',
        ResourceId: '/app/colour',
        Tags: [{ Key: 'a', Value: 'b' }],
      }),
    )
    await eventually(() => parameters.changes.length === 2)
    assert.deepEqual(parameters.kinds(), ['parameters'])
    await eventually(() => all.kinds().includes('audit'))
  })

  test(`EVT-07 ${database}: the nodes of a command are told of with the command they work on`, async () => {
    await using server = await startServer({ database })
    const node = await server.fakeNode()
    node.autoRun()
    const ssm = server.client(SSMClient)
    const stream = await openStream(server, { Kinds: ['commands', 'invocations'] })
    const { Command } = await ssm.send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: [node.id],
        Parameters: { commands: ['true'] },
      }),
    )
    await eventually(() => stream.changes.some(({ of, ids }) => of === Command!.CommandId && ids.includes(node.id)))
    assert.ok(stream.ids('commands').includes(Command!.CommandId!))
  })
}

test('EVT-07 a stream begins with what changed before it, if it is asked to', async () => {
  await using server = await startServer()
  const put = (Name: string) =>
    server.client(SSMClient).send(new PutParameterCommand({ Name, Type: 'String', Value: 'red' }))
  await put('/app/before')
  const all = await openStream(server, { Kinds: ['parameters'], SecondsBack: 60 })
  await eventually(() => all.resets === 1)
  assert.deepEqual(all.changes, [], 'nobody knows what an earlier server did in this time')

  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await put('/app/later')
  const [some, none] = [
    await openStream(server, { Kinds: ['parameters'], SecondsBack: 1 }),
    await openStream(server, { Kinds: ['parameters'] }),
  ]
  await put('/app/last')
  await eventually(() => [some, none].every((stream) => stream.ids('parameters').includes('/app/last')))
  assert.deepEqual(some.changes[0]?.ids, [], 'something of parameters')
  assert.deepEqual(none.ids('parameters'), ['/app/last'])
  assert.deepEqual([some.resets, none.resets], [0, 0])
})

test('EVT-07 only kinds that the caller may list are told of; what policies say counts at once, a lost key ends it', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  const allow = (...actions: string[]) =>
    iam.send(
      new PutUserPolicyCommand({
        UserName: 'ann',
        PolicyName: 'p',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
        }),
      }),
    )
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  await assert.rejects(openStream(server, {}, credentials), /403|400/)
  await allow('steward:StreamEvents', 'ssm:DescribeParameters')
  const stream = await openStream(server, {}, credentials)
  assert.deepEqual(stream.hello.kinds, ['parameters'])
  await allow('steward:StreamEvents', 'ssm:ListDocuments')
  await eventually(() => stream.hello.kinds[0] === 'documents')
  await iam.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: credentials.accessKeyId }))
  await eventually(() => stream.ended === 'expired')
})

test('EVT-07 a principal has so many streams; those that are closed do not count', async () => {
  await using server = await startServer()
  const streams = await Promise.all(Array.from({ length: 32 }, () => openStream(server)))
  const ask = () => jsonCall(server, 'Steward.StreamEvents', {}, { service: 'steward' })
  assert.deepEqual((await ask()).json.__type, 'TooManyEventStreams')
  streams[0]!.close()
  await eventually(() =>
    openStream(server).then(
      () => true,
      () => false,
    ),
  )
})

test('EVT-07 a server that stops says so to those who watch', async () => {
  await using server = await startServer()
  const stream = await openStream(server)
  await server.house.stop()
  await eventually(() => stream.ended === 'stopping')
})
