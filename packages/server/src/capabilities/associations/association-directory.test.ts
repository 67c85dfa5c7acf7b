import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateDocumentCommand,
  DeleteAssociationCommand,
  DeregisterManagedInstanceCommand,
  DescribeInstanceInformationCommand,
  DescribeInstancePropertiesCommand,
  type InstanceInformation,
  type InstanceProperty,
  type InstancePropertyFilterOperator,
  type SSMClient,
} from '@aws-sdk/client-ssm'
import { DATABASES, type FakeAgent, openTestDatabase, startServer } from '@steward/testkit'
import { tables } from '#db/database.ts'
import { associationDirectory } from './association-directory.ts'
import { associations0001 } from './migrations/0001-associations.ts'
import type { AssociationTables } from './tables.ts'
import { StateManager } from './testing/state-manager.ts'

const WAITING = {
  association_id: 'a',
  account: '1',
  region: 'r',
  status: 'Associated',
  detailed_status: 'Associated',
  error_code: '',
  summary: '',
  version: 1,
  document_version: '',
}

/** The lists of nodes, as far as they tell of associations. */
function lists(ssm: SSMClient, nodes: readonly FakeAgent[]) {
  const names = (found: readonly { InstanceId?: string }[] | undefined) =>
    found!
      .map(({ InstanceId }) => 'ABC'[nodes.findIndex(({ id }) => id === InstanceId)])
      .sort()
      .join('')
  return {
    async shown(node: FakeAgent): Promise<InstanceInformation> {
      const { InstanceInformationList } = await ssm.send(new DescribeInstanceInformationCommand({}))
      const { InstanceProperties } = await ssm.send(new DescribeInstancePropertiesCommand({}))
      const told = InstanceInformationList!.find(({ InstanceId }) => InstanceId === node.id)
      const property = InstanceProperties!.find(({ InstanceId }) => InstanceId === node.id)
      assert.deepEqual(told!.AssociationOverview, property!.AssociationOverview)
      assert.deepEqual(told!.AssociationStatus, property!.AssociationStatus)
      assert.deepEqual(told!.LastAssociationExecutionDate, property!.LastAssociationExecutionDate)
      return told!
    },
    async inStatus(...Values: string[]): Promise<string> {
      const Filters = [{ Key: 'AssociationStatus', Values }]
      const { InstanceInformationList } = await ssm.send(new DescribeInstanceInformationCommand({ Filters }))
      return names(InstanceInformationList)
    },
    async whereStatus(Operator: InstancePropertyFilterOperator, ...Values: string[]): Promise<string> {
      const FiltersWithOperator = [{ Key: 'AssociationStatus', Operator, Values }]
      const { InstanceProperties } = await ssm.send(new DescribeInstancePropertiesCommand({ FiltersWithOperator }))
      return names(InstanceProperties)
    },
    async whereDocument(Operator: InstancePropertyFilterOperator | undefined, ...Values: string[]): Promise<string> {
      const FiltersWithOperator = [{ Key: 'DocumentName', Operator, Values }]
      const { InstanceProperties } = await ssm.send(new DescribeInstancePropertiesCommand({ FiltersWithOperator }))
      return names(InstanceProperties)
    },
  }
}

const overview = ({ AssociationStatus, AssociationOverview }: InstanceInformation | InstanceProperty) => [
  AssociationStatus,
  AssociationOverview?.DetailedStatus,
  AssociationOverview?.InstanceAssociationStatusAggregatedCount,
]

for (const database of DATABASES) {
  test(`STM-12 AGT-05 lists of nodes show and know the worst that associations came to (${database})`, async () => {
    await using server = await startServer({ database })
    const state = new StateManager(server)
    const [a, b] = (await server.fakeNodes(2, { tags: { role: 'web' } })) as [FakeAgent, FakeAgent]
    const [c] = (await server.fakeNodes(1)) as [FakeAgent]
    const { shown, inStatus, whereStatus } = lists(state.ssm, [a, b, c])
    assert.deepEqual(overview(await shown(a)), [undefined, undefined, undefined])
    assert.equal(await inStatus('Success', 'Pending', 'Failed'), '')

    const { id } = await state.create()
    await server.settle()
    assert.deepEqual(overview(await shown(a)), ['Pending', 'Pending', { Pending: 1 }])
    assert.equal((await shown(a)).LastAssociationExecutionDate, undefined)
    assert.equal(await inStatus('Pending'), 'AB')

    const begun = server.house.clock.now()
    await state.poll(a)
    const first = await shown(a)
    assert.deepEqual(overview(first), ['Success', 'Success', { Success: 1 }])
    assert.ok(Math.abs(first.LastAssociationExecutionDate!.getTime() - begun.getTime()) < 5_000)
    assert.ok(Math.abs(first.LastSuccessfulAssociationExecutionDate!.getTime() - begun.getTime()) < 5_000)

    await server.advance(60_000)
    const { id: other } = await state.create({ Targets: [{ Key: 'InstanceIds', Values: [a.id] }] })
    await server.settle()
    assert.deepEqual(overview(await shown(a)), ['Pending', 'Pending', { Pending: 1, Success: 1 }])
    await state.poll(a, 'Failed')
    const second = await shown(a)
    assert.deepEqual(overview(second), ['Failed', 'Failed', { Failed: 1, Success: 1 }])
    assert.ok(second.LastAssociationExecutionDate! > first.LastAssociationExecutionDate!)
    assert.deepEqual(second.LastSuccessfulAssociationExecutionDate, first.LastSuccessfulAssociationExecutionDate)
    assert.deepEqual(overview(await shown(b)), ['Pending', 'Pending', { Pending: 1 }])
    assert.deepEqual(overview(await shown(c)), [undefined, undefined, undefined])

    assert.deepEqual([await inStatus('Failed'), await inStatus('Pending'), await inStatus('Success')], ['A', 'B', ''])
    assert.equal(await inStatus('Failed', 'Pending'), 'AB')
    assert.equal(await whereStatus('Equal', 'Failed'), 'A')
    assert.equal(await whereStatus('NotEqual', 'Failed'), 'BC')
    assert.equal(await whereStatus('BeginWith', 'Pen', 'Fai'), 'AB')
    await assert.rejects(inStatus('Skipped'), { name: 'InvalidInstanceInformationFilterValue' })

    await state.ssm.send(new DeleteAssociationCommand({ AssociationId: other }))
    assert.deepEqual(overview(await shown(a)), ['Success', 'Success', { Success: 1 }])
    assert.equal(await inStatus('Failed'), '')
    await state.ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: b.id }))
    assert.equal(await inStatus('Pending', 'Success'), 'A')
    await server.advance(6_000)
    assert.equal(await inStatus('Pending', 'Success'), 'A')
    await state.ssm.send(new DeleteAssociationCommand({ AssociationId: id }))
    assert.deepEqual(overview(await shown(a)), [undefined, undefined, undefined])
    assert.equal(await inStatus('Success', 'Pending', 'Failed'), '')
  })
}

