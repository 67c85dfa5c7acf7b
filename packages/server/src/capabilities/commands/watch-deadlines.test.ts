import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeregisterManagedInstanceCommand } from '@aws-sdk/client-ssm'
import { DATABASES, eventually, type FakeAgent, startServer } from '@steward/testkit'
import type { TaskContext } from '#kernel/declare.ts'
import { RunCommand } from './testing/run-command.ts'
import { forgetOldCommands } from './watch-deadlines.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** The delivery time-out of these tests, and with it the total, since a step may run 3,600 s. */
const DELIVERY = { TimeoutSeconds: 30 }
const PAST_DELIVERY_MS = 31_000
const PAST_EXPIRY_MS = 3_631_000

for (const database of DATABASES) {
  test(`RC-10 what nobody took when the time is over is DeliveryTimedOut, and never runs (${database})`, async () => {
    await using server = await startServer({ database })
    const nodes = await server.fakeNodes(3, { connected: false })
    const run = new RunCommand(server)
    const id = await run.sendTo(nodes, DELIVERY)
    await run.untilTally(id, { Pending: 3 })
    await server.advance(PAST_EXPIRY_MS - MINUTE_MS)
    await run.untilTally(id, { Pending: 3 })
    await server.advance(MINUTE_MS)
    const command = await run.untilCommand(id, 'TimedOut/DeliveryTimedOut')
    assert.deepEqual(
      [command.TargetCount, command.CompletedCount, command.ErrorCount, command.DeliveryTimedOutCount],
      [3, 3, 0, 3],
    )
    assert.equal(await run.state(id, nodes[0]!), 'TimedOut/DeliveryTimedOut -1')
    await nodes[0]!.connect()
    await server.settle()
    assert.deepEqual(nodes[0]!.received, [])
  })

  test(`RC-10 after TimeoutSeconds nothing is handed out any more, though it is open until ExpiresAfter (${database})`, async () => {
    await using server = await startServer({ database })
    const [late, silent] = (await server.fakeNodes(2, { connected: false })) as [FakeAgent, FakeAgent]
    const run = new RunCommand(server)
    const id = await run.sendTo([late, silent], { ...DELIVERY, MaxConcurrency: '2' })
    await silent.connect()
    await silent.nextJob()
    await server.advance(PAST_DELIVERY_MS)
    await late.connect()
    await server.advance(15_000)
    assert.deepEqual(late.received, [])
    assert.equal(silent.deliveries(id), 1)
    await run.untilTally(id, { Pending: 1, Delayed: 1 })
    await server.advance(PAST_EXPIRY_MS)
    await run.untilCommand(id, 'TimedOut/DeliveryTimedOut')
  })

  test(`RC-10 RC-15 what was taken but not ended in time is DeliveryTimedOut too; a late result is kept (${database})`, async () => {
    await using server = await startServer({ database })
    const [quick, slow] = (await server.fakeNodes(2)) as [FakeAgent, FakeAgent]
    const run = new RunCommand(server)
    quick.autoRun()
    const id = await run.sendTo([quick, slow], { ...DELIVERY, MaxConcurrency: '2' })
    const job = await slow.nextJob()
    slow.ack(job)
    await run.untilTally(id, { Success: 1, InProgress: 1 })
    await server.advance(PAST_EXPIRY_MS)
    const command = await run.untilCommand(id, 'Success/Incomplete')
    assert.deepEqual([command.ErrorCount, command.DeliveryTimedOutCount, command.CompletedCount], [0, 1, 2])
    await slow.connect()
    await slow.untilAcknowledged(slow.finish(job, { code: 3, stdout: 'late' }))
    await server.settle()
    assert.equal(await run.state(id, slow), 'TimedOut/DeliveryTimedOut -1')
    assert.equal((await run.invocation(id, slow)).StandardOutputContent, 'late')
    assert.deepEqual(await run.command(id), command)
  })

  test(`RC-22 a cancellation that a node took and then keeps silent about counts after half a minute (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    const job = await node.nextJob()
    node.ack(job)
    await run.untilState(CommandId, node, 'InProgress/InProgress -1')
    await run.cancel(CommandId)
    const cancel = await node.nextJob('cancel')
    node.ack(cancel)
    node.reply(cancel, { status: 'InProgress' })
    await server.settle()
    await server.advance(15_000)
    await run.untilState(CommandId, node, 'Cancelling/Cancelling -1')
    await server.advance(20_000)
    await run.untilState(CommandId, node, 'Cancelled/Cancelled -1')
    const command = await run.untilCommand(CommandId, 'Cancelled/Cancelled')
    assert.deepEqual([command.CompletedCount, command.ErrorCount], [1, 0])

    // It works on it after all: it is told again, and its end is no news.
    node.reply(job, { status: 'InProgress' })
    const again = await node.nextJob('cancel')
    assert.notEqual(again.jobId, cancel.jobId)
    assert.equal(again.commandId, CommandId)
    node.ack(again)
    await node.untilAcknowledged(node.finish(job, { code: 137, status: 'Cancelled' }))
    await server.advance(MINUTE_MS)
    assert.equal(node.received.filter(({ kind }) => kind === 'cancel').length, 2)
    assert.deepEqual(await run.command(CommandId), command)
  })

  test(`RC-22 a cancellation that a node did not take is sent again (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    const job = await node.nextJob()
    node.ack(job)
    await run.untilState(CommandId, node, 'InProgress/InProgress -1')
    await run.cancel(CommandId)
    await node.nextJob('cancel')
    await server.advance(11_000)
    await node.nextJob('cancel')
    await node.vanish()
    await server.advance(11_000)
    await node.connect()
    node.ack(await node.nextJob('cancel'))
    node.finish(job, { code: 137, status: 'Cancelled' })
    await run.untilState(CommandId, node, 'Cancelled/Cancelled 137')
  })

  test(`X-28 RC-23 commands are forgotten when they ended longer ago than they are kept (${database})`, async () => {
    await using server = await startServer({ database, env: { STEWARD_COMMAND_RETENTION_DAYS: '30' } })
    const nodes = await server.fakeNodes(25)
    const run = new RunCommand(server)
    for (const node of nodes) {
      node.autoRun((job) => {
        node.output(job, { step: 'aws:runShellScript', stream: 'stdout', offset: 0, data: Buffer.from('hello') })
        return { stdout: 'hello' }
      })
    }
    const old = await run.sendTo(nodes, { MaxConcurrency: '100%' })
    const open = (await run.send({ InstanceIds: [nodes[0]!.id], TimeoutSeconds: 2_592_000 })).CommandId
    await run.untilCommand(old, 'Success/Success')
    await server.advance(20 * DAY_MS)
    const recent = (await run.send({ Targets: [{ Key: 'tag:role', Values: ['nobody'] }] })).CommandId
    await run.untilCommand(recent, 'Success/NoInstancesInTag')
    assert.equal((await run.invocations(old)).length, 25)
    await server.advance(10 * DAY_MS + MINUTE_MS)
    await eventually(async () => assert.deepEqual(await run.invocations(old), []))
    await eventually(async () => {
      const left = await run.listIds()
      assert.ok(!left.includes(old) && left.includes(recent) && !left.includes(open), `${left}`)
    })
  })
}

