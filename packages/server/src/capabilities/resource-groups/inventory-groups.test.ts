import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { AddTagsToResourceCommand, DeregisterManagedInstanceCommand } from '@aws-sdk/client-ssm'
import type { DescribeGroupOverviewResult, PreviewTargetsResult } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer } from '@steward/testkit'
import { RunCommand } from '#capabilities/commands/testing/run-command.ts'
import { ALLOW_LOOPBACK, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { webhookRule } from '#capabilities/events/testing/webhook-rule.ts'
import { Inventory, item, packages } from '#capabilities/inventory/testing/inventory.ts'
import { jsonCall } from '#door/testing/raw-call.ts'
import { aUser } from '#iam/testing/a-user.ts'
import { Groups } from './testing/groups-client.ts'

const NODE = 'AWS::SSM::ManagedInstance'
const OLD_SSL = [
  { Key: 'AWS:Application.Name', Values: ['openssl'] },
  { Key: 'AWS:Application.Version', Values: ['3.0.15'], Type: 'LessThan' },
]
const named = (...Values: string[]) => [{ Key: 'resource-groups:Name', Values }]
const nodeArn = (id: string) => `arn:aws:ssm:us-east-1:000000000000:managed-instance/${id}`

function inventoryQuery(InventoryFilters: unknown, more: object = { ResourceTypeFilters: [NODE] }) {
  return { Type: 'STEWARD_INVENTORY_1_0' as const, Query: JSON.stringify({ ...more, InventoryFilters }) }
}

for (const database of DATABASES) {
  test(`RG-15 who is in a group by inventory follows what nodes report, wherever groups are used (${database})`, async () => {
    await using server = await startServer({ database })
    const [groups, inventory, run] = [new Groups(server), new Inventory(server), new RunCommand(server)]
    const [a, b, c] = [
      await server.fakeNode(),
      await server.fakeNode({ tags: { stage: 'prod' } }),
      await server.fakeNode(),
    ]
    await inventory.put(a.id, packages('openssl 3.0.9', 'bash 5'))
    await inventory.put(b.id, packages('openssl 3.0.15', 'bash 2'))
    await groups.call('CreateGroup', { Name: 'old-ssl', ResourceQuery: inventoryQuery(OLD_SSL) })
    const members = async () => (await groups.members('old-ssl')).map((arn) => arn.split('/')[1]).sort()
    assert.deepEqual(await groups.members('old-ssl'), [nodeArn(a.id)], 'both conditions are about one package')
    await inventory.put(c.id, packages('openssl 1:0.1', 'libssl 1', 'openssl 3.0.10'))
    assert.deepEqual(await members(), [a.id, c.id].sort())
    await inventory.put(a.id, packages('openssl 3.0.16'))
    await inventory.put(b.id, packages('openssl 3.0.2'))
    assert.deepEqual(await members(), [b.id, c.id].sort())

    const { CommandId } = await run.send({ Targets: named('old-ssl') })
    await server.settle()
    const reached = (await run.invocations(CommandId)).map(({ InstanceId }) => InstanceId)
    assert.deepEqual(reached.sort(), [b.id, c.id].sort())
    const steward = (operation: string, input: object) =>
      jsonCall(server, `Steward.${operation}`, input, { service: 'steward' })
    const preview = (await steward('PreviewTargets', { Targets: named('old-ssl') })).json as unknown
    assert.equal((preview as PreviewTargetsResult).MatchedCount, 2)
    const overview = (await steward('DescribeGroupOverview', { Group: 'old-ssl' })).json as unknown
    const { Group, ResourceCount, Nodes } = overview as DescribeGroupOverviewResult
    assert.deepEqual([Group.QueryType, ResourceCount, Nodes?.Total], ['STEWARD_INVENTORY_1_0', 2, 2])
    assert.deepEqual(await inventory.nodes(['AWS:ResourceGroup.Name', 'Equal', 'old-ssl']), [b.id, c.id].sort())

    const tags = { TagFilters: [{ Key: 'stage', Values: ['prod'] }] }
    await groups.call('UpdateGroupQuery', { Group: 'old-ssl', ResourceQuery: inventoryQuery(OLD_SSL, tags) })
    assert.deepEqual(await members(), [b.id])
    const stage = [{ Key: 'stage', Value: 'prod' }]
    const resource = { ResourceType: 'ManagedInstance', ResourceId: c.id } as const
    await inventory.ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: stage }))
    assert.deepEqual(await members(), [b.id, c.id].sort())
    await inventory.ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: c.id }))
    assert.deepEqual(await members(), [b.id])
  })
}