for (const database of DATABASES) {
  test(`AGT-06 nodes are found by the documents of their associations (${database})`, async () => {
    await using server = await startServer({ database })
    const state = new StateManager(server)
    const nodes = (await server.fakeNodes(2, { tags: { role: 'web' } })) as [FakeAgent, FakeAgent]
    const none = await server.fakeNode()
    const { whereDocument } = lists(state.ssm, [...nodes, none])
    const Content = JSON.stringify({
      schemaVersion: '2.2',
      mainSteps: [{ action: 'aws:runShellScript', name: 'a', inputs: { runCommand: ['true'] } }],
    })
    await state.ssm.send(new CreateDocumentCommand({ Name: 'Mine', DocumentType: 'Command', Content }))
    await state.create()
    const { id } = await state.create({
      Name: 'Mine',
      Parameters: undefined,
      Targets: [{ Key: 'InstanceIds', Values: [nodes[1].id] }],
    })
    await server.settle()
    const arn = 'arn:aws:ssm:us-east-1:000000000000:document/Mine'
    assert.equal(await whereDocument(undefined, 'AWS-RunShellScript'), 'AB')
    assert.equal(await whereDocument(undefined, 'Mine'), 'B')
    assert.equal(await whereDocument('Equal', arn, 'AWS-RunPowerShellScript'), 'B')
    assert.equal(await whereDocument('NotEqual', 'Mine'), 'AC')
    assert.equal(await whereDocument('NotEqual', 'Mine', 'AWS-RunShellScript'), 'C')
    assert.equal(await whereDocument('BeginWith', 'Mi', 'You'), 'B')
    const former = [{ key: 'DocumentName' as const, valueSet: ['Mine'] }]
    const found = await state.ssm.send(new DescribeInstancePropertiesCommand({ InstancePropertyFilterList: former }))
    assert.deepEqual(
      found.InstanceProperties!.map(({ InstanceId }) => InstanceId),
      [nodes[1].id],
    )
    await assert.rejects(whereDocument('Equal', 'Yours'), { name: 'InvalidDocument' })
    await state.ssm.send(new DeleteAssociationCommand({ AssociationId: id }))
    assert.equal(await whereDocument('Equal', 'Mine'), '')
  })
}

test('AGT-06 a page shows the associations of as many nodes as it holds', async () => {
  await using server = await startServer()
  await server.advanceTo('12:00')
  const state = new StateManager(server)
  await server.fakeNodes(60, { tags: { role: 'web' } })
  await state.create({ ApplyOnlyAtCronInterval: true, ScheduleExpression: 'cron(0 3 ? * SUN *)' })
  await server.settle()
  for (const MaxResults of [7, 50, 60]) {
    const { InstanceProperties } = await state.ssm.send(new DescribeInstancePropertiesCommand({ MaxResults }))
    assert.equal(InstanceProperties!.length, MaxResults)
    for (const property of InstanceProperties!)
      assert.deepEqual(overview(property), ['Pending', 'Pending', { Associated: 1 }])
  }
})

test('the same map is answered until an association comes to something else', async () => {
  await using db = await openTestDatabase('sqlite', { 'associations-0001': associations0001 })
  const ask = (...nodeIds: string[]) => db.read((reader) => associationDirectory.onNodes(reader, nodeIds))
  const begin = (node_id: string) =>
    db.write((tx) =>
      tables<AssociationTables>(tx)
        .insertInto('association_node')
        .values({ ...WAITING, node_id })
        .execute(),
    )
  const none = await ask('mi-1', 'mi-2')
  await begin('mi-3')
  assert.equal(await ask('mi-1', 'mi-2'), none, 'of other nodes')
  await begin('mi-1')
  // What a query reads is looked up when it comes for the second time.
  await ask('mi-1', 'mi-2')
  const before = await ask('mi-1', 'mi-2')
  assert.equal(await ask('mi-1', 'mi-2'), before)
  assert.deepEqual([...before.keys()], ['mi-1'])
  await begin('mi-2')
  assert.deepEqual([...(await ask('mi-1', 'mi-2')).keys()], ['mi-1', 'mi-2'])
})
