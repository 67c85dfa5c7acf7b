import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeleteAssociationCommand,
  DeregisterManagedInstanceCommand,
  ListComplianceItemsCommand,
  StartAssociationsOnceCommand,
  UpdateAssociationCommand,
} from '@aws-sdk/client-ssm'
import { type FakeAgent, startServer } from '@steward/testkit'
import { StateManager } from './testing/state-manager.ts'

const HOUR_MS = 3_600_000

async function start(nodes: number) {
  const server = await startServer()
  return { server, state: new StateManager(server), nodes: await server.fakeNodes(nodes, { tags: { role: 'web' } }) }
}

/** Those of the nodes that run when all ask in turn. */
async function pollAll(state: StateManager, nodes: readonly FakeAgent[], end?: string): Promise<number> {
  let ran = 0
  for (const node of nodes) ran += (await state.poll(node, end)).length
  return ran
}

test('STM-09 T-09 no more nodes than MaxConcurrency run at once, and the next one is told when there is room', async () => {
  const { server, state, nodes } = await start(5)
  await using _ = server
  const { id } = await state.create({ MaxConcurrency: '2' })
  await server.settle()
  const pending: FakeAgent[] = []
  for (const node of nodes) {
    const shown = await state.shownTo(node)
    if (shown.some(({ DetailedStatus }) => DetailedStatus === 'Pending')) pending.push(node)
    else assert.deepEqual(shown, [], 'a node does not see it before its turn')
  }
  assert.equal(pending.length, 2)
  const waiting = nodes.filter((node) => !pending.includes(node))
  const tellings = () => waiting.reduce((sum, { received }) => sum + received.length, 0)
  const before = tellings()
  await state.report(pending[0]!, id, 'Pending')
  await state.report(pending[0]!, id, 'Success')
  await server.settle()
  assert.ok(tellings() > before)
  assert.equal(await pollAll(state, waiting.slice(0, 1)), 1)
  assert.deepEqual(await state.tally(id), ['InProgress {Success=2, InProgress=1, Pending=2}'])
  await state.report(pending[1]!, id, 'Success')
  assert.equal(await pollAll(state, waiting), 2)
  assert.deepEqual(await state.tally(id), ['Success {Success=5}'])
})

test('T-10 T-12 after more errors than MaxErrors no node begins any more, and it says why', async () => {
  const { server, state, nodes } = await start(4)
  await using _ = server
  const { id } = await state.create({ MaxConcurrency: '1', MaxErrors: '1' })
  await server.settle()
  assert.equal(await pollAll(state, nodes, 'Failed'), 2)
  assert.deepEqual(await state.tally(id), ['Failed {Failed=2, Skipped=2}'])
  const statuses = await Promise.all(nodes.map((node) => state.statusOn(node)))
  const skipped = statuses.flat().filter(({ Status }) => Status === 'Skipped')
  assert.equal(skipped.length, 2)
  assert.match(skipped[0]!.ExecutionSummary!, /MaxErrors/)
  assert.equal((await state.describe(id)).Overview!.Status, 'Failed')
})

test('STM-06 StartAssociationsOnce runs it now; a run that a node did not begin makes room for it', async () => {
  const { server, state, nodes } = await start(2)
  await using _ = server
  const { id } = await state.create({ ScheduleExpression: 'rate(1 hour)' })
  await server.settle()
  await state.poll(nodes[0]!)
  await state.ssm.send(new StartAssociationsOnceCommand({ AssociationIds: [id] }))
  await server.settle()
  assert.equal(await pollAll(state, nodes), 2)
  assert.equal(await pollAll(state, nodes), 0)
  assert.deepEqual(await state.tally(id), ['Success {Success=2}', 'Success {Success=1, Skipped=1}'])
  const unknown = { AssociationIds: ['00000000-0000-4000-8000-000000000000'] }
  await assert.rejects(state.ssm.send(new StartAssociationsOnceCommand(unknown)), { name: 'AssociationDoesNotExist' })
})

