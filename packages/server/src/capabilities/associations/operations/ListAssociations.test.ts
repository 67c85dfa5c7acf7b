import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type AssociationFilter,
  CreateAssociationBatchCommand,
  DescribeAssociationCommand,
  DescribeAssociationExecutionsCommand,
  DescribeAssociationExecutionTargetsCommand,
  DescribeEffectiveInstanceAssociationsCommand,
  DescribeInstanceAssociationsStatusCommand,
  ListAssociationsCommand,
  StartAssociationsOnceCommand,
  UpdateAssociationCommand,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { onWebNodes, StateManager } from '../testing/state-manager.ts'

test('STM-12 lists are filtered, and paged with tokens', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const before = server.house.clock.now()
  await server.advance(1000)
  const node = await server.fakeNode({ tags: { role: 'web' } })
  const { id: good } = await state.create({ AssociationName: 'good' })
  const { id: bad } = await state.create({ AssociationName: 'bad', Name: 'AWS-Noop', Parameters: undefined })
  const { id: idle } = await state.create({ Targets: [{ Key: 'resource-groups:Name', Values: ['nobody'] }] })
  await server.settle()
  await state.shownTo(node)
  await state.report(node, good, 'Success')
  await state.report(node, bad, 'Failed')
  await server.advance(1000)
  const ids = async (...AssociationFilterList: AssociationFilter[]) => {
    const input = AssociationFilterList.length > 0 ? { AssociationFilterList } : {}
    const { Associations } = await state.ssm.send(new ListAssociationsCommand(input))
    return Associations!.map(({ AssociationId }) => AssociationId!)
  }
  assert.deepEqual(await ids(), [good, bad, idle].sort())
  assert.deepEqual(await ids({ key: 'AssociationId', value: bad }), [bad])
  assert.deepEqual(await ids({ key: 'AssociationName', value: 'good' }), [good])
  assert.deepEqual(await ids({ key: 'Name', value: 'AWS-Noop' }), [bad])
  assert.deepEqual(await ids({ key: 'InstanceId', value: node.id }), [good, bad].sort())
  assert.deepEqual(await ids({ key: 'ResourceGroupName', value: 'nobody' }), [idle])
  assert.deepEqual(await ids({ key: 'AssociationStatusName', value: 'Success' }), [good, idle].sort())
  assert.deepEqual(await ids({ key: 'AssociationStatusName', value: 'Failed' }), [bad])
  assert.deepEqual(await ids({ key: 'AssociationStatusName', value: 'Pending' }), [])
  const after = server.house.clock.now().toISOString()
  assert.deepEqual(await ids({ key: 'LastExecutedBefore', value: after }), [good, bad, idle].sort())
  assert.deepEqual(await ids({ key: 'LastExecutedAfter', value: after }), [])
  assert.deepEqual(await ids({ key: 'LastExecutedBefore', value: before.toISOString() }), [])
  await assert.rejects(ids({ key: 'AssociationStatusName', value: 'Odd' }), { name: 'ValidationException' })
  for (const value of ['soon', '1', '2026', '2026-13-45', '2026-02-30T00:00:00Z', '2026/11/21']) {
    for (const key of ['LastExecutedAfter', 'LastExecutedBefore'] as const)
      await assert.rejects(ids({ key, value }), { name: 'ValidationException' }, value)
  }
  await assert.rejects(ids({ key: 'CloudConnectorId', value: 'x' }), { name: 'ValidationException' })
  const seconds = String(Date.parse(after) / 1000)
  assert.deepEqual(await ids({ key: 'LastExecutedBefore', value: seconds }), [good, bad, idle].sort())

  // All must hold, those of one key too, wherever each stands.
  for (const [key, value, other] of [
    ['AssociationId', bad, good],
    ['AssociationName', 'bad', 'good'],
    ['Name', 'AWS-Noop', 'AWS-RunShellScript'],
    ['InstanceId', node.id, 'mi-00000000000000000'],
    ['ResourceGroupName', 'nobody', 'others'],
    ['AssociationStatusName', 'Failed', 'Success'],
    ['LastExecutedBefore', after, before.toISOString()],
    ['LastExecutedAfter', before.toISOString(), after],
  ] as const) {
    const [one, two] = [
      { key, value },
      { key, value: other },
    ]
    assert.deepEqual([await ids(one, two), await ids(two, one)], [[], []], key)
    assert.deepEqual(await ids(one, one), await ids(one), key)
  }

  const seen: string[] = []
  let NextToken: string | undefined
  do {
    const page = await state.ssm.send(new ListAssociationsCommand({ MaxResults: 2, NextToken }))
    seen.push(...page.Associations!.map(({ AssociationId }) => AssociationId!))
    NextToken = page.NextToken
  } while (NextToken)
  assert.deepEqual(seen, [good, bad, idle].sort())
  await assert.rejects(state.ssm.send(new ListAssociationsCommand({ NextToken: 'x' })), { name: 'InvalidNextToken' })
})

