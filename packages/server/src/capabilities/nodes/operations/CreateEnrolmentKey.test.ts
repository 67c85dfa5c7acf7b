import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import {
  DeleteActivationCommand,
  DescribeActivationsCommand,
  DescribeInstanceInformationCommand,
  ListTagsForResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import type {
  CreateEnrolmentKeyRequest,
  EnrolmentKey,
  EnrolmentRequest,
  Operations,
} from '@steward/model/generated/steward.ts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { allowUser, aUser } from '#iam/testing/a-user.ts'
import { FakeNode } from '../testing/fake-node.ts'

const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS

function call(server: TestServer, operation: keyof Operations, input: object, more = {}) {
  return jsonCall(server, `Steward.${operation}`, input, { service: 'steward', ...more })
}

/** An enrolment key, in the form in which fake nodes take activations. */
async function aKey(server: TestServer, more: Partial<CreateEnrolmentKeyRequest> = {}) {
  const { status, json, text } = await call(server, 'CreateEnrolmentKey', { IamRole: 'ServiceRole', ...more })
  assert.equal(status, 200, text)
  return { id: json.ActivationId as string, code: json.ActivationCode as string }
}

async function keys(server: TestServer): Promise<EnrolmentKey[]> {
  return (await call(server, 'ListEnrolmentKeys', {})).json.EnrolmentKeys as EnrolmentKey[]
}

async function requests(server: TestServer, State?: string): Promise<EnrolmentRequest[]> {
  return (await call(server, 'ListEnrolmentRequests', { State })).json.EnrolmentRequests as EnrolmentRequest[]
}

const decide = (server: TestServer, RequestId: string, Decision: string) =>
  call(server, 'DecideEnrolmentRequest', { RequestId, Decision })

for (const database of DATABASES) {
  test(`HYB-14 an enrolment key without a date is good for years and many machines, until it is deleted (${database})`, async () => {
    await using server = await startServer({ database })
    const ssm = server.client(SSMClient)
    const key = await aKey(server, { RegistrationLimit: 5000, Tags: [{ Key: 'env', Value: 'lab' }] })
    await server.advance(3 * YEAR_MS)
    const node = new FakeNode(server)
    assert.equal((await node.register(key)).status, 200)
    const tags = await ssm.send(
      new ListTagsForResourceCommand({ ResourceType: 'ManagedInstance', ResourceId: node.id }),
    )
    assert.deepEqual(tags.TagList, [{ Key: 'env', Value: 'lab' }])
    const { ActivationList } = await ssm.send(new DescribeActivationsCommand({}))
    assert.partialDeepStrictEqual(ActivationList, [{ Expired: false, RegistrationLimit: 5000, RegistrationsCount: 1 }])
    assert.equal(ActivationList![0]!.ExpirationDate, undefined)

    await ssm.send(new DeleteActivationCommand({ ActivationId: key.id }))
    assert.equal((await new FakeNode(server).register(key)).code, 'InvalidActivationId')
    assert.deepEqual(await keys(server), [])
  })

  test(`HYB-14 a machine waits until it is approved, and is known again when it asks again (${database})`, async () => {
    await using server = await startServer({ database })
    const key = await aKey(server, { NeedsApproval: true })
    const [node, other] = [new FakeNode(server), new FakeNode(server)]
    const first = await node.register(key, { ComputerName: 'web-1' })
    const [request] = await requests(server)
    assert.equal(first.status, 400)
    assert.match(first.message!, new RegExp(`It waits for approval as ${request!.RequestId}\\.`))
    const FingerprintHash = hash('sha256', node.fingerprint)
    assert.partialDeepStrictEqual(request, {
      State: 'Waiting',
      FingerprintHash,
      ComputerName: 'web-1',
      SourceIp: '127.0.0.1',
    })
    assert.equal((await node.register(key)).message, first.message, 'asking again changes nothing')
    await other.register(key)
    assert.equal((await requests(server, 'Waiting')).length, 2)

    assert.equal((await decide(server, request!.RequestId, 'Approve')).status, 200)
    assert.equal((await node.register(key)).status, 200)
    assert.equal((await node.requestToken()).status, 200)
    const [waiting, ...more] = await requests(server)
    assert.deepEqual(more, [])
    assert.match((await node.register(key)).message!, /waits for approval/, 'an approval is good once')

    await decide(server, waiting!.RequestId, 'Refuse')
    assert.match((await other.register(key)).message!, /An administrator refused it/)
    assert.partialDeepStrictEqual(await requests(server, 'Refused'), [
      { RequestId: waiting!.RequestId, DecidedBy: 'arn:aws:iam::000000000000:root' },
    ])
    await decide(server, waiting!.RequestId, 'Approve')
    assert.equal((await other.register(key)).status, 200)
    assert.equal((await decide(server, waiting!.RequestId, 'Refuse')).json.__type, 'EnrolmentRequestNotFound')
    await server.client(SSMClient).send(new DeleteActivationCommand({ ActivationId: key.id }))
    assert.deepEqual(await requests(server), [], 'nobody waits for a key that is gone')
  })

  test(`HYB-14 a machine is let in by the name that was approved, and waits anew under another (${database})`, async () => {
    await using server = await startServer({ database })
    const key = await aKey(server, { NeedsApproval: true, RegistrationLimit: 1 })
    const node = new FakeNode(server)
    await node.register(key)
    await node.register(key, { ComputerName: 'web-1' })
    const [approved, ...more] = await requests(server)
    assert.partialDeepStrictEqual([approved, ...more], [{ State: 'Waiting', ComputerName: 'web-1' }])
    await decide(server, approved!.RequestId, 'Approve')
    assert.match((await node.register(key, { ComputerName: 'db-1' })).message!, /waits for approval/)
    const [renamed] = await requests(server, 'Waiting')
    assert.equal(renamed!.ComputerName, 'db-1')
    assert.equal((await decide(server, approved!.RequestId, 'Approve')).json.__type, 'EnrolmentRequestNotFound')

    await decide(server, renamed!.RequestId, 'Refuse')
    assert.match((await node.register(key, { ComputerName: 'web-1' })).message!, /An administrator refused it/)
    await decide(server, renamed!.RequestId, 'Approve')
    assert.equal((await node.register(key, { ComputerName: 'db-1' })).status, 200)
  })

  test(`HYB-14 a machine that did not ask for 30 days, nor was decided of, is forgotten (${database})`, async () => {
    await using server = await startServer({ database })
    const key = await aKey(server, { NeedsApproval: true })
    const machine = async (ComputerName: string) => {
      const node = new FakeNode(server)
      const ask = () => node.register(key, { ComputerName })
      await ask()
      const id = (await requests(server)).find((request) => request.ComputerName === ComputerName)!.RequestId
      return { ask, id }
    }
    const names = async () => (await requests(server)).map(({ ComputerName }) => ComputerName)
    await machine('silent')
    const [asking, decided, unused, refused] = [
      await machine('asking'),
      await machine('decided'),
      await machine('unused'),
      await machine('refused'),
    ]
    await decide(server, unused.id, 'Approve')
    await decide(server, refused.id, 'Refuse')
    await server.advance(29 * DAY_MS)
    await asking.ask()
    await decide(server, decided.id, 'Approve')
    await server.advance(2 * DAY_MS)
    assert.deepEqual(await names(), ['asking', 'decided'])
    for (const { ask } of [unused, refused]) assert.match((await ask()).message!, /waits for approval/)
    assert.equal((await decided.ask()).status, 200)
    await server.advance(30 * DAY_MS)
    assert.deepEqual(await names(), [])
  })

  test(`HYB-14 a name that is none is refused before anything is kept of it (${database})`, async () => {
    await using server = await startServer({ database })
    const key = await aKey(server, { NeedsApproval: true })
    const names = ['a\nb', 'a\0', 'a\x1b[2J', 'a\u202eb', 'a\ud800', 'x'.repeat(256)]
    for (const ComputerName of names) {
      const { code, message } = await new FakeNode(server).register(key, { ComputerName })
      assert.equal(code, 'ValidationException')
      assert.match(message!, /at 'computerName' failed/)
    }
    assert.deepEqual(await requests(server), [])
  })
}

test('HYB-14 whoever has the code of a large key cannot fill the database with machines that wait', async () => {
  await using server = await startServer()
  const key = await aKey(server, { NeedsApproval: true, RegistrationLimit: 1_000_000 })
  for (let asked = 0; asked < 1000; asked += 100)
    await Promise.all(Array.from({ length: 100 }, () => new FakeNode(server).register(key)))
  assert.match((await new FakeNode(server).register(key)).message!, /As many machines as may wait/)
})

test('HYB-14 a key is for machines of its ranges only, and says so in words that the agent prints', async () => {
  await using server = await startServer()
  const attempt = async (SourceRanges: string[]) => {
    const { code, message, status } = await new FakeNode(server).register(await aKey(server, { SourceRanges }))
    return status === 200 ? 'registered' : `${code}: ${message}`
  }
  assert.equal(await attempt(['10.0.0.0/8', '127.0.0.0/8']), 'registered')
  assert.equal(await attempt(['127.0.0.1']), 'registered')
  assert.equal(await attempt([]), 'registered')
  assert.equal(
    await attempt(['10.0.0.0/8', 'fd00::/8']),
    "InvalidActivation: The activation isn't valid for this machine. It is for machines that call from 10.0.0.0/8, fd00::/8; this one calls from 127.0.0.1.",
  )
})

test('HYB-14 a key is for machines whose host name fits, and may name them by it', async () => {
  await using server = await startServer()
  const key = await aKey(server, { HostNamePattern: 'web-*.example', DefaultInstanceName: 'lab {hostname}' })
  const node = new FakeNode(server)
  assert.match((await node.register(key)).message!, /named like web-\*\.example, and this agent does not tell/)
  assert.match((await node.register(key, { ComputerName: 'db-1.example' })).message!, /this one is db-1\.example\.$/)
  assert.equal((await node.register(key, { ComputerName: 'WEB-7.example' })).status, 200)
  const { InstanceInformationList } = await server.client(SSMClient).send(new DescribeInstanceInformationCommand({}))
  assert.equal(InstanceInformationList![0]!.Name, 'lab WEB-7.example')
  assert.equal((await keys(server))[0]!.RegistrationsCount, 1, 'refused machines use nothing up')
})

test('HYB-14 what a key cannot be is refused', async () => {
  await using server = await startServer()
  const refusal = async (more: object) => {
    const { json } = await call(server, 'CreateEnrolmentKey', { IamRole: 'ServiceRole', ...more })
    return `${json.__type}: ${json.message ?? json.Message}`
  }
  assert.match(await refusal({ SourceRanges: ['10.0.0.0/33'] }), /^InvalidParameters: 10\.0\.0\.0\/33 is no range/)
  assert.match(await refusal({ DefaultInstanceName: '{host}' }), /^InvalidParameters: Braces /)
  assert.match(await refusal({ ExpirationDate: 1_000_000 }), /^InvalidParameters: .* must be in the future/)
  assert.match(await refusal({ IamRole: 'a role' }), /^ValidationException: Not existing role/)
  assert.match(await refusal({ HostNamePattern: 'a b' }), /^ValidationException: /)
  assert.match(await refusal({ Tags: [{ Key: 'aws:x', Value: '' }] }), /^InvalidParameters: /)
})

test('HYB-14 a key takes more than an activation, and deciding takes a permission of its own', async () => {
  await using server = await startServer()
  const credentials = await aUser(server, 'ann')
  const create = () => call(server, 'CreateEnrolmentKey', { IamRole: 'ServiceRole' }, { credentials })
  await allowUser(server, 'ann', [{ Effect: 'Allow', Action: ['ssm:*', 'iam:PassRole'], Resource: '*' }])
  assert.match((await create()).text, /not authorized to perform: steward:CreateEnrolmentKey/)
  const decided = await call(
    server,
    'DecideEnrolmentRequest',
    { RequestId: `er-${'0'.repeat(17)}`, Decision: 'Approve' },
    { credentials },
  )
  assert.match(decided.text, /not authorized to perform: steward:DecideEnrolmentRequest/)
  await allowUser(server, 'ann', [
    { Effect: 'Allow', Action: ['steward:CreateEnrolmentKey', 'iam:PassRole'], Resource: '*' },
  ])
  assert.match((await create()).text, /not authorized to perform: ssm:CreateActivation/)
  await allowUser(server, 'ann', [{ Effect: 'Allow', Action: ['ssm:CreateActivation', 'steward:*'], Resource: '*' }])
  assert.match((await create()).text, /not authorized to perform: iam:PassRole/)
})