test('STM-06 a node that was away runs what it missed when it comes back, once', async () => {
  const { server, state, nodes } = await start(1)
  await using _ = server
  const [node] = nodes
  const { id } = await state.create({ ScheduleExpression: 'rate(1 hour)' })
  await server.settle()
  await state.poll(node!)
  await node!.vanish()
  for (let i = 0; i < 3; i++) await server.advance(HOUR_MS)
  assert.equal((await state.describe(id)).Overview!.Status, 'Pending', 'success is not claimed of what was missed')
  const before = node!.received.length
  await node!.connect()
  await server.settle()
  assert.equal(node!.received.length, before + 1, 'it is told as soon as it is there')
  assert.deepEqual(await state.poll(node!), [id])
  assert.deepEqual(await state.poll(node!), [])
  assert.deepEqual(await state.tally(id), [
    'Success {Success=1}',
    'Failed {TimedOut=1}',
    'Failed {TimedOut=1}',
    'Success {Success=1}',
  ])
})

test('STM-19 what a node was handed and says nothing of waits again, and is not lost', async () => {
  const { server, state, nodes } = await start(1)
  await using _ = server
  const { id } = await state.create()
  await server.settle()
  const [node] = nodes
  assert.equal((await state.shownTo(node!))[0]!.DetailedStatus, 'Pending')
  assert.equal((await state.shownTo(node!))[0]!.DetailedStatus, 'InProgress')
  await server.advance(70_000)
  assert.deepEqual(await state.poll(node!), [id])
  assert.deepEqual(await state.tally(id), ['Success {Success=1}'])
})

test('STM-11 a run that never ends is given up, and what the node says later is true', async () => {
  const { server, state, nodes } = await start(1)
  await using _ = server
  const [node] = nodes
  const { id } = await state.create()
  await server.settle()
  await state.shownTo(node!)
  await state.report(node!, id, 'Pending')
  await state.report(node!, id, 'InProgress')
  assert.equal((await state.describe(id)).Overview!.Status, 'Pending')
  await server.advance(3 * HOUR_MS)
  const [given] = await state.statusOn(node!)
  assert.deepEqual([given!.Status, given!.ErrorCode], ['TimedOut', 'StuckAtInProgress'])
  await state.report(node!, id, 'Success')
  assert.equal((await state.statusOn(node!))[0]!.Status, 'Success')
})

test('STM-06 a run that begins on the node is an execution of its own; words said twice make no difference', async () => {
  const { server, state, nodes } = await start(1)
  await using _ = server
  const [node] = nodes
  const { id } = await state.create()
  await server.settle()
  await state.poll(node!)
  await state.report(node!, id, 'Success')
  await state.report(node!, id, 'InProgress')
  assert.equal((await state.executions(id)).length, 1)
  await state.report(node!, id, 'Pending')
  await state.report(node!, id, 'Pending')
  await state.report(node!, id, 'Failed', { ErrorCode: 'ExecutionError', ExecutionSummary: 'x'.repeat(2000) })
  assert.deepEqual(await state.tally(id), ['Failed {Failed=1}', 'Success {Success=1}'])
  const [status] = await state.statusOn(node!)
  assert.deepEqual(
    [status!.Status, status!.ErrorCode, status!.ExecutionSummary!.length],
    ['Failed', 'ExecutionError', 512],
  )
  await assert.rejects(state.report(node!, id, 'Nonsense'), /ValidationException/)
})

test('STM-06 a run that was asked for while another is going on begins as soon as that one has ended', async () => {
  const { server, state, nodes } = await start(1)
  await using _ = server
  const [node] = nodes as [FakeAgent]
  const { id } = await state.create({ ScheduleExpression: 'rate(1 hour)' })
  await server.settle()
  await state.shownTo(node)
  await state.report(node, id, 'InProgress')
  await state.ssm.send(new StartAssociationsOnceCommand({ AssociationIds: [id] }))
  await server.settle()
  assert.equal((await state.shownTo(node))[0]!.DetailedStatus, 'InProgress')
  const told = node.received.length
  await state.report(node, id, 'Success')
  await server.settle()
  assert.equal(node.received.length, told + 1, 'the node is told again, and not only after a while')
  assert.deepEqual(await state.poll(node), [id])
  assert.deepEqual(await state.tally(id), ['Success {Success=1}', 'Success {Success=1}'])
})

