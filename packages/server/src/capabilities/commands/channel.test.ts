import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { CreateDocumentCommand } from '@aws-sdk/client-ssm'
import {
  ackStatus,
  encodeAgentMessage,
  isFinal,
  jobIdOf,
  messageType,
  type ResultStatus,
  resultStatuses,
} from '@steward/protocol'
import { DATABASES, eventually, type FakeAgent, type FakeJob, startServer } from '@steward/testkit'
import { RunCommand } from './testing/run-command.ts'

const LEASE_MS = 10_000
const UNKNOWN = '00000000-0000-4000-8000-000000000000'

for (const database of DATABASES) {
  test(`RC-10 a command goes from Pending over InProgress to Success (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    const job = await node.nextJob()
    assert.equal(await run.state(CommandId, node), 'Pending/Pending -1')
    await run.untilCommand(CommandId, 'Pending/Pending')
    node.ack(job)
    await run.untilState(CommandId, node, 'InProgress/InProgress -1')
    await run.untilCommand(CommandId, 'InProgress/InProgress')
    const reply = node.finish(job, { stdout: 'hello\n' })
    await node.untilAcknowledged(reply)
    assert.equal(await run.state(CommandId, node), 'Success/Success 0')
    const command = await run.untilCommand(CommandId, 'Success/Success')
    assert.deepEqual([command.TargetCount, command.CompletedCount, command.ErrorCount], [1, 1, 0])
  })

  test(`RC-10 what a node does not acknowledge is sent again after ten seconds, and is Delayed (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    await node.nextJob()
    await server.advance(LEASE_MS / 2)
    assert.equal(node.deliveries(CommandId), 1)
    await server.advance(LEASE_MS / 2 + 1_000)
    const again = await node.nextJob()
    assert.equal(await run.state(CommandId, node), 'Delayed/Delayed -1')
    node.ack(again)
    await run.untilState(CommandId, node, 'InProgress/InProgress -1')
    await server.advance(4 * LEASE_MS)
    await server.settle()
    assert.equal(node.deliveries(CommandId), 2, 'after the acknowledgement never again')
    node.finish(again)
    const command = await run.untilCommand(CommandId, 'Success/Success')
    assert.equal(command.CompletedCount, 1)
  })

  test(`RC-10 after the acknowledgement a node that comes back is not sent the command again (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    const job = await node.nextJob()
    node.ack(job)
    await run.untilState(CommandId, node, 'InProgress/InProgress -1')
    await node.vanish()
    await server.advance(2 * LEASE_MS)
    await node.connect()
    await server.settle()
    assert.equal(node.deliveries(CommandId), 1)
    node.finish(job, { code: 3, stderr: 'oops' })
    await run.untilState(CommandId, node, 'Failed/Failed 3')
  })

  test(`RC-10 a node that comes back is sent at once what it did not acknowledge (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const first = (await run.send({ InstanceIds: [node.id] })).CommandId
    const taken = await node.nextJob()
    node.ack(taken)
    await run.untilState(first, node, 'InProgress/InProgress -1')
    const second = (await run.send({ InstanceIds: [node.id] })).CommandId
    await node.nextJob()
    await run.cancel(first)
    const cancel = await node.nextJob('cancel')
    await node.connect()
    const again = await node.nextJob('command')
    assert.equal(again.commandId, second)
    assert.equal((await node.nextJob('cancel')).jobId, cancel.jobId)
    node.ack(again)
    node.finish(again)
    await run.untilState(second, node, 'Success/Success 0')
    await server.settle()
    assert.equal(node.deliveries(first), 1)
  })

  test(`RC-10 an acknowledgement that comes after the lease counts (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    const job = await node.nextJob()
    await node.vanish()
    await server.advance(LEASE_MS + 2_000)
    await run.untilState(CommandId, node, 'Pending/Pending -1')
    await node.connect()
    node.ack(job)
    await run.untilState(CommandId, node, 'InProgress/InProgress -1')
    // It may have been sent again as the node came back, a moment before.
    for (const again of node.received.slice(1)) node.ack(again, ackStatus.duplicateCommand)
    node.finish(job)
    const command = await run.untilCommand(CommandId, 'Success/Success')
    assert.equal(command.CompletedCount, 1)
  })

  test(`RC-24 a node is given five commands at a time, in order, and the next when one ends (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const sent: string[] = []
    for (let i = 0; i < 8; i++) sent.push((await run.send({ InstanceIds: [node.id] })).CommandId)
    const jobs: FakeJob[] = []
    for (let i = 0; i < 5; i++) jobs.push(await node.nextJob())
    assert.deepEqual(
      jobs.map(({ commandId }) => commandId),
      sent.slice(0, 5),
    )
    for (const job of jobs) node.ack(job)
    await server.settle()
    assert.equal(node.received.length, 5)
    assert.equal(await run.state(sent[5]!, node), 'Pending/Pending -1')
    node.finish(jobs[2]!)
    assert.equal((await node.nextJob()).commandId, sent[5])
    await server.settle()
    assert.equal(node.received.length, 6)
  })

  test(`RC-10 a node that is full says so and is sent the command a little later (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const { CommandId } = await run.send({ InstanceIds: [node.id] })
    node.ack(await node.nextJob(), ackStatus.processorBufferFull)
    await run.untilState(CommandId, node, 'Delayed/Delayed -1')
    await server.settle()
    assert.equal(node.deliveries(CommandId), 1)
    await server.advance(5_100)
    await node.runNext()
    const command = await run.untilCommand(CommandId, 'Success/Success')
    assert.deepEqual([command.CompletedCount, command.ErrorCount], [1, 0])
  })

  test(`RC-10 a node that refuses the document makes it Undeliverable, which is no error (${database})`, async () => {
    await using server = await startServer({ database })
    const nodes = await server.fakeNodes(5)
    const run = new RunCommand(server)
    const id = await run.sendTo(nodes, { MaxConcurrency: '5' })
    for (const node of nodes.slice(1))
      node.nextJob().then(
        (job) => node.ack(job, ackStatus.invalidDocument),
        () => {},
      )
    nodes[0]!.autoRun()
    const command = await run.untilCommand(id, 'Success/Success')
    assert.deepEqual([command.TargetCount, command.CompletedCount, command.ErrorCount], [5, 5, 0])
    assert.equal(await run.state(id, nodes[1]!), 'Failed/Undeliverable -1')
    const refused = (await run.invocations(id)).find(({ InstanceId }) => InstanceId === nodes[1]!.id)
    assert.match(refused!.TraceOutput!, /refused the command: InvalidDocument/)
  })

  test(`AGT-07a RC-15 replies in any order, repeated and late, come to the same result (${database})`, async () => {
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    await makeTwoSteps(run, 'TwoSteps')
    const orders = permutations(['first', 'stepOne', 'stepTwo', 'last'])
    const nodes = await server.fakeNodes(orders.length)
    const id = await run.sendTo(nodes, {
      DocumentName: 'TwoSteps',
      Parameters: {},
      MaxConcurrency: '100%',
      MaxErrors: '100%',
    })
    await Promise.all(nodes.map((node, index) => replyInOrder(node, orders[index]!, index)))
    const command = await run.untilCommand(id, 'Failed/Incomplete')
    assert.deepEqual([command.TargetCount, command.CompletedCount, command.ErrorCount], [24, 24, 24])
    for (const node of nodes) {
      await eventually(async () => {
        const one = await run.invocation(id, node, 'stepOne')
        const two = await run.invocation(id, node, 'stepTwo')
        const whole = await run.invocation(id, node)
        assert.deepEqual([one.Status, one.ResponseCode, one.StandardOutputContent], ['Failed', 3, 'first'])
        assert.deepEqual([two.Status, two.ResponseCode, two.StandardOutputContent], ['Success', 0, 'second'])
        assert.deepEqual([whole.Status, whole.ResponseCode, whole.StandardOutputContent], ['Failed', 3, ''])
      })
    }
  })
}

test('RC-10 a reply that arrives before the acknowledgement counts as one', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const job = await node.nextJob()
  node.reply(job, { status: 'InProgress' })
  await run.untilState(CommandId, node, 'InProgress/InProgress -1')
  node.finish(job)
  await run.untilState(CommandId, node, 'Success/Success 0')
  node.ack(job)
  await server.settle()
  assert.equal(await run.state(CommandId, node), 'Success/Success 0')
  assert.equal((await run.command(CommandId)).CompletedCount, 1)
})

test('RC-10 the last reply may be the only one', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  node.finish(await node.nextJob(), { code: 7 })
  const command = await run.untilCommand(CommandId, 'Failed/Failed')
  assert.deepEqual([command.CompletedCount, command.ErrorCount], [1, 1])
  assert.equal(await run.state(CommandId, node), 'Failed/Failed 7')
})

test('RC-14 acknowledgements and replies that come many times are counted once', async () => {
  await using server = await startServer()
  const nodes = await server.fakeNodes(3)
  const run = new RunCommand(server)
  const id = await run.sendTo(nodes, { MaxConcurrency: '3', MaxErrors: '3' })
  await Promise.all(
    nodes.map(async (node) => {
      const job = await node.nextJob()
      for (let i = 0; i < 5; i++) node.ack(job)
      for (let i = 0; i < 5; i++) node.finish(job, { code: 1 })
      node.ack(job, ackStatus.duplicateCommand)
    }),
  )
  const command = await run.untilCommand(id, 'Failed/Incomplete')
  await server.settle()
  assert.deepEqual(await run.command(id), command)
  assert.deepEqual([command.TargetCount, command.CompletedCount, command.ErrorCount], [3, 3, 3])
})

test('RC-10 a command that the node has already is taken; a code nobody knows means later', async () => {
  await using server = await startServer()
  const [one, two] = (await server.fakeNodes(2)) as [FakeAgent, FakeAgent]
  const run = new RunCommand(server)
  const first = (await run.send({ InstanceIds: [one.id] })).CommandId
  one.ack(await one.nextJob(), ackStatus.duplicateCommand)
  await run.untilState(first, one, 'InProgress/InProgress -1')
  const second = (await run.send({ InstanceIds: [two.id] })).CommandId
  two.ack(await two.nextJob(), { statusCode: '59999', errorMessage: 'Whatever', verdict: 'later' })
  await run.untilState(second, two, 'Delayed/Delayed -1')
})

test('RC-15 a final status never changes', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const job = await node.nextJob()
  node.ack(job)
  node.finish(job, { code: 4 })
  const ended = await run.untilCommand(CommandId, 'Failed/Failed')
  const replies = [
    node.finish(job, { code: 0 }),
    node.reply(job, { status: 'InProgress' }),
    node.reply(job, { status: 'Cancelled' }),
  ]
  for (const reply of replies) await node.untilAcknowledged(reply)
  node.ack(job, ackStatus.invalidDocument)
  node.ack(job, ackStatus.processorBufferFull)
  await server.settle()
  assert.deepEqual(await run.command(CommandId), ended)
  assert.equal(await run.state(CommandId, node), 'Failed/Failed 4')
})

test('AGT-11 a node that restarts keeps its command open until it is really over', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const job = await node.nextJob()
  node.ack(job)
  const step = { 'aws:runShellScript': { code: 194, status: 'SuccessAndReboot', stdout: 'before\n' } } as const
  await node.untilAcknowledged(node.reply(job, { status: 'SuccessAndReboot', steps: step }))
  assert.equal(await run.state(CommandId, node), 'InProgress/InProgress -1')
  await node.vanish()
  await server.advance(60_000)
  await node.connect()
  node.finish(job, { stdout: 'before\nafter\n' })
  await run.untilState(CommandId, node, 'Success/Success 0')
  assert.equal((await run.invocation(CommandId, node)).StandardOutputContent, 'before\nafter\n')
  assert.equal(node.deliveries(CommandId), 1)
})

test('RC-11 an execution that ran over its time makes the command Failed and counts as an error', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  node.autoRun(() => ({ status: 'TimedOut', code: 137 }))
  const command = await run.untilCommand(CommandId, 'Failed/Failed')
  assert.deepEqual([command.ErrorCount, command.DeliveryTimedOutCount], [1, 0])
  assert.equal(await run.state(CommandId, node), 'TimedOut/ExecutionTimedOut 137')
})

test('RC-16 skipped steps count as successes', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  await makeTwoSteps(run, 'Skipping')
  const { CommandId } = await run.send({ InstanceIds: [node.id], DocumentName: 'Skipping', Parameters: {} })
  const job = await node.nextJob()
  node.ack(job)
  node.reply(job, { status: 'InProgress', steps: { stepOne: { code: 168, status: 'Success' } } })
  node.reply(job, { status: 'InProgress', steps: { stepTwo: { status: 'Skipped', stdout: 'skipped' } } })
  node.reply(job, { status: 'Success' })
  await run.untilState(CommandId, node, 'Success/Success 0')
  const [invocation] = await run.invocations(CommandId, { Details: true })
  assert.deepEqual(
    invocation!.CommandPlugins!.map(({ Name, Status, ResponseCode }) => [Name, Status, ResponseCode]),
    [
      ['stepOne', 'Success', 168],
      ['stepTwo', 'Success', 0],
    ],
  )
})

test('RC-09 a command reaches every status that it can have, and an invocation Delayed besides', async () => {
  await using server = await startServer()
  const [away, ...nodes] = await Promise.all([server.fakeNode({ connected: false }), ...(await server.fakeNodes(6))])
  const [taking, succeeding, failing, stopping, stopped, silent] = nodes as FakeAgent[]
  const run = new RunCommand(server)
  const send = async (node: FakeAgent) => (await run.send({ InstanceIds: [node.id], TimeoutSeconds: 30 })).CommandId

  const timedOut = await send(away)
  await server.advance(2 * 3600_000)
  await run.untilCommand(timedOut, 'TimedOut/DeliveryTimedOut')
  const delayed = await send(silent!)
  await silent!.nextJob()
  await server.advance(LEASE_MS + 1_000)
  await run.untilState(delayed, silent!, 'Delayed/Delayed -1')

  const pending = await send(away)
  const running = await send(taking!)
  taking!.ack(await taking!.nextJob())
  const succeeded = await send(succeeding!)
  await succeeding!.runNext()
  const failed = await send(failing!)
  await failing!.runNext({ code: 1 })
  const cancelled = await send(stopped!)
  const stoppedJob = await stopped!.nextJob()
  stopped!.ack(stoppedJob)
  const cancelling = await send(stopping!)
  stopping!.ack(await stopping!.nextJob())
  await run.untilCommand(cancelled, 'InProgress/InProgress')
  await run.untilCommand(cancelling, 'InProgress/InProgress')
  for (const commandId of [cancelled, cancelling]) await run.cancel(commandId)
  stopped!.finish(stoppedJob, { code: 137, status: 'Cancelled' })
  for (const [commandId, status] of [
    [pending, 'Pending/Pending'],
    [running, 'InProgress/InProgress'],
    [succeeded, 'Success/Success'],
    [failed, 'Failed/Failed'],
    [cancelled, 'Cancelled/Cancelled'],
    [cancelling, 'Cancelling/Cancelling'],
    [timedOut, 'TimedOut/DeliveryTimedOut'],
  ] as const)
    await run.untilCommand(commandId, status)
})

test('AGT-12 every state that agents report is one of those that callers know', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const states = {
    NotStarted: 'InProgress/InProgress -1',
    InProgress: 'InProgress/InProgress -1',
    SuccessAndReboot: 'InProgress/InProgress -1',
    PassedAndReboot: 'InProgress/InProgress -1',
    Success: 'Success/Success 0',
    Skipped: 'Success/Success 0',
    Failed: 'Failed/Failed 0',
    TimedOut: 'TimedOut/ExecutionTimedOut 0',
    Cancelled: 'Cancelled/Cancelled 0',
  } as const satisfies Record<ResultStatus, string>
  assert.deepEqual(Object.keys(states).sort(), resultStatuses.toSorted())
  const step = (name: string) => ({ action: 'aws:runShellScript', name, inputs: { runCommand: ['true'] } })
  const Content = JSON.stringify({
    schemaVersion: '2.2',
    mainSteps: resultStatuses.map((status) => step(`is${status}`)),
  })
  await run.ssm.send(new CreateDocumentCommand({ Name: 'States', DocumentType: 'Command', Content }))

  for (const status of resultStatuses) {
    const { CommandId } = await run.send({ InstanceIds: [node.id], DocumentName: 'States', Parameters: {} })
    const job = await node.nextJob()
    node.ack(job)
    const steps = Object.fromEntries(
      resultStatuses.map((state) => [`is${state}`, { status: state, stdout: state === 'Skipped' ? 'why' : '' }]),
    )
    await node.untilAcknowledged(node.reply(job, { status: 'InProgress', steps }))
    const [invocation] = await run.invocations(CommandId, { Details: true })
    const told = invocation!.CommandPlugins!.map(({ Name, Status, StatusDetails, ResponseCode }) => [
      Name,
      `${Status}/${StatusDetails} ${ResponseCode}`,
    ])
    assert.deepEqual(
      told,
      resultStatuses.map((state) => [`is${state}`, states[state]]),
    )
    const skipped = invocation!.CommandPlugins!.find(({ Name }) => Name === 'isSkipped')
    assert.equal(skipped!.Output, 'why', 'a skipped step succeeds with a message')
    await node.untilAcknowledged(node.reply(job, { status }))
    assert.equal((await run.state(CommandId, node)).split(' ')[0], states[status].split(' ')[0])
    if (!isFinal(status)) await node.untilAcknowledged(node.reply(job, { status: 'Success' }))
  }
})

test('X-12 a node speaks for itself only: what it says of the jobs of others changes nothing', async () => {
  await using server = await startServer()
  const [node, liar] = (await server.fakeNodes(2)) as [FakeAgent, FakeAgent]
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const job = await node.nextJob()
  liar.ack(job)
  await liar.untilAcknowledged(liar.finish(job, { stdout: 'lies' }))
  liar.output(job, { step: 'aws:runShellScript', stream: 'stdout', offset: 0, data: Buffer.from('lies') })
  // Its own job id, but a command that it was never sent.
  const own = { ...job, jobId: jobIdOf(CommandId, liar.id) }
  liar.ack(own)
  await liar.untilAcknowledged(liar.finish(own, { stdout: 'lies' }))
  await server.settle()
  assert.equal(await run.state(CommandId, node), 'Pending/Pending -1')
  assert.ok(liar.connected)
})

test('RC-10 replies that cannot be read or that nobody waits for are acknowledged and change nothing', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  const job = await node.nextJob()
  node.ack(job)
  await run.untilState(CommandId, node, 'InProgress/InProgress -1')
  const unknown = { jobId: jobIdOf(UNKNOWN, node.id), topic: job.topic }
  const contents = [
    'not json',
    '[]',
    '{}',
    '{"documentStatus":"Done"}',
    '{"documentStatus":"Success","runtimeStatus":{"a":1}}',
  ]
  for (const content of contents) await node.untilAcknowledged(node.replyText(job, content))
  await node.untilAcknowledged(node.reply(unknown, { status: 'Success' }))
  node.ack({ ...job, jobId: unknown.jobId })
  node.ack({ ...job, jobId: 'nonsense' })
  for (const payload of ['', 'not json', '{}']) {
    const id = randomUUID()
    node.send(messageType.agentJobReply, payload, id)
    await node.untilAcknowledged(id)
  }
  node.send(messageType.agentJobAck, '{}')
  node.send('something_new', '{}')
  node.sendBytes(Buffer.from('not a frame'))
  node.sendBytes(brokenDigest())
  await server.settle()
  assert.ok(node.connected)
  assert.equal(await run.state(CommandId, node), 'InProgress/InProgress -1')
  node.finish(job)
  await run.untilState(CommandId, node, 'Success/Success 0')
})

test('AGT-19 of two connections of a node the newer one is given the jobs', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  await node.connect()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  await node.runNext()
  await run.untilCommand(CommandId, 'Success/Success')
})

async function makeTwoSteps(run: RunCommand, Name: string): Promise<void> {
  const step = (name: string) => ({ action: 'aws:runShellScript', name, inputs: { runCommand: ['true'] } })
  const Content = JSON.stringify({ schemaVersion: '2.2', mainSteps: [step('stepOne'), step('stepTwo')] })
  await run.ssm.send(new CreateDocumentCommand({ Name, DocumentType: 'Command', Content }))
}

/** Sends the four replies of a document whose first step fails, in the given order, some of them twice. */
async function replyInOrder(node: FakeAgent, order: readonly string[], seed: number): Promise<void> {
  const job = await node.nextJob()
  if (seed % 3 > 0) node.ack(job)
  const one = {
    code: 3,
    stdout: 'first',
    startDateTime: '2026-01-01T00:00:01.000Z',
    endDateTime: '2026-01-01T00:00:02.000Z',
  }
  const two = {
    code: 0,
    stdout: 'second',
    startDateTime: '2026-01-01T00:00:02.000Z',
    endDateTime: '2026-01-01T00:00:03.000Z',
  }
  const send: Record<string, () => void> = {
    first: () => node.reply(job, { status: 'InProgress' }),
    stepOne: () => node.reply(job, { status: 'InProgress', steps: { stepOne: one } }),
    stepTwo: () => node.reply(job, { status: 'InProgress', steps: { stepTwo: two } }),
    last: () => node.reply(job, { status: 'Failed' }),
  }
  for (const [index, name] of order.entries()) {
    send[name]!()
    if ((seed >> index) % 2 === 1) send[name]!()
  }
  if (seed % 3 === 0) node.ack(job)
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))
}

function brokenDigest(): Uint8Array {
  const frame = encodeAgentMessage({
    messageType: messageType.agentJobAck,
    messageId: UNKNOWN,
    createdDate: 1,
    payload: '{}',
  })
  return frame.fill(0, 80, 112)
}