test('RG-15 searches take what GetInventory takes: types of your own, kernels, agents, who has none', async () => {
  await using server = await startServer()
  const [groups, inventory] = [new Groups(server), new Inventory(server)]
  const [a, b] = [await server.fakeNode(), await server.fakeNode()]
  const detail = (KernelVersion: string) => item('AWS:InstanceDetailedInformation', [{ CPUs: '4', KernelVersion }])
  await inventory.put(a.id, detail('6.1.9-13'), packages('nginx 1'), item('Custom:Rack.Info', [{ Place: 'A1' }]))
  await inventory.put(b.id, detail('6.1.10-13'), packages('bash 5'))
  const search = async (Key: string, Type: string, ...Values: string[]) => {
    const ResourceQuery = inventoryQuery([{ Key, Type, Values }])
    const { ResourceIdentifiers, QueryErrors } = await groups.call('SearchResources', { ResourceQuery })
    assert.deepEqual(QueryErrors, [])
    return ResourceIdentifiers.map(({ ResourceArn = '' }) => (ResourceArn.endsWith(a.id) ? 'a' : 'b'))
      .sort()
      .join('')
  }
  assert.equal(await search('AWS:InstanceDetailedInformation.KernelVersion', 'LessThan', '6.1.10'), 'a')
  assert.equal(await search('AWS:InstanceDetailedInformation.CPUs', 'GreaterThan', '10'), '')
  assert.equal(await search('AWS:Application.Name', 'NotEqual', 'nginx'), 'b')
  assert.equal(await search('AWS:Application.Name', 'BeginWith', 'ng', 'ba'), 'ab')
  assert.equal(await search('Custom:Rack.Info.Place', 'Exists', 'x'), 'a')
  assert.equal(await search('TypeName', 'Equal', 'AWS:Application'), 'ab')
  assert.equal(await search('AWS:InstanceInformation.AgentVersion', 'GreaterThan', '0'), 'ab')
  const ResourceQuery = inventoryQuery([{ Key: 'TypeName', Values: ['AWS:Application'] }])
  const first = await groups.call('SearchResources', { ResourceQuery, MaxResults: 1 })
  const second = await groups.call('SearchResources', { ResourceQuery, MaxResults: 1, NextToken: first.NextToken })
  const arns = [first, second].map(({ ResourceIdentifiers: [found] }) => found!.ResourceArn)
  assert.deepEqual([arns, second.NextToken], [[a.id, b.id].sort().map(nodeArn), undefined])
})

