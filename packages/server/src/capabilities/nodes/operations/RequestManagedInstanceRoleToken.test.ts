import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeregisterManagedInstanceCommand,
  DescribeInstanceInformationCommand,
  SSMClient,
  UpdateManagedInstanceRoleCommand,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { activate, FakeNode, newKey } from '../testing/fake-node.ts'

test('HYB-10 a node gets credentials for an hour, with all five members that agents read', async () => {
  await using server = await startServer()
  const node = new FakeNode(server)
  await node.register(await activate(server))
  const { status, body } = await node.requestToken()
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body).sort(), [
    'AccessKeyId',
    'SecretAccessKey',
    'SessionToken',
    'TokenExpirationDate',
    'UpdateKeyPair',
  ])
  assert.equal(body.UpdateKeyPair, false)
  const seconds = (body.TokenExpirationDate as number) - server.house.clock.now().getTime() / 1000
  assert.ok(seconds > 3590 && seconds <= 3600, `${seconds}`)
  assert.equal((await node.ping('empty')).status, 200)

  await server.advance(3_601_000)
  assert.equal((await node.ping('empty')).code, 'ExpiredTokenException')
  assert.equal((await node.requestToken()).status, 200)
  assert.equal((await node.ping('empty')).status, 200)
})

test('HYB-04 a signature by another key, over another text or of another time proves nothing', async () => {
  await using server = await startServer()
  const node = new FakeNode(server)
  await node.register(await activate(server))
  const ask = (key = node.key, now = server.house.clock.now()) =>
    node.signedWithKey('RequestManagedInstanceRoleToken', { Fingerprint: node.fingerprint }, key, now)

  assert.equal((await ask(newKey())).code, 'InvalidSignatureException')
  const minute = 60_000
  const skewed = (minutes: number) => new Date(server.house.clock.now().getTime() + minutes * minute)
  assert.equal((await ask(node.key, skewed(-4))).status, 200)
  assert.equal((await ask(node.key, skewed(4))).status, 200)
  assert.equal((await ask(node.key, skewed(-6))).code, 'InvalidSignatureException')
  assert.equal((await ask(node.key, skewed(6))).code, 'InvalidSignatureException')
})

test('HYB-04 a secret key cannot stand in for the key of a node', async () => {
  await using server = await startServer()
  const node = new FakeNode(server)
  await node.register(await activate(server))
  await node.requestToken()
  const answer = await node.signedWithToken('RequestManagedInstanceRoleToken', { Fingerprint: node.fingerprint })
  assert.equal(answer.code, 'AccessDeniedException')
})

test('HYB-06 another machine with the same key is told that its fingerprint does not match', async () => {
  await using server = await startServer()
  const node = new FakeNode(server)
  await node.register(await activate(server))
  const { status, code } = await node.requestToken(crypto.randomUUID())
  assert.deepEqual({ status, code }, { status: 400, code: 'MachineFingerprintDoesNotMatch' })
  assert.equal((await node.requestToken()).status, 200)
})

test('HYB-07 after a rotation the former key is good until the new one is first used', async () => {
  await using server = await startServer()
  const node = new FakeNode(server)
  await node.register(await activate(server))
  const [former, next] = [node.key, newKey()]
  const rotation = { NewPublicKey: next.publicKey, NewPublicKeyType: 'Rsa' }
  assert.deepEqual((await node.signedWithKey('UpdateManagedInstancePublicKey', rotation)).body, {})
  assert.equal((await node.requestToken()).status, 200, 'the answer may have been lost')

  node.key = next
  assert.equal((await node.requestToken()).status, 200)
  node.key = former
  assert.equal((await node.requestToken()).code, 'InvalidSignatureException')
  assert.equal(
    (await node.signedWithKey('UpdateManagedInstancePublicKey', rotation)).code,
    'InvalidSignatureException',
    'a stolen old key cannot bring itself back',
  )
})

test('HYB-07 a rotation that is asked for twice with the former key keeps that key good, and takes the last new one', async () => {
  await using server = await startServer()
  const node = new FakeNode(server)
  await node.register(await activate(server))
  const [first, second] = [newKey(), newKey()]
  for (const { publicKey } of [first, second]) {
    const rotation = { NewPublicKey: publicKey, NewPublicKeyType: 'Rsa' }
    assert.equal((await node.signedWithKey('UpdateManagedInstancePublicKey', rotation)).status, 200)
  }
  const former = node.key
  node.key = first
  assert.equal((await node.requestToken()).code, 'InvalidSignatureException')
  node.key = former
  assert.equal((await node.requestToken()).status, 200)
  node.key = second
  assert.equal((await node.requestToken()).status, 200)
  const garbage = { NewPublicKey: 'A'.repeat(392), NewPublicKeyType: 'Rsa' }
  assert.equal((await node.signedWithKey('UpdateManagedInstancePublicKey', garbage)).code, 'ValidationException')
})

test('HYB-08 a deregistered node is gone at once, its credentials too, and it is told to stop asking', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const node = await FakeNode.enrol(server)
  await ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: node.id }))
  assert.deepEqual((await ssm.send(new DescribeInstanceInformationCommand({}))).InstanceInformationList, [])
  assert.equal((await node.ping()).code, 'UnrecognizedClientException')
  assert.equal((await node.requestToken()).code, 'AccessDeniedException')
  await assert.rejects(ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: node.id })), {
    name: 'InvalidInstanceId',
  })
})

test('HYB-09 another role is shown at once; a role that cannot be one is refused', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const node = await FakeNode.enrol(server)
  const give = (IamRole: string, InstanceId = node.id) =>
    ssm.send(new UpdateManagedInstanceRoleCommand({ InstanceId, IamRole }))
  await give('OtherRole')
  const { InstanceInformationList } = await ssm.send(new DescribeInstanceInformationCommand({}))
  assert.equal(InstanceInformationList![0]!.IamRole, 'OtherRole')
  await assert.rejects(give('a role'), { name: 'ValidationException' })
  await assert.rejects(give('aws-service-role/ssm.amazonaws.com/X'), { name: 'ValidationException' })
  await assert.rejects(give('OtherRole', 'mi-00000000000000000'), { name: 'InvalidInstanceId' })
  await assert.rejects(give('OtherRole', 'i-12345678'), { name: 'ValidationException' })
})
