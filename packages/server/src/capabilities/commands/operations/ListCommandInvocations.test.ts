import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type CommandFilter,
  CreateDocumentCommand,
  ListCommandInvocationsCommand,
  paginateListCommandInvocations,
} from '@aws-sdk/client-ssm'
import { ackStatus } from '@steward/protocol'
import { DATABASES, type FakeAgent, startServer } from '@steward/testkit'
import { RunCommand } from '../testing/run-command.ts'

for (const database of DATABASES) {
  test(`RC-17 X-08 the invocations of all commands are listed in pages, newest command first (${database})`, async () => {
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    const nodes = await server.fakeNodes(5, { connected: false })
    const ids: string[] = []
    for (let i = 0; i < 3; i++) {
      const { CommandId } = await run.send({ InstanceIds: nodes.map(({ id }) => id) })
      ids.unshift(CommandId)
      await server.advance(1000)
    }
    const seen: string[] = []
    const sizes: number[] = []
    for await (const { CommandInvocations = [] } of paginateListCommandInvocations(
      { client: run.ssm, pageSize: 4 },
      {},
    )) {
      sizes.push(CommandInvocations.length)
      seen.push(...CommandInvocations.map(({ CommandId, InstanceId }) => `${CommandId} ${InstanceId}`))
    }
    assert.deepEqual(sizes, [4, 4, 4, 3])
    assert.equal(new Set(seen).size, 15)
    assert.deepEqual([...new Set(seen.map((key) => key.split(' ')[0]))], ids)
    const ofOne = await run.ssm.send(new ListCommandInvocationsCommand({ InstanceId: nodes[0]!.id }))
    assert.deepEqual(
      ofOne.CommandInvocations!.map(({ CommandId }) => CommandId),
      ids,
    )
    assert.equal((await run.invocations(ids[0]!, { InstanceId: nodes[0]!.id })).length, 1)
    assert.deepEqual(await run.invocations(ids[0]!, { InstanceId: 'mi-00000000000000000' }), [])
  })

  test(`RC-17 filters find invocations by state, document and time (${database})`, async () => {
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    const nodes = await server.fakeNodes(8)
    nodes.sort((a, b) => (a.id < b.id ? -1 : 1))
    const [well, ill, slow, unwilling, running, silent, away] = nodes as [FakeAgent, ...FakeAgent[]] as FakeAgent[]
    const windows = await server.fakeNode({ platformType: 'Windows' })
    await away!.vanish()
    well!.autoRun()
    ill!.autoRun(() => ({ code: 1 }))
    slow!.autoRun(() => ({ code: 137, status: 'TimedOut' }))
    running!.autoRun(() => undefined)
    unwilling!.nextJob().then(
      (job) => unwilling!.ack(job, ackStatus.invalidDocument),
      () => {},
    )
    const id = await run.sendTo([...nodes.slice(0, 7), windows], { MaxConcurrency: '100%', MaxErrors: '100%' })
    await silent!.nextJob()
    await server.advance(11_000)
    const expected = {
      Success: 1,
      Failed: 1,
      ExecutionTimedOut: 1,
      Undeliverable: 1,
      InvalidPlatform: 1,
      InProgress: 1,
      Delayed: 1,
      Pending: 1,
    }
    await run.untilTally(id, expected)
    const found = async (key: CommandFilter['key'], value: string) => {
      const invocations = await run.invocations(id, { Filters: [{ key, value }] })
      return invocations.map(({ StatusDetails }) => StatusDetails).sort()
    }
    const failed = ['Failed', 'InvalidPlatform', 'Undeliverable']
    for (const [value, details] of [
      ['Success', ['Success']],
      ['Failed', failed],
      ['TimedOut', ['ExecutionTimedOut']],
      ['ExecutionTimedOut', ['ExecutionTimedOut']],
      ['DeliveryTimedOut', []],
      ['Undeliverable', ['Undeliverable']],
      ['InvalidPlatform', ['InvalidPlatform']],
      ['InProgress', ['InProgress']],
      ['Delayed', ['Delayed']],
      ['Pending', ['Pending']],
      ['Cancelled', []],
      ['Cancelling', []],
      ['Terminated', []],
      ['AccessDenied', []],
    ] as const) {
      assert.deepEqual(await found('Status', value), details, value)
    }
    assert.equal((await found('DocumentName', 'AWS-RunShellScript')).length, 8)
    assert.equal((await found('DocumentName', 'Other')).length, 0)
    const soon = new Date(server.house.clock.now().getTime() + 60_000).toISOString()
    assert.equal((await found('InvokedBefore', soon)).length, 8)
    assert.equal((await found('InvokedAfter', soon)).length, 0)
    const past = new Date(server.house.clock.now().getTime() - 60_000).toISOString()
    for (const [key, one, other, count] of [
      ['Status', 'Success', 'Failed', 0],
      ['Status', 'Undeliverable', 'InvalidPlatform', 0],
      ['Status', 'Failed', 'Undeliverable', 1],
      ['DocumentName', 'AWS-RunShellScript', 'Other', 0],
      ['InvokedBefore', past, soon, 0],
      ['InvokedAfter', past, soon, 0],
    ] as const) {
      const Filters = [one, other].map((value) => ({ key, value }))
      assert.equal((await run.invocations(id, { Filters })).length, count, `${key} is ${one} and ${other}`)
      Filters.reverse()
      assert.equal((await run.invocations(id, { Filters })).length, count, `${key} is ${other} and ${one}`)
    }
  })
}