test('STM-13 executions and their targets are filtered and paged, newest first', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const nodes = await server.fakeNodes(3, { tags: { role: 'web' } })
  const { id } = await state.create()
  await server.settle()
  for (const [index, node] of nodes.entries()) await state.poll(node, index === 0 ? 'Failed' : 'Success')
  await server.advance(60_000)
  const between = server.house.clock.now().toISOString()
  await server.advance(60_000)
  await state.ssm.send(new StartAssociationsOnceCommand({ AssociationIds: [id] }))
  const [second, first] = await state.executions(id)
  assert.deepEqual([second!.Status, first!.Status], ['Pending', 'Failed'])
  assert.equal(first!.ResourceCountByStatus, '{Failed=1, Success=2}')
  type One = [
    Key: 'ExecutionId' | 'Status' | 'CreatedTime',
    Value: string,
    Type?: 'EQUAL' | 'LESS_THAN' | 'GREATER_THAN',
  ]
  const found = async (...one: One) => foundBy(one)
  const foundBy = async (...all: One[]) => {
    const Filters = all.map(([Key, Value, Type = 'EQUAL']) => ({ Key, Value, Type }))
    const { AssociationExecutions } = await state.ssm.send(
      new DescribeAssociationExecutionsCommand({ AssociationId: id, Filters }),
    )
    return AssociationExecutions!.map(({ ExecutionId }) => ExecutionId)
  }
  assert.deepEqual(await found('Status', 'Failed'), [first!.ExecutionId])
  assert.deepEqual(await found('ExecutionId', second!.ExecutionId!), [second!.ExecutionId])
  assert.deepEqual(await found('CreatedTime', between, 'LESS_THAN'), [first!.ExecutionId])
  assert.deepEqual(await found('CreatedTime', between, 'GREATER_THAN'), [second!.ExecutionId])
  await assert.rejects(found('Status', 'Failed', 'LESS_THAN'), { name: 'ValidationException' })
  await assert.rejects(found('CreatedTime', '1', 'LESS_THAN'), { name: 'ValidationException' })
  await assert.rejects(found('CreatedTime', '2026-13-45', 'GREATER_THAN'), { name: 'ValidationException' })
  assert.deepEqual(await foundBy(['Status', 'Failed'], ['Status', 'Pending']), [])
  assert.deepEqual(await foundBy(['ExecutionId', first!.ExecutionId!], ['ExecutionId', second!.ExecutionId!]), [])
  const [start, end] = [first!.CreatedTime!.toISOString(), second!.CreatedTime!.toISOString()]
  const inside: One[] = [
    ['CreatedTime', start, 'GREATER_THAN'],
    ['CreatedTime', between, 'LESS_THAN'],
    ['CreatedTime', end, 'LESS_THAN'],
  ]
  assert.deepEqual(await foundBy(...inside), [])
  assert.deepEqual(await foundBy(...inside.slice(1).reverse()), [first!.ExecutionId])

  const targets = async (more: object) => {
    const input = { AssociationId: id, ExecutionId: first!.ExecutionId, ...more }
    return state.ssm.send(new DescribeAssociationExecutionTargetsCommand(input))
  }
  const failed = await targets({ Filters: [{ Key: 'Status', Value: 'Failed' }] })
  assert.deepEqual(
    failed.AssociationExecutionTargets!.map(({ ResourceId, ResourceType }) => [ResourceId, ResourceType]),
    [[nodes[0]!.id, 'ManagedInstance']],
  )
  const page = await targets({ MaxResults: 2 })
  const rest = await targets({ MaxResults: 2, NextToken: page.NextToken })
  assert.deepEqual([page.AssociationExecutionTargets!.length, rest.AssociationExecutionTargets!.length], [2, 1])
  const none = await targets({ Filters: [{ Key: 'ResourceType', Value: 'AWS::EC2::Instance' }] })
  assert.deepEqual(none.AssociationExecutionTargets, [])
  const twice = (Key: string, Value: string, other: string) =>
    targets({ Filters: [Value, other].map((one) => ({ Key, Value: one })) })
  for (const [key, value, other] of [
    ['Status', 'Failed', 'Success'],
    ['ResourceId', nodes[0]!.id, nodes[1]!.id],
    ['ResourceType', 'AWS::EC2::Instance', 'ManagedInstance'],
  ] as const) {
    assert.deepEqual((await twice(key, value, other)).AssociationExecutionTargets, [], key)
    assert.deepEqual((await twice(key, other, value)).AssociationExecutionTargets, [], key)
  }
  const typed = await twice('ResourceType', 'ManagedInstance', 'ManagedInstance')
  assert.equal(typed.AssociationExecutionTargets!.length, 3)
  await assert.rejects(targets({ ExecutionId: '00000000-0000-4000-8000-000000000000' }), {
    name: 'AssociationExecutionDoesNotExist',
  })
})