test('X-28 no command is looked for to be forgotten while the clock cannot be trusted', async () => {
  const context = {
    now: () => new Date('2030-01-01T00:00:00Z'),
    clockIsSteady: () => false,
    retention: { commandDays: 30 },
    read: () => assert.fail('looked for'),
    signal: new AbortController().signal,
  }
  assert.deepEqual(await forgetOldCommands.run(context as unknown as TaskContext), { forgotten: 0 })
})

test('RC-10 commands for a node that is registered no more are Undeliverable at once', async () => {
  await using server = await startServer()
  const [gone, stays] = (await server.fakeNodes(2)) as [FakeAgent, FakeAgent]
  const run = new RunCommand(server)
  stays.autoRun()
  await gone.vanish()
  const id = await run.sendTo([gone, stays])
  await run.untilTally(id, { Success: 1, Pending: 1 })
  await run.ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: gone.id }))
  await server.settle()
  assert.equal(await run.state(id, gone), 'Failed/Undeliverable -1')
  const command = await run.untilCommand(id, 'Success/Success')
  assert.deepEqual([command.CompletedCount, command.ErrorCount], [2, 0])
})

test('RC-10 RC-11 what a node began before it was deregistered ends before its time, and its place is free for another', async () => {
  await using server = await startServer()
  const gone = await server.fakeNode()
  const others = await server.fakeNodes(2, { connected: false })
  const run = new RunCommand(server)
  const id = await run.sendTo([gone, ...others], { MaxConcurrency: '1' })
  gone.ack(await gone.nextJob())
  await run.untilTally(id, { InProgress: 1, Pending: 2 })
  for (const node of others) {
    await node.connect()
    node.autoRun()
  }
  await run.ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: gone.id }))
  const command = await run.untilCommand(id, 'Success/Incomplete')
  assert.deepEqual([command.CompletedCount, command.ErrorCount, command.DeliveryTimedOutCount], [3, 0, 1])
  assert.equal(await run.state(id, gone), 'TimedOut/DeliveryTimedOut -1')
  const [ended] = await run.invocations(id, { InstanceId: gone.id })
  assert.equal(ended!.TraceOutput, 'The node is no longer registered.')
})

test('RC-10 what was being cancelled on a node that is deregistered is Cancelled', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  node.ack(await node.nextJob())
  await run.untilState(CommandId, node, 'InProgress/InProgress -1')
  await run.cancel(CommandId)
  await run.ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: node.id }))
  await run.untilCommand(CommandId, 'Cancelled/Cancelled')
})

test('RC-11 the time of a command whose invocations are being cancelled ends them as Cancelled', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id], ...DELIVERY })
  node.ack(await node.nextJob())
  await run.untilState(CommandId, node, 'InProgress/InProgress -1')
  await node.vanish()
  await run.cancel(CommandId)
  await server.advance(PAST_EXPIRY_MS)
  await run.untilState(CommandId, node, 'Cancelled/Cancelled -1')
  const command = await run.untilCommand(CommandId, 'Cancelled/Cancelled')
  assert.equal(command.DeliveryTimedOutCount, 0)
})

test('RC-10 a clock that jumps back and forth ends nothing too early and loses nothing', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  await server.advance(-DAY_MS)
  await node.connect()
  await server.settle()
  await run.untilState(CommandId, node, 'Pending/Pending -1')
  await server.advance(DAY_MS + 15_000)
  await eventually(() => node.deliveries(CommandId) > 2)
  node.finish(node.received.at(-1)!)
  await run.untilCommand(CommandId, 'Success/Success')
})
