import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GetCommandMatrixResult, GroupCommandOutputsResult } from '@steward/model/generated/steward.ts'
import { DATABASES, eventually, type FakeAgent, startServer, type TestServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { RunCommand } from '../testing/run-command.ts'

const STEP = 'aws:runShellScript'

for (const database of DATABASES) {
  test(`RC-27 a command is seen as nodes and steps, page by page, in the order that is asked for (${database})`, async () => {
    await using server = await startServer({ database })
    const { id, nodes } = await answered(server)
    const whole = await matrix(server, { CommandId: id })
    assert.deepEqual(whole.Steps, [{ Name: STEP, Plugin: STEP }])
    assert.equal(whole.MatchingCount, 4)
    assert.match(whole.Origin ?? '', /:root$/)
    assert.deepEqual(whole.Counts, [
      { Status: 'Success', StatusDetails: 'Success', Count: 3 },
      { Status: 'Failed', StatusDetails: 'Failed', Count: 1 },
    ])
    assert.deepEqual(cells(whole), [
      'Success 0 up 3 days',
      'Success 0 up 3 days',
      'Success 0 up 5 days',
      'Failed 7 no such thing',
    ])
    const first = await matrix(server, { CommandId: id, SortBy: 'Status', MaxResults: 3 })
    const second = await matrix(server, { CommandId: id, SortBy: 'Status', MaxResults: 3, NextToken: first.NextToken })
    assert.equal(cells(first)[0], 'Failed 7 no such thing')
    assert.equal(second.NextToken, undefined)
    const seen = [...ids(first), ...ids(second)]
    assert.deepEqual(seen.toSorted(), nodes.map((node) => node.id).toSorted())
    const jumped = await matrix(server, { CommandId: id, SortBy: 'Status', Skip: 3 })
    assert.deepEqual(ids(jumped), ids(second))
    const down = await matrix(server, { CommandId: id, SortBy: 'InstanceId', SortOrder: 'Descending' })
    assert.deepEqual(ids(down), seen.toSorted().toReversed())
  })

  test(`RC-21 equal results of a step are counted once, and their nodes are found by the result's id (${database})`, async () => {
    await using server = await startServer({ database })
    const { id, nodes } = await answered(server)
    const grouped = await groups(server, { CommandId: id })
    assert.deepEqual([grouped.GroupCount, grouped.InvocationCount, grouped.PluginName], [3, 4, STEP])
    assert.deepEqual(
      grouped.Groups?.map((group) => `${group.Count} ${group.StatusDetails} ${group.ResponseCode}`),
      ['2 Success 0', '1 Success 0', '1 Failed 7'],
    )
    const [common, , failed] = grouped.Groups!
    assert.equal(common!.StandardOutputContent, 'up 3 days\n')
    assert.equal(common!.SampleInstanceId, nodes[0]!.id)
    assert.equal(failed!.StandardErrorContent, 'no such thing')
    const same = await matrix(server, { CommandId: id, ResultId: common!.ResultId })
    assert.deepEqual([same.MatchingCount, ids(same).toSorted()], [2, [nodes[0]!.id, nodes[1]!.id].toSorted()])
    const page = await groups(server, { CommandId: id, MaxResults: 2 })
    const rest = await groups(server, { CommandId: id, MaxResults: 2, NextToken: page.NextToken })
    assert.deepEqual([...page.Groups!, ...rest.Groups!], grouped.Groups)
  })

  test(`RC-21 the last line of a running step shows before its agent tells of it (${database})`, async () => {
    await using server = await startServer({ database })
    const run = new RunCommand(server)
    const node = await server.fakeNode()
    const id = await run.sendTo([node])
    const job = await node.nextJob()
    node.ack(job)
    const say = (offset: number, text: string) =>
      node.output(job, { step: STEP, stream: 'stdout', offset, data: Buffer.from(text) })
    say(0, `${'x'.repeat(3000)}\nfirst\n`)
    say(3007, 'Größe: 1 of 3\n')
    await eventually(async () => {
      const { Rows } = await matrix(server, { CommandId: id })
      assert.deepEqual(
        Rows?.map(({ Steps }) => Steps?.map(({ Status, LastLine }) => `${Status} ${LastLine}`)),
        [['InProgress Größe: 1 of 3']],
      )
    })
    const { Groups, GroupCount, WithoutResultCount } = await groups(server, { CommandId: id })
    assert.deepEqual([Groups?.[0]?.StatusDetails, GroupCount, WithoutResultCount], ['InProgress', 0, 1])
  })
}

for (const database of DATABASES) {
  test(`RC-15 a result that comes after the end is told of beside the state that stays (${database})`, async () => {
    await using server = await startServer({ database })
    const [quick, slow] = (await server.fakeNodes(2)) as [FakeAgent, FakeAgent]
    const run = new RunCommand(server)
    quick.autoRun()
    const id = await run.sendTo([quick, slow], { MaxConcurrency: '2', TimeoutSeconds: 60 })
    const job = await slow.nextJob()
    slow.ack(job)
    await run.untilTally(id, { Success: 1, InProgress: 1 })
    await server.advance(2 * 3_600_000)
    await run.untilCommand(id, 'Success/Incomplete')
    const states = async () =>
      (await matrix(server, { CommandId: id, SortBy: 'Status' })).Rows?.map(
        ({ StatusDetails, LateStatus }) => `${StatusDetails} ${LateStatus}`,
      )
    assert.deepEqual(await states(), ['DeliveryTimedOut undefined', 'Success undefined'])
    await slow.connect()
    await slow.untilAcknowledged(slow.finish(job, { code: 3, stdout: 'late' }))
    await server.settle()
    assert.deepEqual(await states(), ['DeliveryTimedOut Failed', 'Success undefined'])
  })
}

test('RC-27 rows are filtered by state and by a part of the name; wildcards are only characters', async () => {
  await using server = await startServer()
  const { id, nodes } = await answered(server)
  const found = async (more: object) => ids(await matrix(server, { CommandId: id, ...more }))
  assert.deepEqual(await found({ Statuses: ['Failed', 'TimedOut'] }), [nodes[3]!.id])
  assert.deepEqual(await found({ Text: nodes[1]!.id.slice(3).toUpperCase() }), [nodes[1]!.id])
  assert.deepEqual(await found({ Text: '%' }), [])
  assert.deepEqual(await found({ ResultId: 'f'.repeat(32) }), [])
})

test('RC-27 what cannot be meant is refused', async () => {
  await using server = await startServer()
  const { id } = await answered(server)
  const refused = async (operation: string, request: object) =>
    (await jsonCall(server, `Steward.${operation}`, request, { service: 'steward' })).json.__type
  const other = id.replace(/.$/, 'g')
  assert.equal(await refused('GetCommandMatrix', { CommandId: other }), 'InvalidCommandId')
  assert.equal(await refused('GroupCommandOutputs', { CommandId: other }), 'InvalidCommandId')
  assert.equal(await refused('GroupCommandOutputs', { CommandId: id, PluginName: 'run' }), 'InvalidPluginName')
  assert.equal(await refused('GetCommandMatrix', { CommandId: id, SortBy: 'Colour' }), 'ValidationException')
})

/** A command that four nodes answered: two alike, one otherwise, one with a failure. */
async function answered(server: TestServer): Promise<{ id: string; nodes: FakeAgent[] }> {
  const run = new RunCommand(server)
  const nodes = await server.fakeNodes(4)
  const id = await run.sendTo(nodes, { MaxConcurrency: '100%', MaxErrors: '100%' })
  const results = [
    { stdout: 'up 3 days\n' },
    { stdout: 'up 3 days\n' },
    { stdout: 'up 5 days\n' },
    { code: 7, stderr: 'no such thing' },
  ]
  const byDispatch = ids(
    await eventually(async () => {
      const found = await matrix(server, { CommandId: id })
      assert.equal(found.Rows?.length, 4)
      return found
    }),
  ).map((nodeId) => nodes.find((node) => node.id === nodeId)!)
  await Promise.all(byDispatch.map((node, index) => node.runNext(results[index])))
  await run.untilTally(id, { Success: 3, Failed: 1 })
  return { id, nodes: byDispatch }
}

async function matrix(server: TestServer, request: object): Promise<GetCommandMatrixResult> {
  return (await call(server, 'GetCommandMatrix', request)) as GetCommandMatrixResult
}

async function groups(server: TestServer, request: object): Promise<GroupCommandOutputsResult> {
  return (await call(server, 'GroupCommandOutputs', request)) as GroupCommandOutputsResult
}

async function call(server: TestServer, operation: string, request: object): Promise<unknown> {
  const { status, json, text } = await jsonCall(server, `Steward.${operation}`, request, { service: 'steward' })
  assert.equal(status, 200, text)
  return json
}

function ids({ Rows = [] }: GetCommandMatrixResult): string[] {
  return Rows.map(({ InstanceId }) => InstanceId!)
}

function cells({ Rows = [] }: GetCommandMatrixResult): string[] {
  return Rows.map(({ Status, Steps }) => `${Status} ${Steps?.[0]?.ResponseCode} ${Steps?.[0]?.LastLine}`)
}
