import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateAssociationCommand,
  type CreateAssociationCommandInput,
  CreateDocumentCommand,
  DeleteAssociationCommand,
  ListAssociationsCommand,
  ListAssociationVersionsCommand,
  ListTagsForResourceCommand,
  UpdateAssociationCommand,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { onWebNodes, StateManager } from '../testing/state-manager.ts'

for (const database of DATABASES) {
  test(`STM-01 STM-05 an association runs on its nodes at once, and then its status is theirs (${database})`, async () => {
    await using server = await startServer({ database })
    const state = new StateManager(server)
    const [web, other] = [await server.fakeNode({ tags: { role: 'web' } }), await server.fakeNode()]
    const { id, ...created } = await state.create({
      AssociationName: 'keep-it',
      ScheduleExpression: 'rate(30 minutes)',
    })
    assert.deepEqual(
      { ...created, AssociationId: '', Date: 0, LastUpdateAssociationDate: 0 },
      {
        Name: 'AWS-RunShellScript',
        AssociationId: '',
        AssociationVersion: '1',
        AssociationName: 'keep-it',
        ApplyOnlyAtCronInterval: false,
        Date: 0,
        LastUpdateAssociationDate: 0,
        DocumentVersion: '$DEFAULT',
        Parameters: { commands: ['true'] },
        ScheduleExpression: 'rate(30 minutes)',
        Targets: onWebNodes,
        Overview: {
          Status: 'Pending',
          DetailedStatus: 'Creating',
          AssociationStatusAggregatedCount: { Pending: 1 },
        },
      },
    )
    await server.settle()
    assert.deepEqual(await state.poll(other), [], 'another node has nothing to do')
    const [shown] = await state.shownTo(web)
    assert.deepEqual(
      { ...shown, Checksum: '' },
      {
        AssociationId: id,
        AssociationVersion: '1',
        Name: 'AWS-RunShellScript',
        InstanceId: web.id,
        DocumentVersion: '1',
        Checksum: '',
        DetailedStatus: 'Pending',
        Status: 'Pending',
        Parameters: { commands: ['true'] },
      },
    )
    assert.match(shown!.Checksum, /^[0-9a-f]{64}$/)
    assert.equal((await state.shownTo(web))[0]!.DetailedStatus, 'InProgress', 'asked twice, it is run once')
    await state.report(web, id, 'Pending')
    await state.report(web, id, 'InProgress')
    await state.report(web, id, 'Success')
    const { Overview, LastExecutionDate, LastSuccessfulExecutionDate } = await state.describe(id)
    assert.deepEqual(Overview, {
      Status: 'Success',
      DetailedStatus: 'Success',
      AssociationStatusAggregatedCount: { Success: 1 },
    })
    assert.ok(LastExecutionDate && LastSuccessfulExecutionDate)
    assert.deepEqual(await state.tally(id), ['Success {Success=1}'])
    const [execution] = await state.executions(id)
    assert.deepEqual(
      (await state.targets(id, execution!.ExecutionId)).map(({ ResourceId, Status }) => [ResourceId, Status]),
      [[web.id, 'Success']],
    )
    const [status] = await state.statusOn(web)
    assert.deepEqual(
      [status!.Status, status!.AssociationVersion, status!.DocumentVersion, status!.ExecutionSummary],
      ['Success', '1', '1', 'It is Success.'],
    )
  })
}

test('STM-05 STM-19 a run is due once in each period, and the node is told', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const node = await server.fakeNode({ tags: { role: 'web' } })
  const { id } = await state.create({ ScheduleExpression: 'rate(30 minutes)' })
  await server.settle()
  const told = await node.nextJob('command')
  assert.match(told.content, /aws:refreshAssociation/)
  assert.deepEqual(await state.poll(node), [id])
  assert.deepEqual(await state.poll(node), [], 'it has run')
  await server.advance(29 * 60_000)
  assert.deepEqual(await state.poll(node), [])
  await server.advance(61_000)
  await node.nextJob('command')
  assert.deepEqual(await state.poll(node), [id])
  assert.deepEqual(await state.poll(node), [])
  // Nobody was here for a day: one run makes up for all that were missed.
  await server.advance(24 * 3_600_000)
  assert.deepEqual(await state.poll(node), [id])
  assert.deepEqual(await state.poll(node), [])
  assert.equal((await state.executions(id)).length, 3)
})