test('STM-07 at the end of Duration what waits does not begin, and nodes are told to stop what they run', async () => {
  const { server, state, nodes } = await start(3)
  await using _ = server
  await server.advanceTo('10:00')
  const [stops, ignores, waits] = nodes as [FakeAgent, FakeAgent, FakeAgent]
  const { id } = await state.create({
    ScheduleExpression: 'cron(0 0/12 * * ? *)',
    ApplyOnlyAtCronInterval: true,
    Duration: 1,
    Parameters: { commands: ['true'], executionTimeout: ['7200'] },
    MaxConcurrency: '2',
  })
  await server.settle()
  await server.advance(12 * HOUR_MS)
  for (const node of [stops, ignores]) {
    const [shown] = await state.shownTo(node)
    const [seconds] = (shown!.Parameters as { executionTimeout: string[] }).executionTimeout
    assert.ok(Number(seconds) <= 3600, 'its time-out ends with the Duration')
    await state.report(node, id, 'InProgress')
  }
  await server.advance(HOUR_MS)
  const cancels = (node: FakeAgent) => node.received.filter(({ kind }) => kind === 'cancel').map((job) => job.commandId)
  assert.deepEqual([cancels(stops), cancels(ignores), cancels(waits)], [[id], [id], []])
  assert.deepEqual(await state.tally(id), ['InProgress {Skipped=1, InProgress=2}'])
  await state.report(stops, id, 'InProgress')
  await state.report(stops, id, 'Failed', { ErrorCode: 'ExecutionError' })
  await server.advance(60_000)
  const told = async (node: FakeAgent) => {
    const [status] = await state.statusOn(node)
    return [status!.Status, status!.DetailedStatus, status!.ExecutionSummary]
  }
  const over = 'The Duration of the association ended while this ran'
  assert.deepEqual(await told(stops), ['TimedOut', 'DurationExceeded', `${over}, so it was stopped. It is Failed.`])
  assert.deepEqual(await told(ignores), [
    'TimedOut',
    'DurationExceeded',
    `${over}, and the node has not said that it stopped.`,
  ])
  assert.deepEqual((await told(waits)).slice(0, 2), ['Skipped', 'DurationExceeded'])
  assert.deepEqual(await state.tally(id), ['Failed {Skipped=1, TimedOut=2}'])
})

test('STM-07 a node that was away at the end of Duration is told to stop when it comes back', async () => {
  const { server, state, nodes } = await start(1)
  await using _ = server
  await server.advanceTo('10:00')
  const [node] = nodes as [FakeAgent]
  const { id } = await state.create({
    ScheduleExpression: 'cron(0 0/12 * * ? *)',
    ApplyOnlyAtCronInterval: true,
    Duration: 1,
  })
  await server.advance(12 * HOUR_MS)
  await state.shownTo(node)
  await state.report(node, id, 'InProgress')
  await node.vanish()
  await server.advance(HOUR_MS + 60_000)
  assert.deepEqual(await state.tally(id), ['InProgress {InProgress=1}'], 'nobody knows what it does')
  await node.connect()
  await server.settle()
  assert.deepEqual(
    node.received.filter(({ kind }) => kind === 'cancel').map(({ commandId }) => commandId),
    [id],
  )
  await state.report(node, id, 'Success')
  assert.deepEqual(await state.tally(id), ['Success {Success=1}'])
})

test('STM-23 what ends after an edit is no success of the new version', async () => {
  const { server, state, nodes } = await start(1)
  await using _ = server
  const [node] = nodes
  const { id } = await state.create()
  await server.settle()
  await state.shownTo(node!)
  await state.report(node!, id, 'InProgress')
  await state.ssm.send(new UpdateAssociationCommand({ AssociationId: id, Parameters: { commands: ['more'] } }))
  await state.report(node!, id, 'Success')
  const [status] = await state.statusOn(node!)
  assert.deepEqual([status!.Status, status!.AssociationVersion], ['Pending', '2'])
  assert.deepEqual(await state.tally(id), ['Pending {Pending=1}', 'Success {Success=1}'])
  assert.deepEqual(await state.poll(node!), [id])
  assert.deepEqual(await state.tally(id), ['Success {Success=1}', 'Success {Success=1}'])
})

test('STM-13 STM-21 a run whose output is in a bucket says where; one without has no source', async () => {
  const { server, state, nodes } = await start(1)
  await using _ = server
  const [node] = nodes as [FakeAgent]
  const S3Location = { OutputS3BucketName: 'outputs', OutputS3KeyPrefix: 'nightly', OutputS3Region: 'us-east-1' }
  const { id } = await state.create({ OutputLocation: { S3Location } })
  const { id: without } = await state.create()
  await server.settle()
  const shown = (await state.shownTo(node)).find(({ AssociationId }) => AssociationId === id)
  assert.deepEqual(shown!.OutputLocation, { S3Location })
  const OutputUrl = `outputs/nightly/${node.id}/${id}/2026-01-01T00-00-00.000Z`
  await state.report(node, id, 'InProgress')
  await state.report(node, id, 'Success', { OutputUrl: { S3OutputUrl: { OutputUrl } } })
  const sourceOf = async (one: string) => {
    const [execution] = await state.executions(one)
    return (await state.targets(one, execution!.ExecutionId))[0]!.OutputSource
  }
  assert.deepEqual(await sourceOf(id), { OutputSourceId: OutputUrl, OutputSourceType: 'S3' })
  assert.equal(await sourceOf(without), undefined)
  const status = (await state.statusOn(node)).find(({ AssociationId }) => AssociationId === id)
  assert.equal(status!.OutputUrl!.S3OutputUrl!.OutputUrl, OutputUrl)
})

