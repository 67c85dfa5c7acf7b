import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeleteActivationCommand,
  DescribeActivationsCommand,
  DescribeInstanceInformationCommand,
  ListTagsForResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { activate, FakeNode, newKey } from '../testing/fake-node.ts'

test('HYB-04 a machine with id and code of an activation becomes a node with its tags, name and role', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const activation = await activate(server, {
    DefaultInstanceName: 'web server',
    IamRole: 'service-role/WebRole',
    Tags: [{ Key: 'role', Value: 'web' }],
  })
  const node = new FakeNode(server)
  assert.equal((await node.register(activation)).status, 200)
  assert.match(node.id, /^mi-[0-9a-f]{17}$/)

  const tags = await ssm.send(new ListTagsForResourceCommand({ ResourceType: 'ManagedInstance', ResourceId: node.id }))
  assert.deepEqual(tags.TagList, [{ Key: 'role', Value: 'web' }])
  const { InstanceInformationList: list } = await ssm.send(new DescribeInstanceInformationCommand({}))
  assert.equal(list?.length, 1)
  assert.deepEqual(
    { id: list![0]!.InstanceId, name: list![0]!.Name, role: list![0]!.IamRole, activation: list![0]!.ActivationId },
    { id: node.id, name: 'web server', role: 'service-role/WebRole', activation: activation.id },
  )
  const activations = await ssm.send(new DescribeActivationsCommand({}))
  assert.equal(activations.ActivationList![0]!.RegistrationsCount, 1)
})

test('HYB-04 what is wrong with an activation is said in words that the agent prints', async () => {
  await using server = await startServer()
  const node = new FakeNode(server)
  const good = await activate(server)
  const attempt = async (activation: { id: string; code: string }, more = {}) => {
    const { status, code, message } = await node.register(activation, more)
    assert.equal(status, 400)
    return `${code}: ${message}`
  }
  assert.match(await attempt({ ...good, code: 'x'.repeat(20) }), /^InvalidActivation: The activation isn't valid\./)
  assert.match(await attempt({ ...good, id: crypto.randomUUID() }), /^InvalidActivationId: /)
  assert.match(await attempt(good, { ActivationCode: undefined }), /^InvalidActivation: /)
  await server.client(SSMClient).send(new DeleteActivationCommand({ ActivationId: good.id }))
  assert.match(await attempt(good), /^InvalidActivationId: /)

  const once = await activate(server)
  await node.register(once)
  assert.match(await attempt(once), /^InvalidActivation: .* made for 1 registration, and all are used\./)

  const short = await activate(server)
  await server.advance(24 * 3_600_000)
  assert.match(await attempt(short), /^InvalidActivation: .* It expired at /)
})

test('HYB-04 only an RSA key of 2048 bits is a key, and a refused key uses no registration up', async () => {
  await using server = await startServer()
  const activation = await activate(server)
  const node = new FakeNode(server)
  const small = newKey(1024).publicKey
  const big = newKey(3072).publicKey
  for (const PublicKey of [small.padEnd(392, 'A'), big, 'A'.repeat(392), '\u00e9'.repeat(392)]) {
    assert.equal((await node.register(activation, { PublicKey })).code, 'ValidationException')
  }
  assert.equal((await node.register(activation, { PublicKeyType: 'Ec' })).code, 'ValidationException')
  assert.equal((await node.register(activation)).status, 200)
})

test('HYB-05 a machine that registers again is another node; the former one is no longer there', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const activation = await activate(server, { RegistrationLimit: 2 })
  const node = new FakeNode(server)
  await node.register(activation)
  const former = node.id
  await node.register(activation)
  assert.notEqual(node.id, former)
  await node.requestToken()
  await node.ping()
  const { InstanceInformationList } = await ssm.send(new DescribeInstanceInformationCommand({}))
  const statuses = Object.fromEntries(
    InstanceInformationList!.map(({ InstanceId, PingStatus }) => [InstanceId, PingStatus]),
  )
  assert.deepEqual(statuses, { [former]: 'ConnectionLost', [node.id]: 'Online' })
})

for (const database of DATABASES) {
  test(`HYB-01 forty machines that register at once with an activation for seven make seven nodes (${database})`, async () => {
    await using server = await startServer({ database })
    const activation = await activate(server, { RegistrationLimit: 7 })
    const answers = await Promise.all(Array.from({ length: 40 }, () => new FakeNode(server).register(activation)))
    assert.equal(answers.filter(({ status }) => status === 200).length, 7)
    assert.ok(answers.filter(({ status }) => status !== 200).every(({ code }) => code === 'InvalidActivation'))
    const { ActivationList } = await server.client(SSMClient).send(new DescribeActivationsCommand({}))
    assert.equal(ActivationList![0]!.RegistrationsCount, 7)
  })
}
