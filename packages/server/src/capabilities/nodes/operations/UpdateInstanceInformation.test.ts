import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DescribeInstanceInformationCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { FakeNode } from '../testing/fake-node.ts'

async function look(server: TestServer, node: FakeNode) {
  const { InstanceInformationList } = await server
    .client(SSMClient)
    .send(new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [node.id] }] }))
  return InstanceInformationList![0]!
}

test('AGT-04 the nearly empty report at the start of an agent erases nothing and moves LastPingDateTime', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  const before = await look(server, node)
  await server.advance(1000)
  assert.deepEqual((await node.ping('empty')).body, {})
  const after = await look(server, node)
  assert.ok(after.LastPingDateTime! > before.LastPingDateTime!)
  assert.deepEqual({ ...after, LastPingDateTime: 0 }, { ...before, LastPingDateTime: 0 })
})

test('AGT-05 a newer version of the agent on one node makes the others not the latest', async () => {
  await using server = await startServer()
  const [old, other] = [await FakeNode.enrol(server), await FakeNode.enrol(server, {}, { AgentName: 'steward-agent' })]
  assert.equal((await look(server, old)).IsLatestVersion, true)
  const newer = await FakeNode.enrol(server, {}, { AgentVersion: '3.10.0.0' })
  assert.equal((await look(server, old)).IsLatestVersion, false)
  assert.equal((await look(server, newer)).IsLatestVersion, true)
  assert.equal((await look(server, other)).IsLatestVersion, true, 'another agent')
  await old.ping({ AgentVersion: '3.10.0.0' })
  assert.equal((await look(server, old)).IsLatestVersion, true)
})

test('AGT-02 a node cannot report for another node, nor do anything that is not a node’s', async () => {
  await using server = await startServer()
  const [node, other] = [await FakeNode.enrol(server), await FakeNode.enrol(server)]
  const lie = await node.ping({ InstanceId: other.id, ComputerName: 'mine now' })
  assert.equal(lie.code, 'AccessDeniedException')
  assert.equal((await look(server, other)).ComputerName, 'a.example')
  for (const operation of ['DescribeInstanceInformation', 'DescribeActivations', 'ListNodes']) {
    assert.equal((await node.signedWithToken(operation, {})).code, 'AccessDeniedException', operation)
  }
  const tag = { ResourceType: 'ManagedInstance', ResourceId: node.id, Tags: [{ Key: 'role', Value: 'admin' }] }
  assert.equal((await node.signedWithToken('AddTagsToResource', tag)).code, 'AccessDeniedException')
  const role = { InstanceId: node.id, IamRole: 'Admin' }
  assert.equal((await node.signedWithToken('UpdateManagedInstanceRole', role)).code, 'AccessDeniedException')
  assert.equal(
    (await node.signedWithToken('DeregisterManagedInstance', { InstanceId: node.id })).code,
    'AccessDeniedException',
  )
})

for (const database of DATABASES) {
  test(`AGT-04 what a node says of itself cannot break the list it is shown in (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await FakeNode.enrol(server)
    const odd = {
      AgentVersion: 'abcdef',
      ComputerName: 'x'.repeat(5000),
      PlatformName: `\u0000\ud83d\ude00${'\ud83d\ude00'.repeat(60)}`,
      PlatformVersion: '',
    }
    assert.equal((await node.ping(odd)).status, 200)
    const shown = await look(server, node)
    assert.equal(shown.AgentVersion, '3.2.0.0')
    assert.equal(shown.ComputerName!.length, 255)
    assert.equal(shown.PlatformVersion, '12')
    assert.ok(shown.PlatformName!.startsWith('\ud83d\ude00'))
  })
}
