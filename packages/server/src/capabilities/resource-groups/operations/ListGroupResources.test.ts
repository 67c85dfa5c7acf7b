import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeregisterManagedInstanceCommand,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { Groups, tagQuery } from '../testing/groups-client.ts'

const parameterArn = (name: string) => `arn:aws:ssm:us-east-1:000000000000:parameter/${name}`
const nodeArn = (id: string) => `arn:aws:ssm:us-east-1:000000000000:managed-instance/${id}`

for (const database of DATABASES) {
  test(`RG-02 RG-06 what is in a group follows tags, with nobody saying so (${database})`, async () => {
    await using server = await startServer({ database })
    const groups = new Groups(server)
    const ssm = server.client(SSMClient)
    const node = await server.fakeNode({ tags: { role: 'web', stage: 'prod' } })
    await server.fakeNode({ tags: { role: 'db' } })
    const put = (Name: string, role: string) =>
      ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String', Tags: [{ Key: 'role', Value: role }] }))
    await put('a', 'web')
    await put('b', 'db')
    const group = await groups.tagged('web', 'role', 'web')
    assert.deepEqual(await groups.members(group), [nodeArn(node.id), parameterArn('a')])
    assert.deepEqual(await groups.members('web', ['AWS::SSM::Parameter']), [parameterArn('a')])
    assert.deepEqual(await groups.members('web', ['AWS::SSM::Document']), [])

    const b = { ResourceType: 'Parameter', ResourceId: 'b' } as const
    await ssm.send(new AddTagsToResourceCommand({ ...b, Tags: [{ Key: 'role', Value: 'web' }] }))
    await ssm.send(
      new RemoveTagsFromResourceCommand({ ResourceType: 'ManagedInstance', ResourceId: node.id, TagKeys: ['role'] }),
    )
    assert.deepEqual(await groups.members('web'), [parameterArn('a'), parameterArn('b')])
    await ssm.send(new DeleteParameterCommand({ Name: 'a' }))
    const { Resources, ResourceIdentifiers, QueryErrors } = await groups.call('ListGroupResources', {
      GroupName: 'web',
    })
    const Identifier = { ResourceArn: parameterArn('b'), ResourceType: 'AWS::SSM::Parameter' }
    assert.deepEqual([Resources, ResourceIdentifiers, QueryErrors], [[{ Identifier }], [Identifier], []])
  })
}

test('RG-07 RG-02 a search evaluates a query: keys must all match, values are alternatives, an empty value is one', async () => {
  await using server = await startServer()
  const groups = new Groups(server)
  const ssm = server.client(SSMClient)
  const put = (Name: string, tags: Record<string, string>) => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    return ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String', Tags }))
  }
  await put('p1', { role: 'web', stage: 'prod' })
  await put('p2', { role: 'db', stage: '' })
  await put('p3', { stage: 'dev' })
  await put('p4', {})
  const search = async (filters: unknown, types?: string[]) => {
    const { ResourceIdentifiers } = await groups.call('SearchResources', { ResourceQuery: tagQuery(filters, types) })
    return ResourceIdentifiers.map(({ ResourceArn = '' }) => ResourceArn.split('/').at(-1)).join()
  }
  assert.equal(await search([{ Key: 'role' }]), 'p1,p2')
  assert.equal(
    await search([
      { Key: 'role', Values: [] },
      { Key: 'stage', Values: ['prod', 'dev'] },
    ]),
    'p1',
  )
  assert.equal(await search([{ Key: 'stage', Values: [''] }]), 'p2')
  assert.equal(
    await search([
      { Key: 'stage', Values: ['prod'] },
      { Key: 'stage', Values: ['dev'] },
    ]),
    'p3',
  )
  assert.equal(await search([{ Key: 'Role' }]), '')
  assert.equal(await search([{ Key: 'stage' }], ['AWS::SSM::Document', 'AWS::EC2::Instance']), '')
  assert.equal(await search([], ['AWS::SSM::Parameter']), 'p1,p2,p3,p4')

  const ResourceQuery = tagQuery([{ Key: 'stage' }])
  const first = await groups.call('SearchResources', { ResourceQuery, MaxResults: 2 })
  const second = await groups.call('SearchResources', { ResourceQuery, MaxResults: 2, NextToken: first.NextToken })
  const names = [...first.ResourceIdentifiers, ...second.ResourceIdentifiers].map(({ ResourceArn }) => ResourceArn)
  assert.deepEqual([names, second.NextToken], [['p1', 'p2', 'p3'].map(parameterArn), undefined])

  const stack = { Type: 'CLOUDFORMATION_STACK_1_0' as const, Query: '{"StackIdentifier":"arn:aws:x"}' }
  const { QueryErrors } = await groups.call('SearchResources', { ResourceQuery: stack })
  assert.equal(QueryErrors[0]?.ErrorCode, 'CLOUDFORMATION_STACK_NOT_EXISTING')
  const wrong = { Type: 'TAG_FILTERS_1_0' as const, Query: 'nonsense' }
  assert.equal(await groups.refusal('SearchResources', { ResourceQuery: wrong }), 'BadRequestException')
})