test('STM-15 each entry of a batch is made or refused by itself', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const node = await server.fakeNode()
  const entry = { Name: 'AWS-RunShellScript', InstanceId: node.id, Parameters: { commands: ['true'] } }
  const Entries = [entry, entry, { ...entry, Name: 'Missing' }, { Name: 'AWS-Noop', Targets: onWebNodes }]
  const { Successful, Failed } = await state.ssm.send(new CreateAssociationBatchCommand({ Entries }))
  assert.deepEqual(
    Successful!.map(({ Name }) => Name),
    ['AWS-RunShellScript', 'AWS-Noop'],
  )
  assert.deepEqual(
    Failed!.map(({ Entry, Fault }) => [Entry!.Name, Fault]),
    [
      ['AWS-RunShellScript', 'Client'],
      ['Missing', 'Client'],
    ],
  )
  assert.match(Failed![1]!.Message!, /Missing/)
})

test('STM-16 an old agent says how far it is, in three words', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const node = await server.fakeNode()
  const { id } = await state.create({ InstanceId: node.id })
  const say = (Name: string) => {
    const at = server.house.clock.now().getTime() / 1000
    const AssociationStatus = { Name, Message: `It is ${Name}.`, Date: at, AdditionalInfo: '{}' }
    return node.request('UpdateAssociationStatus', {
      Name: 'AWS-RunShellScript',
      InstanceId: node.id,
      AssociationStatus,
    })
  }
  await say('Pending')
  await assert.rejects(say('Pending'), /StatusUnchanged/)
  await say('Success')
  const { AssociationDescription: shown } = await state.ssm.send(
    new DescribeAssociationCommand({ Name: 'AWS-RunShellScript', InstanceId: node.id }),
  )
  assert.deepEqual([shown!.AssociationId, shown!.Status!.Name, shown!.Overview!.Status], [id, 'Success', 'Success'])
  // What it asks when it cannot list its associations.
  const filter = { AssociationFilterList: [{ key: 'InstanceId', value: node.id }], MaxResults: 1 }
  const { Associations } = await node.request('ListAssociations', filter)
  assert.equal((Associations as object[]).length, 1)
  await assert.rejects(node.request('ListAssociations', {}), /AccessDenied/)
  // Its own id does not open the list of another node.
  const other = await server.fakeNode()
  await state.create({ InstanceId: other.id })
  const both = [node.id, other.id].map((value) => ({ key: 'InstanceId', value }))
  assert.deepEqual((await node.request('ListAssociations', { AssociationFilterList: both })).Associations, [])
})

test('STM-17 what is effective on a node, five at a time, and how it stands there', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const node = await server.fakeNode({ tags: { role: 'web' } })
  const made: string[] = []
  for (let i = 0; i < 6; i++) made.push((await state.create({ AssociationName: `number-${i}` })).id)
  const effective = (more: object) =>
    state.ssm.send(new DescribeEffectiveInstanceAssociationsCommand({ InstanceId: node.id, ...more }))
  const page = await effective({})
  assert.equal(page.Associations!.length, 5)
  assert.match(page.Associations![0]!.Content!, /aws:runShellScript/)
  const rest = await effective({ NextToken: page.NextToken })
  assert.deepEqual(
    [...page.Associations!, ...rest.Associations!].map(({ AssociationId }) => AssociationId),
    made.sort(),
  )
  assert.equal((await state.statusOn(node)).length, 6)
  const InstanceId = 'mi-00000000000000000'
  await assert.rejects(effective({ InstanceId }), { name: 'InvalidInstanceId' })
  await assert.rejects(state.ssm.send(new DescribeInstanceAssociationsStatusCommand({ InstanceId })), {
    name: 'InvalidInstanceId',
  })
})

test('STM-14 an earlier version is described as it was; there is none after the latest', async () => {
  await using server = await startServer()
  const state = new StateManager(server)
  const { id } = await state.create({ AssociationName: 'first' })
  await state.ssm.send(new UpdateAssociationCommand({ AssociationId: id, Parameters: { commands: ['b'] } }))
  const described = async (AssociationVersion: string) => {
    const input = { AssociationId: id, AssociationVersion }
    return (await state.ssm.send(new DescribeAssociationCommand(input))).AssociationDescription!
  }
  assert.deepEqual(
    [(await described('1')).AssociationName, (await described('$LATEST')).AssociationName],
    ['first', undefined],
  )
  await assert.rejects(described('3'), { name: 'InvalidAssociationVersion' })
})