test('RG-15 what is no query by inventory is refused with its place', async () => {
  await using server = await startServer()
  const groups = new Groups(server)
  const filter = (more: object) => inventoryQuery([OLD_SSL[0], { Key: 'AWS:Application.Name', Values: ['a'], ...more }])
  const refused: [ReturnType<typeof inventoryQuery>, RegExp][] = [
    [
      filter({ Key: 'AWS:Application.Colour' }),
      /inventoryFilters\.2\.member: .*AWS:Application has no attribute Colour/,
    ],
    [filter({ Key: 'AWS:Nonsense.Name' }), /There is no type AWS:Nonsense/],
    [filter({ Key: 'Name' }), /Name is not of the form Type.Attribute/],
    [filter({ Key: 'AWS:ResourceGroup.Name' }), /Groups are not made of groups/],
    [filter({ Type: 'Like' }), /'inventoryFilters\.2\.member\.type' .*enum value set/],
    [filter({ Values: [] }), /'inventoryFilters\.2\.member\.values' failed/],
    [filter({ Value: 'a' }), /it has no member Value/],
    [filter({ Key: 7 }), /InventoryFilters: /],
    [inventoryQuery([]), /'inventoryFilters' failed/],
    [inventoryQuery(Array(6).fill(OLD_SSL[0])), /'inventoryFilters' failed/],
    [inventoryQuery({}), /InventoryFilters must be a list/],
    [inventoryQuery(undefined), /InventoryFilters must be a list/],
    [inventoryQuery(OLD_SSL, { ResourceTypeFilters: ['AWS::AllSupported'] }), /only nodes have an inventory/],
    [inventoryQuery(OLD_SSL, { ResourceTypeFilters: [NODE, 'AWS::S3::Bucket'] }), /only nodes have an inventory/],
    [inventoryQuery(OLD_SSL, { Filters: [] }), /it has no member Filters/],
    [{ Type: 'TAG_FILTERS_1_0' as never, Query: inventoryQuery(OLD_SSL).Query }, /it has no member InventoryFilters/],
  ]
  await groups.call('CreateGroup', { Name: 'good', ResourceQuery: inventoryQuery(OLD_SSL, {}) })
  for (const [ResourceQuery, why] of refused) {
    for (const answer of [
      await groups.ask('CreateGroup', { Name: 'g', ResourceQuery }),
      await groups.ask('UpdateGroupQuery', { Group: 'good', ResourceQuery }),
      await groups.ask('SearchResources', { ResourceQuery }),
    ]) {
      assert.equal(answer.headers.get('x-amzn-errortype'), 'BadRequestException')
      assert.match(answer.text, why)
    }
  }
  const { GroupQuery } = await groups.call('GetGroupQuery', { Group: 'good' })
  assert.deepEqual(GroupQuery.ResourceQuery, inventoryQuery(OLD_SSL, {}))
  const Filters = [{ Name: 'resource-type' as const, Values: [NODE] }]
  assert.equal((await groups.call('ListGroups', { Filters })).Groups.length, 1, 'nodes are what it can have')
})

test('RG-15 asking by inventory takes leave to read it; who may list a group is shown its members', async () => {
  await using server = await startServer()
  const [groups, inventory] = [new Groups(server), new Inventory(server)]
  const node = await server.fakeNode()
  await inventory.put(node.id, packages('openssl 3.0.9'))
  const ResourceQuery = inventoryQuery(OLD_SSL)
  await groups.call('CreateGroup', { Name: 'old-ssl', ResourceQuery })
  const statements = [{ Effect: 'Allow', Action: 'resource-groups:*', Resource: '*' }]
  const ann = new Groups(server, { credentials: await aUser(server, 'ann', { statements }) })
  for (const answer of [
    await ann.ask('CreateGroup', { Name: 'mine', ResourceQuery }),
    await ann.ask('UpdateGroupQuery', { Group: 'old-ssl', ResourceQuery }),
    await ann.ask('SearchResources', { ResourceQuery }),
  ]) {
    assert.equal(answer.status, 403)
    assert.match(answer.text, /ssm:GetInventory/)
  }
  assert.deepEqual(await ann.members('old-ssl'), [nodeArn(node.id)])
})

test('RG-15 RG-10 an account that wants it is told who came into a group by what was reported', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const [groups, inventory] = [new Groups(server), new Inventory(server)]
  await webhookRule(server.client(EventBridgeClient), 'all', receiver.url, {
    'detail-type': ['ResourceGroups Group Membership Change'],
  })
  const node = await server.fakeNode()
  await groups.call('UpdateAccountSettings', { GroupLifecycleEventsDesiredStatus: 'ACTIVE' })
  await groups.call('CreateGroup', { Name: 'old-ssl', ResourceQuery: inventoryQuery(OLD_SSL) })
  const told = async () => {
    // One step for what is found by a task, one for what is delivered by another.
    for (const _ of ['found', 'delivered']) await server.advance(2_000).then(() => server.settle())
    return receiver.received.splice(0).flatMap(({ body }) => JSON.parse(body).detail.resources)
  }
  assert.deepEqual(await told(), [])
  const member = { arn: nodeArn(node.id), 'resource-type': NODE }
  await inventory.put(node.id, packages('openssl 3.0.9'))
  assert.deepEqual(await told(), [{ 'membership-change': 'add', ...member }])
  await inventory.put(node.id, packages('openssl 3.1'))
  assert.deepEqual(await told(), [{ 'membership-change': 'remove', ...member }])
})