test('STM-01 an association of the old kind has one node, and is made once', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const node = await server.fakeNode()
  const made = await state.create({ InstanceId: node.id })
  assert.deepEqual(made.Targets, [{ Key: 'InstanceIds', Values: [node.id] }])
  assert.deepEqual([made.InstanceId, made.Status?.Name], [node.id, 'Pending'])
  await assert.rejects(state.create({ InstanceId: node.id }), { name: 'AssociationAlreadyExists' })
  await assert.rejects(state.create({ InstanceId: 'mi-00000000000000000' }), { name: 'InvalidInstanceId' })
  await assert.rejects(state.create({ InstanceId: node.id, ScheduleExpression: 'rate(1 hour)', Name: 'AWS-Noop' }), {
    name: 'ValidationException',
    message: /ScheduleExpression cannot be used with InstanceId/,
  })
})

test('T-19 STM-03 STM-04 STM-07 STM-08 what cannot be is refused with the reason', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const refused: readonly [Partial<CreateAssociationCommandInput>, string, RegExp][] = [
    [{ Name: 'Missing' }, 'InvalidDocument', /Missing/],
    [{ DocumentVersion: '9' }, 'InvalidDocumentVersion', /9/],
    [{ Name: 'SSM-SessionManagerRunShell', Parameters: {} }, 'InvalidDocument', /.*/],
    [{ Parameters: {} }, 'InvalidParameters', /commands/],
    [{ Parameters: { commands: ['true'], more: ['x'] } }, 'InvalidParameters', /more/],
    [{ Targets: [] }, 'InvalidTarget', /no target/],
    [{ Targets: [{ Key: 'role', Values: ['web'] }] }, 'InvalidTarget', /a key is/],
    [{ Targets: [{ Key: 'tag:a', Values: [] }] }, 'InvalidTarget', /no values/],
    [{ ScheduleExpression: 'rate(29 minutes)' }, 'InvalidSchedule', /30 minutes or more/],
    [{ ScheduleExpression: 'rate(31 days)' }, 'InvalidSchedule', /less than 31 days/],
    [{ ScheduleExpression: 'rate(1 hours)' }, 'InvalidSchedule', /hour/],
    [{ ScheduleExpression: 'cron(0/2 * * * ? *)' }, 'InvalidSchedule', /five minutes/],
    [{ ScheduleExpression: 'cron(0 0 1 MAR ? *)' }, 'InvalidSchedule', /months/],
    [{ ScheduleExpression: 'cron(0 0 31 2 ? *)' }, 'InvalidSchedule', /months|never/],
    [{ ScheduleExpression: 'cron(61 0 * * ? *)' }, 'InvalidSchedule', /minute/],
    [{ ScheduleExpression: 'at(2020-01-01T00:00:00)' }, 'InvalidSchedule', /never due/],
    [{ ScheduleExpression: 'tomorrow' }, 'InvalidSchedule', /tomorrow/],
    [{ ScheduleExpression: 'rate(1 hour)', ApplyOnlyAtCronInterval: true }, 'InvalidSchedule', /cron expressions only/],
    [{ ScheduleExpression: 'cron(0 2 * * ? *)', ScheduleOffset: 2 }, 'InvalidSchedule', /ScheduleOffset/],
    [{ ScheduleExpression: 'cron(0 2 * * ? *)', Duration: 2 }, 'InvalidSchedule', /Duration/],
    [{ OutputLocation: { S3Location: { OutputS3KeyPrefix: 'a' } } }, 'InvalidOutputLocation', /bucket/],
    [{ CalendarNames: ['a'] }, 'NotImplemented', /calendars/],
    [{ AlarmConfiguration: { Alarms: [{ Name: 'a' }] } }, 'ValidationException', /alarm a/],
    [{ AssociationName: 'a b' }, 'ValidationException', /associationName/],
  ]
  for (const [input, name, message] of refused)
    await assert.rejects(state.create(input), { name, message }, JSON.stringify(input))
  const { Associations } = await state.ssm.send(new ListAssociationsCommand({}))
  assert.deepEqual(Associations, [])
})

