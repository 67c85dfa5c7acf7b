import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddTagsToResourceCommand,
  CreateDocumentCommand,
  DeleteAssociationCommand,
  DeleteDocumentCommand,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
  UpdateAssociationCommand,
  UpdateDocumentCommand,
  UpdateDocumentDefaultVersionCommand,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { StateManager } from './testing/state-manager.ts'

const HOUR_MS = 3_600_000

test('STM-06 a node that appears, or begins to match, gets it by itself; one that matches no more is left out', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const { id, ...created } = await state.create({ ScheduleExpression: 'rate(1 hour)' })
  assert.deepEqual(created.Overview, {
    Status: 'Success',
    DetailedStatus: 'Success',
    AssociationStatusAggregatedCount: {},
  })
  assert.deepEqual(created.LastSuccessfulExecutionDate, created.LastExecutionDate)
  assert.ok(created.LastExecutionDate)
  const born = await server.fakeNode({ tags: { role: 'web' } })
  const late = await server.fakeNode()
  await server.advance(6_000)
  assert.deepEqual(await state.poll(born), [id])
  assert.deepEqual(await state.poll(late), [])
  const resource = { ResourceType: 'ManagedInstance', ResourceId: late.id } as const
  await state.ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'role', Value: 'web' }] }))
  await server.advance(6_000)
  assert.deepEqual(await state.poll(late), [id])
  assert.deepEqual((await state.describe(id)).Overview!.AssociationStatusAggregatedCount, { Success: 2 })
  await state.ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ['role'] }))
  await server.advance(6_000)
  assert.deepEqual(await state.shownTo(late), [])
  assert.deepEqual(await state.statusOn(late), [])
  assert.deepEqual((await state.describe(id)).Overview!.AssociationStatusAggregatedCount, { Success: 1 })
})

test('STM-05 STM-06 with ApplyOnlyAtCronInterval nothing runs before the time, whatever happens', async () => {
  await using server = await startServer()
  await server.advanceTo('12:10')
  const state = new StateManager(server)
  const node = await server.fakeNode({ tags: { role: 'web' } })
  const { id } = await state.create({ ScheduleExpression: 'cron(0 * * * ? *)', ApplyOnlyAtCronInterval: true })
  const other = await server.fakeNode({ tags: { role: 'web' } })
  await server.advance(6_000)
  assert.deepEqual([await state.shownTo(node), await state.shownTo(other)], [[], []])
  assert.deepEqual((await state.describe(id)).Overview!.AssociationStatusAggregatedCount, { Associated: 2 })
  await server.advance(HOUR_MS)
  assert.deepEqual([await state.poll(node), await state.poll(other)], [[id], [id]])
  assert.deepEqual(await state.tally(id), ['Success {Success=2}'])
})

const content = (command: string) =>
  JSON.stringify({
    schemaVersion: '2.2',
    mainSteps: [{ action: 'aws:runShellScript', name: 's', inputs: { runCommand: [command] } }],
  })

