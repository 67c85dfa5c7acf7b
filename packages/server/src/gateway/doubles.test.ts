import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { test } from 'node:test'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import type { DescribeNodeResult } from '@steward/model/generated/steward.ts'
import { DATABASES, eventually, type FakeAgent, startServer, type TestServer } from '@steward/testkit'
import { RunCommand } from '#capabilities/commands/testing/run-command.ts'
import { ALLOW_LOOPBACK, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { webhookRule } from '#capabilities/events/testing/webhook-rule.ts'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import type { Database } from '#db/database.ts'
import { jsonCall } from '#door/testing/raw-call.ts'
import { systemClock } from '#kernel/clock.ts'
import { DOUBLE_FOR_MS, type NodeDirectory } from '#kernel/declare.ts'
import { silentLogger } from '#kernel/logger.ts'
import { Doubles } from './doubles.ts'
import { channelToken, ec2messages, isAlive, openSocket, socketWith, tokenFrame } from './testing/node-calls.ts'

const LEASE_MS = 10_000

async function presence(server: TestServer, { id: InstanceId }: { id: string }) {
  const answer = await jsonCall(server, 'Steward.DescribeNode', { InstanceId }, { service: 'steward' })
  return (answer.json as unknown as DescribeNodeResult).Presence!
}

/** A node that is connected from two machines, the copy last. */
async function doubled(server: TestServer): Promise<{ node: FakeAgent; copy: FakeAgent }> {
  const node = await server.fakeNode()
  const copy = node.copy()
  await copy.connect()
  await server.settle()
  return { node, copy }
}

for (const database of DATABASES) {
  test(`AGT-19 a node that two machines are connected as is marked, told as an event, and marked no more an hour later (${database})`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ database, env: ALLOW_LOOPBACK })
    const pattern = { 'detail-type': ['Duplicate Node Identity'] }
    await webhookRule(server.client(EventBridgeClient), 'doubles', receiver.url, pattern)
    const { node, copy } = await doubled(server)
    assert.deepEqual([node.connected, copy.connected], [false, true], 'the newest counts')
    const { Reason, Status, Duplicate, Explanation } = await presence(server, node)
    assert.match(Explanation, /^Two machines are connected by this node’s name, both from 127\.0\.0\.1, /)
    assert.deepEqual([Reason, Status], ['TwoMachines', 'Online'])
    assert.deepEqual(Duplicate?.SourceIps, ['127.0.0.1', '127.0.0.1'])

    await server.advance(DOUBLE_FOR_MS / 2)
    await node.connect()
    await server.settle()
    const later = (await presence(server, node)).Duplicate!
    assert.equal(Number(later.LastDate) - Number(later.Since) >= DOUBLE_FOR_MS / 2000, true)
    copy.cut()
    await server.advance(DOUBLE_FOR_MS - 60_000)
    assert.equal((await presence(server, node)).Reason, 'TwoMachines')
    await server.advance(61_000)
    assert.equal((await presence(server, node)).Reason, 'Connected')

    await eventually(() => assert.notEqual(receiver.received.length, 0))
    await server.settle()
    assert.equal(receiver.received.length, 1, 'that it goes on is not told')
    const { source, detail } = JSON.parse(receiver.received[0]!.body)
    assert.deepEqual([source, detail['instance-id']], ['steward', node.id])
  })

  test(`AGT-19 a command is never sent to both of two machines with one id (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    await node.nextJob()
    const copy = node.copy()
    await copy.connect()
    await server.settle()
    await server.advance(LEASE_MS + 2_000)
    assert.equal(await run.state(CommandId, node), 'TimedOut/DeliveryTimedOut -1')
    const [invocation] = await run.invocations(CommandId, { Details: true })
    assert.match(invocation!.TraceOutput!, /^Two machines are connected by this node’s id/)
    await node.connect()
    await server.settle()
    assert.deepEqual([node.deliveries(CommandId), copy.deliveries(CommandId)], [1, 0])

    const next = (await run.send({ InstanceIds: [node.id] })).CommandId
    await node.runNext()
    await run.untilCommand(next, 'Success/Success')
    assert.equal(copy.deliveries(next), 0, 'the newest connection is given the jobs')
  })
}

test('AGT-19 a command that one of two machines took is ended by what it says, wherever it says it', async () => {
  await using server = await startServer()
  const { node, copy } = await doubled(server)
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const job = await copy.nextJob()
  copy.ack(job)
  await run.untilState(CommandId, node, 'InProgress/InProgress -1')
  await node.connect()
  await server.advance(2 * LEASE_MS)
  assert.equal(node.deliveries(CommandId), 0)
  await copy.connect()
  copy.finish(job)
  await run.untilCommand(CommandId, 'Success/Success')
})

test('AGT-19 a machine that comes back while its former connection seems open is one machine, and is sent again what it did not take', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  const former = openSocket(node, node.id, { autoPong: false })
  await once(former, 'open')
  former.send(tokenFrame(await channelToken(node)))
  assert.equal(await isAlive(former), true)
  const sent = once(former, 'message')
  await new RunCommand(server).send({ InstanceIds: [node.id] })
  await sent
  const newer = await socketWith(node, await channelToken(node))
  await once(newer, 'message')
  assert.equal((await presence(server, node)).Reason, 'Connected')
})

/** A node that polls with the credentials it is given; the one poll ends the other. */
async function poller(server: TestServer) {
  const node = await FakeNode.enrol(server)
  const token = async () => {
    await server.advance(1_000)
    await node.requestToken()
    return node.token!
  }
  let open: Promise<unknown> | undefined
  const poll = async (...tokens: (typeof node.token)[]) => {
    for (node.token of tokens) {
      const former = open
      open = ec2messages(node, 'GetMessages', { Destination: node.id, MessagesRequestId: randomUUID() })
      await (former ?? untilConnected(server, node))
      await server.settle()
    }
  }
  return { node, token, poll }
}

async function untilConnected(server: TestServer, node: FakeNode): Promise<void> {
  await eventually(() => server.house.isConnected(node.id))
}

test('AGT-19 two machines that poll with one node’s id, each with credentials of its own, are found out', async () => {
  await using server = await startServer()
  const { node, token, poll } = await poller(server)
  const [original, copy] = [await token(), await token()]
  await poll(original, copy, original, copy, original, copy, original, copy)
  assert.notEqual((await presence(server, node)).Reason, 'TwoMachines', 'a restart may look like this for a moment')
  await server.advance(60_000)
  await poll(original)
  const { Reason, Duplicate } = await presence(server, node)
  assert.equal(Reason, 'TwoMachines')
  assert.deepEqual(Duplicate?.SourceIps, ['127.0.0.1', '127.0.0.1'])
})

test('AGT-19 a machine that renews its credentials, restarts, or whose polls come late is one machine', async () => {
  await using server = await startServer()
  const { node, token, poll } = await poller(server)
  let last = await token()
  for (let renewed = 0; renewed < 4; renewed++) {
    const next = await token()
    await poll(last, last, next, last, next, next)
    await server.advance(120_000)
    await poll(next)
    last = next
  }
  assert.notEqual((await presence(server, node)).Reason, 'TwoMachines')
})

test('AGT-19 what was proven before a restart counts after it', async () => {
  const at = new Date(systemClock.now().getTime() - DOUBLE_FOR_MS / 2)
  const asked: Date[] = []
  const directory = {
    doubles: async (_reader: unknown, since: Date) => {
      asked.push(since)
      return [{ nodeId: 'mi-1', at }]
    },
  } as unknown as NodeDirectory
  const database = { read: (work: (reader: unknown) => unknown) => work(undefined) } as unknown as Database
  const doubles = new Doubles({ database, directory, clock: systemClock, log: silentLogger })
  assert.equal(doubles.machinesOf('mi-1'), 'one')
  await doubles.recall()
  assert.deepEqual([doubles.machinesOf('mi-1'), doubles.machinesOf('mi-2')], ['two', 'one'])
  assert.ok(asked[0]! < at)
})
