import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CommandFilter, ListCommandsCommand, paginateListCommands } from '@aws-sdk/client-ssm'
import { DATABASES, type FakeAgent, startServer, type TestServer } from '@steward/testkit'
import { RunCommand } from '../testing/run-command.ts'

const UNKNOWN = '00000000-0000-4000-8000-000000000000'

for (const database of DATABASES) {
  test(`RC-17 X-08 commands are listed newest first, in pages that newer commands do not shift (${database})`, async () => {
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    const node = await server.fakeNode({ connected: false })
    const sent: string[] = []
    for (let i = 0; i < 7; i++) {
      sent.unshift((await run.send({ InstanceIds: [node.id] })).CommandId)
      if (i % 2) await server.advance(1)
    }
    const first = await run.ssm.send(new ListCommandsCommand({ MaxResults: 3 }))
    await run.send({ InstanceIds: [node.id] })
    const second = await run.ssm.send(new ListCommandsCommand({ MaxResults: 3, NextToken: first.NextToken }))
    const third = await run.ssm.send(new ListCommandsCommand({ MaxResults: 3, NextToken: second.NextToken }))
    const pages = [first, second, third].map(({ Commands }) => Commands!.map(({ CommandId }) => CommandId!))
    assert.deepEqual(
      pages.map(({ length }) => length),
      [3, 3, 1],
    )
    assert.equal(third.NextToken, undefined)
    assert.deepEqual(pages.flat().toSorted(), sent.toSorted())
    const times = [first, second, third].flatMap(({ Commands }) => Commands!.map((c) => c.RequestedDateTime!.getTime()))
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    )
  })

  test(`RC-17 every filter finds what it names (${database})`, async () => {
    await using server = await startServer({ database })
    const commands = await oneOfEach(server)
    const { run, ids } = commands
    const found = async (...Filters: CommandFilter[]) => {
      const listed = await run.listIds({ Filters })
      return Object.entries(ids)
        .filter(([, id]) => listed.includes(id))
        .map(([name]) => name)
        .sort()
    }
    const status = (value: string) => found({ key: 'Status', value })
    assert.deepEqual(await status('Pending'), ['waiting'])
    assert.deepEqual(await status('InProgress'), ['running'])
    assert.deepEqual(await status('Success'), ['nobody', 'success'])
    assert.deepEqual(await status('Failed'), ['failed', 'incomplete', 'ranOver'])
    assert.deepEqual(await status('Cancelled'), ['cancelled'])
    assert.deepEqual(await status('TimedOut'), ['undelivered'])
    assert.deepEqual(await status('DeliveryTimedOut'), ['undelivered'])
    assert.deepEqual(await status('Incomplete'), ['incomplete'])
    assert.deepEqual(await status('NoInstancesInTag'), ['nobody'])
    for (const none of ['AccessDenied', 'ExecutionTimedOut', 'LimitExceeded']) assert.deepEqual(await status(none), [])

    const open = ['running', 'waiting']
    assert.deepEqual(await found({ key: 'ExecutionStage', value: 'Executing' }), open)
    assert.equal((await found({ key: 'ExecutionStage', value: 'Complete' })).length, Object.keys(ids).length - 2)
    assert.equal((await found({ key: 'DocumentName', value: 'AWS-RunShellScript' })).length, Object.keys(ids).length)
    assert.deepEqual(await found({ key: 'DocumentName', value: 'AWS-RunPowerShellScript' }), [])

    const between = new Date(server.house.clock.now().getTime() - 1_800_000).toISOString()
    assert.deepEqual(await found({ key: 'InvokedBefore', value: between }), ['undelivered'])
    assert.ok(!(await found({ key: 'InvokedAfter', value: between })).includes('undelivered'))
    assert.deepEqual(
      await found(
        { key: 'InvokedAfter', value: between },
        { key: 'Status', value: 'Success' },
        { key: 'ExecutionStage', value: 'Complete' },
        { key: 'DocumentName', value: 'AWS-RunShellScript' },
      ),
      ['nobody', 'success'],
    )
    const soon = new Date(server.house.clock.now().getTime() + 60_000).toISOString()
    for (const [key, one, other, both] of [
      ['Status', 'Success', 'Failed', []],
      ['Status', 'Incomplete', 'NoInstancesInTag', []],
      ['Status', 'Failed', 'Incomplete', ['incomplete']],
      ['ExecutionStage', 'Executing', 'Complete', []],
      ['DocumentName', 'AWS-RunShellScript', 'AWS-RunPowerShellScript', []],
      ['InvokedBefore', between, soon, ['undelivered']],
      ['InvokedAfter', between, soon, []],
    ] as const) {
      const filters = [one, other].map((value) => ({ key, value }))
      assert.deepEqual(await found(...filters), both, `${key} is ${one} and ${other}`)
      assert.deepEqual(await found(...filters.reverse()), both, `${key} is ${other} and ${one}`)
    }
    assert.deepEqual(await run.listIds({ InstanceId: commands.other.id }), [ids.failed])
    assert.deepEqual(await run.listIds({ InstanceId: 'mi-00000000000000000' }), [])
    assert.deepEqual(await run.listIds({ CommandId: ids.failed, InstanceId: commands.other.id }), [ids.failed])
    assert.deepEqual(await run.listIds({ CommandId: ids.success, InstanceId: commands.other.id }), [])
  })
}

