import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, startServer } from '@steward/testkit'
import { rawCall } from '#door/testing/raw-call.ts'
import { Groups, tagQuery } from '../testing/groups-client.ts'

const ARN = 'arn:aws:resource-groups:us-east-1:000000000000:group/'

for (const database of DATABASES) {
  test(`RG-01 RG-08 a group is made, shown, changed and deleted, by name and by ARN (${database})`, async () => {
    await using server = await startServer({ database })
    const groups = new Groups(server)
    const ResourceQuery = tagQuery([{ Key: 'role', Values: ['web'] }])
    const made = await groups.call('CreateGroup', {
      Name: 'web',
      Description: 'All of them',
      ResourceQuery,
      Tags: { team: 'a' },
    })
    const Group = { GroupArn: `${ARN}web`, Name: 'web', Description: 'All of them' }
    assert.deepEqual(made, { Group, ResourceQuery, Tags: { team: 'a' } })
    assert.deepEqual(await groups.call('GetGroup', { Group: 'web' }), { Group })
    assert.deepEqual(await groups.call('GetGroup', { GroupName: 'web' }), { Group })
    assert.deepEqual(await groups.call('GetGroup', { Group: `${ARN}web` }), { Group })
    assert.equal(await groups.refusal('CreateGroup', { Name: 'web', ResourceQuery }), 'BadRequestException')

    const changed = await groups.call('UpdateGroup', { Group: 'web', Description: '' })
    assert.deepEqual(changed.Group, { GroupArn: `${ARN}web`, Name: 'web' })
    const next = tagQuery([{ Key: 'role', Values: ['db'] }])
    const updated = await groups.call('UpdateGroupQuery', { GroupName: 'web', ResourceQuery: next })
    assert.deepEqual(updated.GroupQuery, { GroupName: 'web', ResourceQuery: next })
    assert.deepEqual((await groups.call('GetGroupQuery', { Group: `${ARN}web` })).GroupQuery, updated.GroupQuery)

    assert.equal((await groups.call('DeleteGroup', { GroupName: 'web' })).Group.Name, 'web')
    for (const operation of ['GetGroup', 'DeleteGroup', 'GetGroupQuery', 'ListGroupResources'] as const)
      assert.equal(await groups.refusal(operation, { Group: 'web' }), 'NotFoundException', operation)
  })
}

test('RG-08 SDKs of 2017 name the group in the path', async () => {
  await using server = await startServer()
  const groups = new Groups(server)
  await groups.tagged('web', 'x')
  await groups.tagged('db', 'x')
  const send = async (route: string, input?: object) => {
    const [method = '', target = ''] = route.split(' ')
    const body = input ? { body: JSON.stringify(input), headers: { 'content-type': 'application/json' } } : {}
    const answer = await rawCall(server, { method, target, service: 'resource-groups', ...body })
    return { ...answer.json, status: answer.status } as Record<string, unknown>
  }
  assert.partialDeepStrictEqual(await send('GET /groups/web'), { status: 200, Group: { Name: 'web' } })
  assert.partialDeepStrictEqual(await send('PUT /groups/web', { Description: 'a' }), { Group: { Description: 'a' } })
  const ResourceQuery = tagQuery([{ Key: 'y' }])
  const GroupQuery = { GroupName: 'web', ResourceQuery }
  assert.partialDeepStrictEqual(await send('PUT /groups/web/query', { ResourceQuery }), { GroupQuery })
  assert.partialDeepStrictEqual(await send('GET /groups/web/query'), { GroupQuery })
  await groups.call('Tag', { Arn: `${ARN}web`, Tags: { y: '' } })
  await groups.call('Tag', { Arn: `${ARN}db`, Tags: { y: '' } })
  const { NextToken } = await send('POST /groups/web/resource-identifiers-list?maxResults=1')
  const second = await send(`POST /groups/web/resource-identifiers-list?maxResults=1&nextToken=${NextToken}`)
  assert.deepEqual(second.ResourceIdentifiers, [
    { ResourceArn: `${ARN}web`, ResourceType: 'AWS::ResourceGroups::Group' },
  ])
  assert.partialDeepStrictEqual(await send('DELETE /groups/web'), { Group: { Name: 'web' } })
  assert.equal((await send('GET /groups/web')).status, 404)
  assert.equal((await send('POST /groups/web')).status, 400)
})

test('RG-01 RG-02b what no group can be is refused', async () => {
  await using server = await startServer()
  const groups = new Groups(server)
  const ResourceQuery = tagQuery([{ Key: 'a' }])
  const Configuration = [{ Type: 'AWS::ResourceGroups::Generic' }]
  const refused: Parameters<typeof groups.ask<'CreateGroup'>>[1][] = [
    { Name: 'aws-web', ResourceQuery },
    { Name: 'AwS', ResourceQuery },
    { Name: 'a b', ResourceQuery },
    { Name: 'a'.repeat(301), ResourceQuery },
    { Name: 'a', ResourceQuery, Configuration },
    { Name: 'a', ResourceQuery: { Type: 'TAG_FILTERS_1_0', Query: `{"TagFilters":[]}${' '.repeat(4096)}` } },
    { Name: 'a', ResourceQuery: { Type: 'CLOUDFORMATION_STACK_1_0', Query: '{"StackIdentifier":"arn:aws:x"}' } },
    { Name: 'a', ResourceQuery, Owner: 'me' },
    { Name: 'a', ResourceQuery, Criticality: 5 },
    { Name: 'a', ResourceQuery, DisplayName: 'A' },
    { Name: 'a', ResourceQuery, Tags: { 'aws:x': 'y' } },
    { Name: 'a', Configuration: [{ Type: 'AWS::Nothing::Known' }] },
    { Name: 'a', Configuration: [...Configuration, ...Configuration] },
  ]
  for (const input of refused)
    assert.equal(await groups.refusal('CreateGroup', input), 'BadRequestException', JSON.stringify(input).slice(0, 200))
  assert.deepEqual((await groups.call('ListGroups', {})).Groups, [])
  const { status } = await groups.ask('GetGroup', { Group: 'nothing' })
  assert.equal(status, 404)
  const elsewhere = 'arn:aws:resource-groups:eu-west-1:000000000000:group/a'
  assert.equal(await groups.refusal('GetGroup', { Group: elsewhere }), 'NotFoundException')
  assert.equal(await groups.refusal('GetGroup', {}), 'BadRequestException')
})