test('RC-18 an invocation says what it is; its plugins only with Details', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode({ name: 'the node' })
  const { CommandId, RequestedDateTime } = await run.send({ InstanceIds: [node.id], Comment: 'why' })
  const [open] = await run.invocations(CommandId)
  const { CloudWatchOutputConfig: _c, NotificationConfig: _n, ...plain } = open!
  assert.deepEqual(plain, {
    CommandId,
    InstanceId: node.id,
    InstanceName: `${node.id}.example`,
    Comment: 'why',
    DocumentName: 'AWS-RunShellScript',
    DocumentVersion: '$DEFAULT',
    RequestedDateTime,
    Status: 'Pending',
    StatusDetails: 'Pending',
    TraceOutput: '',
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    ServiceRole: '',
    CommandPlugins: [],
  })
  const [detailed] = await run.invocations(CommandId, { Details: true })
  assert.deepEqual(detailed!.CommandPlugins, [
    {
      Name: 'aws:runShellScript',
      Status: 'Pending',
      StatusDetails: 'Pending',
      ResponseCode: -1,
      Output: '',
      StandardOutputUrl: '',
      StandardErrorUrl: '',
      OutputS3Region: 'us-east-1',
      OutputS3BucketName: '',
      OutputS3KeyPrefix: '',
    },
  ])
})

test('RC-18 RC-20 a plugin shows its times, its code, and the beginning of its output', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode()
  const times = { startDateTime: '2026-01-01T00:00:00.500Z', endDateTime: '2026-01-01T00:00:02.750Z' }
  const output = 'x'.repeat(3000)
  node.autoRun(() => ({ code: 2, stdout: 'out', stderr: 'err', output, ...times }))
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  await run.untilCommand(CommandId, 'Failed/Failed')
  const [invocation] = await run.invocations(CommandId, { Details: true })
  const [plugin] = invocation!.CommandPlugins!
  assert.deepEqual([plugin!.Status, plugin!.StatusDetails, plugin!.ResponseCode], ['Failed', 'Failed', 2])
  assert.deepEqual(plugin!.ResponseStartDateTime, new Date(times.startDateTime))
  assert.deepEqual(plugin!.ResponseFinishDateTime, new Date(times.endDateTime))
  assert.equal(plugin!.Output!.length, 2500)
  assert.match(plugin!.Output!, /^x+--output truncated--$/)
})

test('RC-18 the steps of a document are shown one by one, in its order', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode()
  const step = (name: string) => ({ action: 'aws:runShellScript', name, inputs: { runCommand: ['true'] } })
  const Content = JSON.stringify({ schemaVersion: '2.2', mainSteps: ['first', 'second', 'third'].map(step) })
  await run.ssm.send(new CreateDocumentCommand({ Name: 'Steps', DocumentType: 'Command', Content }))
  const { CommandId } = await run.send({ InstanceIds: [node.id], DocumentName: 'Steps', Parameters: {} })
  const job = await node.nextJob()
  node.ack(job)
  const plugins = async () => {
    const [invocation] = await run.invocations(CommandId, { Details: true })
    return invocation!.CommandPlugins!.map(({ Name, Status, ResponseCode }) => `${Name} ${Status} ${ResponseCode}`)
  }
  await node.untilAcknowledged(node.reply(job, { status: 'InProgress', steps: { second: { code: 4 } } }))
  assert.deepEqual(await plugins(), ['first InProgress -1', 'second Failed 4', 'third InProgress -1'])
  await node.untilAcknowledged(node.reply(job, { status: 'InProgress', steps: { first: {} } }))
  await node.untilAcknowledged(node.reply(job, { status: 'InProgress', steps: { third: { status: 'Skipped' } } }))
  await node.untilAcknowledged(node.reply(job, { status: 'Failed', trace: 'what went wrong' }))
  assert.deepEqual(await plugins(), ['first Success 0', 'second Failed 4', 'third Success 0'])
  const [invocation] = await run.invocations(CommandId)
  assert.deepEqual([invocation!.Status, invocation!.TraceOutput], ['Failed', 'what went wrong'])
})

test('RC-17 ExecutionStage is no filter here, and wrong values are refused', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const list = (key: string, value: string) =>
    run.ssm.send(new ListCommandInvocationsCommand({ Filters: [{ key, value } as CommandFilter] }))
  await assert.rejects(list('ExecutionStage', 'Complete'), { name: 'InvalidFilterKey' })
  for (const [key, value] of [
    ['Status', 'Incomplete'],
    ['Status', 'NoInstancesInTag'],
    ['Colour', 'red'],
    ['InvokedAfter', 'soon'],
  ] as const) {
    await assert.rejects(list(key, value), { name: 'ValidationException' }, `${key} ${value}`)
  }
})

test('RC-28 for an unknown command the list is empty', async () => {
  await using server = await startServer()
  assert.deepEqual(await new RunCommand(server).invocations('00000000-0000-4000-8000-000000000000'), [])
})