test('RG-16 a group is itself among all that is supported', async () => {
  await using server = await startServer()
  const groups = new Groups(server)
  const Arn = await groups.tagged('web', 'role', 'web')
  assert.deepEqual(await groups.members('web'), [])
  await groups.call('Tag', { Arn, Tags: { role: 'web' } })
  assert.deepEqual(await groups.members('web'), [Arn])
})

for (const database of DATABASES) {
  test(`RG-03 a group without a query has what was put into it, as long as that exists (${database})`, async () => {
    await using server = await startServer({ database })
    const groups = new Groups(server)
    const ssm = server.client(SSMClient)
    const node = await server.fakeNode()
    await ssm.send(new PutParameterCommand({ Name: 'a', Value: 'v', Type: 'String' }))
    await groups.call('CreateGroup', { Name: 'mine' })
    const ResourceArns = [
      nodeArn(node.id),
      parameterArn('a'),
      parameterArn('none'),
      'arn:aws:ec2:us-east-1:000000000000:instance/i-1',
    ]
    const grouped = await groups.call('GroupResources', { Group: 'mine', ResourceArns })
    assert.deepEqual(grouped.Succeeded, ResourceArns.slice(0, 2))
    assert.deepEqual(
      grouped.Failed.map(({ ResourceArn, ErrorCode }) => [ResourceArn, ErrorCode]),
      [
        [ResourceArns[2], 'NotFoundException'],
        [ResourceArns[3], 'NotFoundException'],
      ],
    )
    assert.deepEqual(await groups.members('mine'), ResourceArns.slice(0, 2))
    const ungrouped = await groups.call('UngroupResources', {
      Group: 'mine',
      ResourceArns: [parameterArn('a'), parameterArn('x')],
    })
    assert.deepEqual([ungrouped.Succeeded, ungrouped.Failed[0]?.ResourceArn], [[parameterArn('a')], parameterArn('x')])
    const { GroupingStatuses } = await groups.call('ListGroupingStatuses', { Group: 'mine' })
    assert.deepEqual(
      GroupingStatuses.map(({ ResourceArn, Action, Status }) => [ResourceArn, Action, Status]),
      [
        [nodeArn(node.id), 'GROUP', 'SUCCESS'],
        [parameterArn('a'), 'UNGROUP', 'SUCCESS'],
      ],
    )
    await ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: node.id }))
    assert.deepEqual(await groups.members('mine'), [])
  })
}

test('RG-03 RG-04 a query alone says what is in its group, a configuration what may be', async () => {
  await using server = await startServer()
  const groups = new Groups(server)
  await server.client(SSMClient).send(new PutParameterCommand({ Name: 'a', Value: 'v', Type: 'String' }))
  const ResourceArns = [parameterArn('a')]
  await groups.tagged('web', 'role')
  for (const operation of ['GroupResources', 'UngroupResources'] as const)
    assert.equal(await groups.refusal(operation, { Group: 'web', ResourceArns }), 'BadRequestException')
  const parameters = [
    { Name: 'allowed-resource-types', Values: ['AWS::SSM::Document'] },
    { Name: 'deletion-protection', Values: ['UNLESS_EMPTY'] },
  ]
  const configuration = (from: number) => [{ Type: 'AWS::ResourceGroups::Generic', Parameters: parameters.slice(from) }]
  await groups.call('CreateGroup', { Name: 'mine', Configuration: configuration(0) })
  const { Succeeded, Failed } = await groups.call('GroupResources', { Group: 'mine', ResourceArns })
  assert.deepEqual([Succeeded, Failed[0]?.ErrorCode], [[], 'BadRequestException'])
  await groups.call('PutGroupConfiguration', { Group: 'mine', Configuration: configuration(1) })
  await groups.call('GroupResources', { Group: 'mine', ResourceArns })
  assert.equal(await groups.refusal('DeleteGroup', { Group: 'mine' }), 'BadRequestException')
  await groups.call('UngroupResources', { Group: 'mine', ResourceArns })
  await groups.call('DeleteGroup', { Group: 'mine' })
})