test('RG-04 RG-05 an application group has an owner and a name with an id; a configuration says what may be inside', async () => {
  await using server = await startServer()
  const groups = new Groups(server)
  const { Group } = await groups.call('CreateGroup', {
    Name: 'shop',
    Configuration: [{ Type: 'AWS::ResourceGroups::ApplicationGroup' }],
    Criticality: 2,
    Owner: 'ann',
    DisplayName: 'The shop',
  })
  assert.match(Group.Name, /^shop\/[a-z0-9]{26}$/)
  assert.deepEqual(Group, {
    GroupArn: `${ARN}${Group.Name}`,
    Name: Group.Name,
    Criticality: 2,
    Owner: 'ann',
    DisplayName: 'The shop',
    ApplicationTag: { awsApplication: `${ARN}${Group.Name}` },
  })
  assert.equal((await groups.call('UpdateGroup', { Group: Group.GroupArn, Criticality: 9 })).Group.Criticality, 9)

  const generic = (...types: string[]) => [
    { Type: 'AWS::ResourceGroups::Generic', Parameters: [{ Name: 'allowed-resource-types', Values: types }] },
  ]
  await groups.call('CreateGroup', { Name: 'docs', Configuration: generic('AWS::SSM::Document') })
  const { status } = await groups.ask('PutGroupConfiguration', {
    Group: 'docs',
    Configuration: generic('AWS::SSM::Parameter'),
  })
  assert.equal(status, 202)
  const { GroupConfiguration } = await groups.call('GetGroupConfiguration', { Group: 'docs' })
  assert.deepEqual(GroupConfiguration, { Configuration: generic('AWS::SSM::Parameter'), Status: 'UPDATE_COMPLETE' })

  const listed = async (
    Name: 'owner' | 'criticality' | 'display-name' | 'resource-type' | 'configuration-type',
    ...Values: string[]
  ) =>
    (await groups.call('ListGroups', { Filters: [{ Name, Values }] })).GroupIdentifiers.map(
      ({ GroupName }) => GroupName,
    )
  assert.deepEqual(await listed('owner', 'ann'), [Group.Name])
  assert.deepEqual(await listed('criticality', '9'), [Group.Name])
  assert.deepEqual(await listed('display-name', 'The shop', 'other'), [Group.Name])
  assert.deepEqual(await listed('configuration-type', 'AWS::ResourceGroups::Generic'), ['docs'])
  assert.deepEqual(await listed('resource-type', 'AWS::SSM::Parameter'), ['docs'])
  assert.deepEqual(await listed('resource-type', 'AWS::SSM::Document'), [])
})

test('RG-05 groups are listed page by page', async () => {
  await using server = await startServer()
  const groups = new Groups(server)
  for (const name of ['c', 'a', 'b']) await groups.tagged(name, 'x')
  const first = await groups.call('ListGroups', { MaxResults: 2 })
  assert.deepEqual(
    first.GroupIdentifiers.map(({ GroupName }) => GroupName),
    ['a', 'b'],
  )
  const second = await groups.call('ListGroups', { MaxResults: 2, NextToken: first.NextToken })
  assert.deepEqual([second.Groups.map(({ Name }) => Name), second.NextToken], [['c'], undefined])
  assert.equal(await groups.refusal('ListGroups', { NextToken: 'bm90aGluZw==' }), 'BadRequestException')
})

test('RG-09 RG-02b groups carry tags; an answer says what was asked for', async () => {
  await using server = await startServer()
  const groups = new Groups(server)
  const Arn = await groups.tagged('web', 'x')
  assert.deepEqual(await groups.call('Tag', { Arn, Tags: { b: '1', a: '' } }), { Arn, Tags: { b: '1', a: '' } })
  assert.deepEqual((await groups.call('Tag', { Arn, Tags: { a: '2' } })).Tags, { a: '2' })
  assert.deepEqual(await groups.call('GetTags', { Arn }), { Arn, Tags: { a: '2', b: '1' } })
  assert.deepEqual(await groups.call('Untag', { Arn, Keys: ['a', 'none'] }), { Arn, Keys: ['a', 'none'] })
  assert.deepEqual((await groups.call('GetTags', { Arn })).Tags, { b: '1' })
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, '']))
  assert.equal(await groups.refusal('Tag', { Arn, Tags: many }), 'BadRequestException')
  assert.equal(await groups.refusal('GetTags', { Arn: `${ARN}none` }), 'NotFoundException')
})