test('RC-17 a page has up to fifty commands, and the SDK walks all of them', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode({ connected: false })
  const sent = await Promise.all(Array.from({ length: 60 }, () => run.send({ InstanceIds: [node.id] })))
  assert.equal((await run.listIds()).length, 50)
  const listed: string[] = []
  for await (const { Commands } of paginateListCommands({ client: run.ssm, pageSize: 7 }, {}))
    listed.push(...Commands!.map(({ CommandId }) => CommandId!))
  assert.deepEqual(listed.toSorted(), sent.map(({ CommandId }) => CommandId).toSorted())
})

test('RC-28 for an unknown command the list is empty', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  assert.deepEqual(await run.listIds({ CommandId: UNKNOWN }), [])
})

test('RC-17 X-08 wrong filters and tokens are refused', async () => {
  await using server = await startServer()
  const run = new RunCommand(server)
  const node = await server.fakeNode({ connected: false })
  for (let i = 0; i < 3; i++) await run.send({ InstanceIds: [node.id] })
  const filter = (key: string, value: string) => ({ Filters: [{ key, value } as CommandFilter] })
  for (const [more, name] of [
    [filter('Colour', 'red'), 'ValidationException'],
    [filter('Status', 'Undeliverable'), 'ValidationException'],
    [filter('Status', 'success'), 'ValidationException'],
    [filter('ExecutionStage', 'Done'), 'ValidationException'],
    [filter('InvokedAfter', 'yesterday'), 'ValidationException'],
    [filter('Status', ''), 'ValidationException'],
    [{ Filters: [] }, 'ValidationException'],
    [
      { Filters: Array.from({ length: 6 }, () => ({ key: 'Status', value: 'Success' }) as const) },
      'ValidationException',
    ],
    [{ MaxResults: 0 }, 'ValidationException'],
    [{ MaxResults: 51 }, 'ValidationException'],
    [{ CommandId: 'short' }, 'ValidationException'],
    [{ InstanceId: 'nonsense' }, 'ValidationException'],
    [{ NextToken: 'forged' }, 'InvalidNextToken'],
  ] as const) {
    await assert.rejects(run.listIds(more as never), { name }, JSON.stringify(more))
  }
  const { NextToken } = await run.ssm.send(new ListCommandsCommand({ MaxResults: 1 }))
  await assert.rejects(run.listIds({ NextToken, InstanceId: node.id }), { name: 'InvalidNextToken' })
  await assert.rejects(run.invocations(UNKNOWN, { NextToken }), { name: 'InvalidNextToken' })
})

/** Commands in all the states that filters know; `undelivered` is an hour older than the others. */
async function oneOfEach(server: TestServer) {
  const run = new RunCommand(server)
  const [node, other, away] = (await server.fakeNodes(3)) as [FakeAgent, FakeAgent, FakeAgent]
  await away.vanish()
  const undelivered = (await run.send({ InstanceIds: [away.id], TimeoutSeconds: 30 })).CommandId
  await server.advance(3_631_000)
  await run.untilCommand(undelivered, 'TimedOut/DeliveryTimedOut')
  await node.connect()
  await other.connect()

  const nobody = (await run.send({ Targets: [{ Key: 'tag:role', Values: ['nobody'] }] })).CommandId
  await run.untilCommand(nobody, 'Success/NoInstancesInTag')
  const waiting = (await run.send({ InstanceIds: [away.id] })).CommandId
  const cancelled = (await run.send({ InstanceIds: [away.id] })).CommandId
  await run.cancel(cancelled)
  const success = (await run.send({ InstanceIds: [node.id] })).CommandId
  await node.runNext()
  await run.untilCommand(success, 'Success/Success')
  const failed = (await run.send({ InstanceIds: [other.id] })).CommandId
  await other.runNext({ code: 1 })
  await run.untilCommand(failed, 'Failed/Failed')
  const ranOver = (await run.send({ InstanceIds: [node.id] })).CommandId
  await node.runNext({ code: 137, status: 'TimedOut' })
  await run.untilCommand(ranOver, 'Failed/Failed')
  const incomplete = (await run.send({ InstanceIds: [node.id], MaxErrors: '1' })).CommandId
  await node.runNext({ code: 1 })
  await run.untilCommand(incomplete, 'Failed/Incomplete')
  const running = (await run.send({ InstanceIds: [node.id] })).CommandId
  node.ack(await node.nextJob())
  await run.untilCommand(running, 'InProgress/InProgress')
  const ids = { undelivered, nobody, waiting, cancelled, success, failed, ranOver, incomplete, running }
  return { run, ids, other }
}
