import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { DescribeNodeResult } from '@steward/model/generated/steward.ts'
import { DATABASES, eventually, startServer, type TestServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { activate, FakeNode } from '../testing/fake-node.ts'

async function describe(server: TestServer, InstanceId: string): Promise<DescribeNodeResult> {
  const answer = await jsonCall(server, 'Steward.DescribeNode', { InstanceId }, { service: 'steward' })
  assert.equal(answer.status, 200, answer.text)
  return answer.json as unknown as DescribeNodeResult
}

const reason = async (server: TestServer, node: FakeNode) => (await describe(server, node.id)).Presence?.Reason

for (const database of DATABASES) {
  test(`AGT-18 a node is described with the reason why it is there or not (${database})`, async () => {
    await using server = await startServer({ database })
    const node = new FakeNode(server)
    await node.register(await activate(server, { Description: 'rack 4', Tags: [{ Key: 'env', Value: 'dev' }] }))
    const first = await describe(server, node.id)
    assert.equal(first.Presence?.Reason, 'NeverReported')
    assert.equal(first.Activation?.Description, 'rack 4')
    assert.deepEqual(first.Node?.Tags, [{ Key: 'env', Value: 'dev' }])
    await node.requestToken()
    await node.ping()
    assert.equal(await reason(server, node), 'Reporting')
    await server.advance(20 * 60_000)
    assert.equal(await reason(server, node), 'Silent')
    await server.advance(31 * 24 * 3600_000)
    assert.equal(await reason(server, node), 'LongSilent')
    const answer = await jsonCall(server, 'Steward.DescribeNode', { InstanceId: 'mi-0' }, { service: 'steward' })
    assert.equal(answer.json.__type, 'InvalidInstanceId')
  })

  test(`AGT-18 refusals of a node are remembered, and are why it is gone (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await FakeNode.enrol(server)
    await server.advance(20 * 60_000)
    await node.requestToken(randomUUID())
    await eventually(async () => (await reason(server, node)) === 'Duplicate')
    const { LastRefusal } = (await describe(server, node.id)).Presence ?? {}
    assert.equal(LastRefusal?.Code, 'MachineFingerprintDoesNotMatch')
    assert.equal(LastRefusal?.SourceIp, '127.0.0.1')
    await server.advance(60_000)
    const anHourAgo = new Date(server.house.clock.now().getTime() - 3600_000)
    const input = { Fingerprint: node.fingerprint }
    await node.signedWithKey('RequestManagedInstanceRoleToken', input, node.key, anHourAgo)
    await eventually(async () => (await reason(server, node)) === 'ClockSkew')
  })
}