test('STM-06 DOC-17 a new default version of the document is applied; a version that was deleted fails with its reason', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const node = await server.fakeNode({ tags: { role: 'web' } })
  await state.ssm.send(new CreateDocumentCommand({ Name: 'Mine', Content: content('a'), DocumentType: 'Command' }))
  const { id } = await state.create({ Name: 'Mine', Parameters: undefined, ScheduleExpression: 'rate(1 hour)' })
  await server.settle()
  const [first] = await state.shownTo(node)
  await state.report(node, id, 'Success')
  await state.ssm.send(new UpdateDocumentCommand({ Name: 'Mine', Content: content('b'), DocumentVersion: '1' }))
  await server.advance(11_000)
  assert.deepEqual(await state.poll(node), [], 'another version than the default changes nothing')
  await state.ssm.send(new UpdateDocumentDefaultVersionCommand({ Name: 'Mine', DocumentVersion: '2' }))
  await server.advance(11_000)
  const [second] = await state.shownTo(node)
  assert.equal(second!.DetailedStatus, 'Pending')
  assert.equal(second!.DocumentVersion, '2')
  assert.notEqual(second!.Checksum, first!.Checksum, 'nodes keep documents by it')
  await state.report(node, id, 'Success')
  await assert.rejects(state.ssm.send(new DeleteDocumentCommand({ Name: 'Mine' })), { name: 'AssociatedInstances' })
  await state.ssm.send(
    new UpdateAssociationCommand({ AssociationId: id, DocumentVersion: '1', ScheduleExpression: 'rate(1 hour)' }),
  )
  await server.settle()
  await state.poll(node)
  await state.ssm.send(new DeleteDocumentCommand({ Name: 'Mine', DocumentVersion: '1' }))
  await server.advance(11_000)
  assert.deepEqual(await state.shownTo(node), [], 'a node is not shown what it cannot load')
  const [status] = await state.statusOn(node)
  assert.deepEqual([status!.Status, status!.ErrorCode], ['Failed', 'InvalidAssoc'])
  assert.match(status!.ExecutionSummary!, /The document Mine cannot be used any more/)
  assert.equal((await state.describe(id)).Overview!.Status, 'Failed')
  await server.advance(HOUR_MS)
  assert.deepEqual((await state.tally(id)).slice(0, 2), ['Failed {Failed=1}', 'Failed {Failed=1}'])
  await state.ssm.send(new DeleteAssociationCommand({ AssociationId: id }))
  await state.ssm.send(new DeleteDocumentCommand({ Name: 'Mine' }))
})

test('STM-06 a parameter of Parameter Store is resolved for the node, and applied again when it changes', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const node = await server.fakeNode({ tags: { role: 'web' } })
  const put = (Value: string) =>
    state.ssm.send(new PutParameterCommand({ Name: '/app/colour', Value, Type: 'String', Overwrite: true }))
  await put('red')
  const { id } = await state.create({ Parameters: { commands: ['echo {{ssm:/app/colour}}'] } })
  await server.settle()
  assert.deepEqual((await state.shownTo(node))[0]!.Parameters, { commands: ['echo red'] })
  await state.report(node, id, 'Success')
  await put('blue')
  await server.advance(11_000)
  const [shown] = await state.shownTo(node)
  assert.deepEqual([shown!.DetailedStatus, shown!.Parameters], ['Pending', { commands: ['echo blue'] }])
})

test('X-21 the clock may jump: each time of the schedule is served once', async () => {
  await using server = await startServer()
  await server.advanceTo('12:10')
  const state = new StateManager(server)
  const node = await server.fakeNode({ tags: { role: 'web' } })
  const { id } = await state.create({ ScheduleExpression: 'cron(0/30 * * * ? *)' })
  await server.settle()
  await state.poll(node)
  for (let i = 0; i < 2; i++) {
    await server.advance(HOUR_MS / 2)
    assert.deepEqual(await state.poll(node), [id])
  }
  // Back to where it was served already.
  await server.advance(-HOUR_MS)
  for (let i = 0; i < 2; i++) {
    await server.advance(HOUR_MS / 2)
    assert.deepEqual(await state.poll(node), [])
  }
  await server.advance(HOUR_MS / 2)
  assert.deepEqual(await state.poll(node), [id])
  const count = (await state.executions(id)).length
  // A year ahead by mistake: one run; back again: the schedule goes on where it was.
  await server.advance(365 * 24 * HOUR_MS)
  await state.poll(node)
  await server.advance(-365 * 24 * HOUR_MS)
  await server.advance(HOUR_MS)
  assert.deepEqual(await state.poll(node), [id])
  assert.ok((await state.executions(id)).length <= count + 3)
})

test('X-21 what a node was handed while the clock was wrong does not wait for that time', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const node = await server.fakeNode({ tags: { role: 'web' } })
  await server.advance(365 * 24 * HOUR_MS)
  const { id } = await state.create()
  await server.settle()
  assert.equal((await state.shownTo(node))[0]!.DetailedStatus, 'Pending')
  await server.advance(-365 * 24 * HOUR_MS)
  // Moved to now, it is taken back the next time that somebody looks.
  await server.advance(1000)
  await server.advance(1000)
  assert.deepEqual(await state.poll(node), [id])
})
