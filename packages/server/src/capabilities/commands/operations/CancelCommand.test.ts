import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ackStatus, parseCancelCommand, parseJobId } from '@steward/protocol'
import { DATABASES, type FakeAgent, startServer } from '@steward/testkit'
import { RunCommand } from '../testing/run-command.ts'

const CANCELLED = { code: 137, status: 'Cancelled' } as const

for (const database of DATABASES) {
  test(`RC-22 RC-28 a running command is told to stop; it ends with code 137 and is no error (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    const job = await node.nextJob()
    node.ack(job)
    await run.untilState(CommandId, node, 'InProgress/InProgress -1')
    await run.cancel(CommandId)
    assert.equal(await run.state(CommandId, node), 'Cancelling/Cancelling -1')
    await run.untilCommand(CommandId, 'Cancelling/Cancelling')
    const cancel = await node.nextJob()
    assert.equal(cancel.kind, 'cancel')
    assert.match(cancel.topic, /^aws\.ssm\.cancelCommand/)
    assert.deepEqual(parseCancelCommand(cancel.content), { commandId: CommandId, nodeId: node.id })
    assert.notEqual(parseJobId(cancel.jobId).commandId, CommandId)
    assert.equal(parseJobId(cancel.jobId).nodeId, node.id)
    node.ack(cancel)
    await node.untilAcknowledged(node.reply(cancel, { status: 'InProgress' }))
    node.finish(job, { ...CANCELLED, stdout: 'so far' })
    await run.untilState(CommandId, node, 'Cancelled/Cancelled 137')
    const command = await run.untilCommand(CommandId, 'Cancelled/Cancelled')
    assert.deepEqual([command.CompletedCount, command.ErrorCount], [1, 0])
    assert.equal((await run.invocation(CommandId, node)).StandardOutputContent, 'so far')
    await server.advance(60_000)
    assert.equal(node.received.length, 2)
  })

  test(`RC-22 what waits is cancelled at once and never sent (${database})`, async () => {
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    const nodes = await server.fakeNodes(3, { connected: false })
    const id = await run.sendTo(nodes)
    await run.untilTally(id, { Pending: 3 })
    await run.cancel(id)
    const command = await run.untilCommand(id, 'Cancelled/Cancelled')
    assert.deepEqual([command.TargetCount, command.CompletedCount, command.ErrorCount], [3, 3, 0])
    assert.equal(await run.state(id, nodes[0]!), 'Cancelled/Cancelled -1')
    await nodes[0]!.connect()
    await server.settle()
    assert.deepEqual(nodes[0]!.received, [])
  })

  test(`RC-22 in the middle of a rollout what waits ends, what runs is stopped, what ended stays (${database})`, async () => {
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    const nodes = await server.fakeNodes(6)
    nodes.sort((a, b) => (a.id < b.id ? -1 : 1))
    const [done, two, three, ...rest] = nodes as [FakeAgent, FakeAgent, FakeAgent, ...FakeAgent[]]
    const id = await run.sendTo(nodes, { MaxConcurrency: '2' })
    await done.runNext()
    const jobs = [await two.nextJob(), await three.nextJob()] as const
    two.ack(jobs[0])
    three.ack(jobs[1])
    await run.untilTally(id, { Success: 1, InProgress: 2, Pending: 3 })
    await run.cancel(id)
    assert.deepEqual(await run.tally(id), { Success: 1, Cancelling: 2, Cancelled: 3 })
    two.finish(jobs[0], CANCELLED)
    three.finish(jobs[1], CANCELLED)
    const command = await run.untilCommand(id, 'Success/Incomplete')
    assert.deepEqual([command.TargetCount, command.CompletedCount, command.ErrorCount], [6, 6, 0])
    assert.deepEqual(await run.tally(id), { Success: 1, Cancelled: 5 })
    assert.ok(rest.every(({ received }) => received.length === 0))
  })
}

test('RC-22 RC-11 some nodes may be named; the others go on', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const [one, two] = (await server.fakeNodes(2)) as [FakeAgent, FakeAgent]
  const { CommandId } = await run.send({ InstanceIds: [one.id, two.id] })
  const job = await one.nextJob()
  one.ack(job)
  const other = await two.nextJob()
  two.ack(other)
  await run.untilTally(CommandId, { InProgress: 2 })
  await run.cancel(CommandId, [one.id])
  await one.nextJob('cancel')
  await run.untilTally(CommandId, { Cancelling: 1, InProgress: 1 })
  await run.untilCommand(CommandId, 'Cancelling/Cancelling')
  one.finish(job, CANCELLED)
  await run.untilCommand(CommandId, 'InProgress/InProgress')
  two.finish(other)
  const command = await run.untilCommand(CommandId, 'Success/Incomplete')
  assert.deepEqual([command.CompletedCount, command.ErrorCount], [2, 0])
})

test('RC-22 a place that a cancellation frees is given to the next node', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const nodes = await server.fakeNodes(2)
  nodes.sort((a, b) => (a.id < b.id ? -1 : 1))
  const [one, two] = nodes as [FakeAgent, FakeAgent]
  const id = await run.sendTo(nodes, { MaxConcurrency: '1' })
  const job = await one.nextJob()
  one.ack(job)
  await run.untilState(id, one, 'InProgress/InProgress -1')
  await run.cancel(id, [one.id])
  await server.settle()
  assert.deepEqual(two.received, [])
  one.finish(job, CANCELLED)
  await two.runNext()
  await run.untilCommand(id, 'Success/Incomplete')
})

test('RC-10 work that had ended before the cancellation keeps its true status', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  for (const [result, state] of [
    [{ code: 0 }, 'Success/Success 0'],
    [{ code: 5 }, 'Failed/Failed 5'],
    [{ code: 137, status: 'TimedOut' }, 'TimedOut/ExecutionTimedOut 137'],
  ] as const) {
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    const job = await node.nextJob('command')
    node.ack(job)
    await run.untilState(CommandId, node, 'InProgress/InProgress -1')
    await run.cancel(CommandId)
    node.ack(await node.nextJob('cancel'))
    node.finish(job, result)
    await run.untilState(CommandId, node, state)
  }
})

test('RC-22 what was sent and not yet taken is cancelled when the node is away, silent, full or unwilling', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  for (const answer of [
    (node: FakeAgent) => node.vanish(),
    () => {},
    (node: FakeAgent) => node.ack(node.received[0]!, ackStatus.processorBufferFull),
    (node: FakeAgent) => node.ack(node.received[0]!, ackStatus.invalidDocument),
  ]) {
    const node = await server.fakeNode()
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    await node.nextJob()
    await run.cancel(CommandId)
    await run.untilState(CommandId, node, 'Cancelling/Cancelling -1')
    await node.nextJob('cancel')
    await answer(node)
    await server.settle()
    await server.advance(11_000)
    await run.untilState(CommandId, node, 'Cancelled/Cancelled -1')
    if (!node.connected) await node.connect()
    await server.settle()
    await server.advance(11_000)
    assert.equal(node.deliveries(CommandId), 1, 'it is not sent again')
  }
})

test('RC-22 a command that a node takes while it is being cancelled is told to stop', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const job = await node.nextJob()
  await run.cancel(CommandId)
  node.ack(job)
  await server.settle()
  assert.equal(await run.state(CommandId, node), 'Cancelling/Cancelling -1')
  node.ack(await node.nextJob('cancel'))
  node.finish(job, CANCELLED)
  await run.untilState(CommandId, node, 'Cancelled/Cancelled 137')
  await run.untilCommand(CommandId, 'Cancelled/Cancelled')
})

test('RC-22 a node that is away is told when it comes back', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const job = await node.nextJob()
  node.ack(job)
  await run.untilState(CommandId, node, 'InProgress/InProgress -1')
  await node.vanish()
  await run.cancel(CommandId)
  await server.advance(60_000)
  await run.untilState(CommandId, node, 'Cancelling/Cancelling -1')
  await node.connect()
  node.ack(await node.nextJob('cancel'))
  node.finish(job, CANCELLED)
  await run.untilState(CommandId, node, 'Cancelled/Cancelled 137')
})

test('RC-22 cancelling twice, or what has ended, is no error and changes nothing', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const job = await node.nextJob()
  node.ack(job)
  await run.untilState(CommandId, node, 'InProgress/InProgress -1')
  await run.cancel(CommandId)
  await run.cancel(CommandId, [node.id])
  node.ack(await node.nextJob('cancel'))
  await server.settle()
  assert.equal(node.received.length, 2)
  node.finish(job)
  const ended = await run.untilCommand(CommandId, 'Success/Success')
  await run.cancel(CommandId)
  await run.cancel(CommandId, [node.id])
  await server.settle()
  assert.deepEqual(await run.command(CommandId), ended)
  assert.equal(node.received.length, 2)
})

test('RC-28 an unknown command is InvalidCommandId; a node that it was not sent to is InvalidInstanceId', async () => {
  await using server = await startServer()
  const [node, other] = (await server.fakeNodes(2)) as [FakeAgent, FakeAgent]
  const run = new RunCommand(server)
  await assert.rejects(run.cancel('00000000-0000-4000-8000-000000000000'), { name: 'InvalidCommandId' })
  await assert.rejects(run.cancel('short'), { name: 'ValidationException' })
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const wrong = run.cancel(CommandId, [node.id, other.id])
  await assert.rejects(wrong, { name: 'InvalidInstanceId', message: new RegExp(other.id) })
  await assert.rejects(run.cancel(CommandId, [node.id, node.id]), { name: 'DuplicateInstanceId' })
  await run.untilState(CommandId, node, 'Pending/Pending -1')
})