test('STM-18 of two inventory associations the one that names the node counts', async () => {
  const { server, state, nodes } = await start(2)
  await using _ = server
  const inventory = { Name: 'AWS-GatherSoftwareInventory', Parameters: undefined }
  const Targets = [{ Key: 'InstanceIds', Values: [nodes[0]!.id] }]
  const { id: named } = await state.create({ ...inventory, Targets })
  const { id: all } = await state.create({ ...inventory, Targets: [{ Key: 'InstanceIds', Values: ['*'] }] })
  await server.settle()
  assert.deepEqual([await state.poll(nodes[0]!), await state.poll(nodes[1]!)], [[named], [all]])
  const skipped = (await state.statusOn(nodes[0]!)).find(({ AssociationId }) => AssociationId === all)
  assert.deepEqual(
    [skipped!.Status, skipped!.DetailedStatus],
    ['Skipped', 'Overridden By Explicit Inventory Association'],
  )
})

test('STM-18 an inventory association by tags beats that of all nodes, until it is gone', async () => {
  const { server, state, nodes } = await start(1)
  await using _ = server
  const [node] = nodes as [FakeAgent]
  const inventory = { Name: 'AWS-GatherSoftwareInventory', Parameters: undefined }
  const { id: tagged } = await state.create(inventory)
  const { id: all } = await state.create({ ...inventory, Targets: [{ Key: 'InstanceIds', Values: ['*'] }] })
  await server.settle()
  assert.deepEqual(await state.poll(node), [tagged])
  await state.ssm.send(new DeleteAssociationCommand({ AssociationId: tagged }))
  await state.ssm.send(new StartAssociationsOnceCommand({ AssociationIds: [all] }))
  await server.settle()
  assert.deepEqual(await state.poll(node), [all])
})

test('STM-10 compliance follows the status, with the severity of the association', async () => {
  const { server, state, nodes } = await start(1)
  await using _ = server
  const [node] = nodes
  const { id } = await state.create({ ComplianceSeverity: 'HIGH', AssociationName: 'keep-it' })
  await server.settle()
  const item = async () => {
    const { ComplianceItems } = await state.ssm.send(
      new ListComplianceItemsCommand({ ResourceIds: [node!.id], ResourceTypes: ['ManagedInstance'] }),
    )
    return ComplianceItems!.map(({ Id, Status, Severity, Title }) => [Id, Status, Severity, Title])
  }
  await state.poll(node!, 'Failed')
  assert.deepEqual(await item(), [[id, 'NON_COMPLIANT', 'HIGH', 'keep-it']])
  await state.ssm.send(new StartAssociationsOnceCommand({ AssociationIds: [id] }))
  await server.settle()
  await state.poll(node!)
  assert.deepEqual(await item(), [[id, 'COMPLIANT', 'HIGH', 'keep-it']])
})

test('a node reports for itself only, and is forgotten when it is deregistered', async () => {
  const { server, state, nodes } = await start(2)
  await using _ = server
  const [one, other] = nodes as [FakeAgent, FakeAgent]
  const { id } = await state.create()
  await server.settle()
  await state.poll(one)
  const ExecutionResult = { Status: 'Success', ErrorCode: '', ExecutionDate: 0, ExecutionSummary: 'x' }
  const forged = { AssociationId: id, InstanceId: other.id, ExecutionResult }
  await assert.rejects(one.request('UpdateInstanceAssociationStatus', forged), /AccessDenied/)
  await assert.rejects(one.request('ListInstanceAssociations', { InstanceId: other.id }), /AccessDenied/)
  await state.ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: other.id }))
  await server.advance(6_000)
  assert.deepEqual((await state.describe(id)).Overview!.AssociationStatusAggregatedCount, { Success: 1 })
  assert.deepEqual(await state.tally(id), ['Success {Success=1}'])
})