test('T-17 T-20 STM-04 schedules that associations take', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const taken = [
    'cron(0 */30 * * * ? *)',
    'cron(0 2 ? ? SUN ?)',
    'cron(15 13 ? * *)',
    'cron(30 23 ? * TUE#3 *)',
    'at(2099-01-01T00:00:00)',
  ]
  for (const ScheduleExpression of taken) assert.ok((await state.create({ ScheduleExpression })).id, ScheduleExpression)
})

test('STM-14 an update is a new version, clears what it leaves out, and runs at once', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const node = await server.fakeNode({ tags: { role: 'web' } })
  const { id } = await state.create({ AssociationName: 'first', ScheduleExpression: 'rate(1 hour)', MaxErrors: '1' })
  await server.settle()
  await state.poll(node)
  const { AssociationDescription: updated } = await state.ssm.send(
    new UpdateAssociationCommand({ AssociationId: id, Parameters: { commands: ['false'] }, AssociationVersion: '1' }),
  )
  assert.deepEqual(
    [
      updated!.AssociationVersion,
      updated!.Name,
      updated!.AssociationName,
      updated!.ScheduleExpression,
      updated!.MaxErrors,
    ],
    ['2', 'AWS-RunShellScript', undefined, undefined, undefined],
  )
  assert.deepEqual(updated!.Targets, onWebNodes)
  assert.equal(updated!.Overview!.Status, 'Pending', 'no success is claimed for what has not run')
  await server.settle()
  const [shown] = await state.shownTo(node)
  assert.deepEqual(
    [shown!.DetailedStatus, shown!.AssociationVersion, shown!.Parameters],
    ['Pending', '2', { commands: ['false'] }],
  )
  await assert.rejects(
    state.ssm.send(
      new UpdateAssociationCommand({ AssociationId: id, Parameters: { commands: ['x'] }, AssociationVersion: '1' }),
    ),
    { name: 'InvalidAssociationVersion' },
  )
  const { AssociationVersions } = await state.ssm.send(new ListAssociationVersionsCommand({ AssociationId: id }))
  assert.deepEqual(
    AssociationVersions!.map(({ AssociationVersion, AssociationName }) => [AssociationVersion, AssociationName]),
    [
      ['2', undefined],
      ['1', 'first'],
    ],
  )
})

test('STM-20 a deleted association is gone from lists, nodes and tags', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const node = await server.fakeNode({ tags: { role: 'web' } })
  const { id } = await state.create({ Tags: [{ Key: 'team', Value: 'a' }] })
  await server.settle()
  const tags = await state.ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Association', ResourceId: id }))
  assert.deepEqual(tags.TagList, [{ Key: 'team', Value: 'a' }])
  await state.poll(node)
  await state.ssm.send(new DeleteAssociationCommand({ AssociationId: id }))
  assert.deepEqual(await state.shownTo(node), [])
  await assert.rejects(state.describe(id), { name: 'AssociationDoesNotExist' })
  await assert.rejects(state.report(node, id, 'Success'), /AssociationDoesNotExist/)
  await assert.rejects(state.ssm.send(new DeleteAssociationCommand({})), { name: 'ValidationException' })
})

test('STM-22 a document that is not of type Command or Policy is refused', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const Content = JSON.stringify({
    schemaVersion: '0.3',
    mainSteps: [{ name: 'a', action: 'aws:sleep', inputs: { Duration: 'PT1S' } }],
  })
  await state.ssm.send(new CreateDocumentCommand({ Name: 'Sleepy', DocumentType: 'Automation', Content }))
  await assert.rejects(state.ssm.send(new CreateAssociationCommand({ Name: 'Sleepy', Targets: onWebNodes })), {
    name: 'NotImplemented',
  })
})
