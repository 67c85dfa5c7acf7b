import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DescribeInstancePropertiesCommand,
  type DescribeInstancePropertiesCommandInput,
  type InstancePropertyFilterOperator,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { activate, FakeNode } from '../testing/fake-node.ts'

test('AGT-06 properties are shown and narrowed with operators', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const describe = async (input: DescribeInstancePropertiesCommandInput = {}) =>
    (await ssm.send(new DescribeInstancePropertiesCommand(input))).InstanceProperties!
  const old = await FakeNode.enrol(server, { DefaultInstanceName: 'old', Tags: [{ Key: 'stage', Value: 'prod' }] })
  const recent = await FakeNode.enrol(server, { DefaultInstanceName: 'new' }, { AgentVersion: '3.10.0.0' })

  const [property] = await describe({ InstancePropertyFilterList: [{ key: 'InstanceIds', valueSet: [old.id] }] })
  const { LastPingDateTime, RegistrationDate, ActivationId, ...rest } = property!
  assert.ok(LastPingDateTime && RegistrationDate && ActivationId)
  assert.deepEqual(rest, {
    Name: 'old',
    InstanceId: old.id,
    IPAddress: '10.99.0.1',
    PingStatus: 'Online',
    AgentVersion: '3.2.0.0',
    PlatformType: 'Linux',
    PlatformName: 'Debian GNU/Linux',
    PlatformVersion: '12',
    IamRole: 'ServiceRole',
    ResourceType: 'ManagedInstance',
    ComputerName: 'a.example',
    SourceId: old.id,
    SourceType: 'AWS::SSM::ManagedInstance',
  })

  const where = async (Key: string, Operator: InstancePropertyFilterOperator | undefined, ...Values: string[]) => {
    const found = await describe({ FiltersWithOperator: [{ Key, Operator, Values }] })
    return found
      .map(({ Name }) => Name)
      .sort()
      .join(' ')
  }
  assert.equal(await where('AgentVersion', undefined, '3.2.0.0'), 'old')
  assert.equal(await where('AgentVersion', 'GreaterThan', '3.2.0.0'), 'new')
  assert.equal(await where('AgentVersion', 'LessThan', '3.10'), 'old')
  assert.equal(await where('InstanceIds', 'NotEqual', old.id), 'new')
  assert.equal(await where('ComputerName', 'BeginWith', 'a.'), 'new old')
  assert.equal(await where('PingStatus', 'Equal', 'Online'), 'new old')
  assert.equal(await where('ResourceType', 'NotEqual', 'EC2Instance'), 'new old')
  assert.equal(await where('InstanceState', 'Equal', 'running'), '')
  assert.equal(await where('DocumentName', 'Equal', 'AWS-RunShellScript'), '')
  assert.equal(await where('tag:stage', 'Equal', 'prod'), 'old')
  assert.equal(await where('tag-key', 'Equal', 'stage'), 'old')
  assert.equal(await where('Name', 'Equal', recent.id), '')
})

test('AGT-06 unknown keys and both kinds of filter at once are refused; pages hold 5 to 1,000', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const activation = await activate(server, { RegistrationLimit: 20 })
  await Promise.all(Array.from({ length: 12 }, () => new FakeNode(server).register(activation)))
  const describe = (input: DescribeInstancePropertiesCommandInput) =>
    ssm.send(new DescribeInstancePropertiesCommand(input))
  const filter = { Key: 'Colour', Values: ['red'] }
  await assert.rejects(describe({ FiltersWithOperator: [filter] }), { name: 'InvalidFilterKey' })
  const document = { Key: 'DocumentName', Values: ['AWS-RunShellScript', 'NoDocument'] }
  await assert.rejects(describe({ FiltersWithOperator: [document] }), {
    name: 'InvalidDocument',
    message: /NoDocument/,
  })
  await assert.rejects(
    describe({
      FiltersWithOperator: [{ Key: 'IamRole', Values: ['r'] }],
      InstancePropertyFilterList: [{ key: 'IamRole', valueSet: ['r'] }],
    }),
    { name: 'ValidationException' },
  )
  await assert.rejects(describe({ FiltersWithOperator: [{ Key: 'tag:k', Values: ['v'], Operator: 'NotEqual' }] }), {
    name: 'InvalidInstancePropertyFilterValue',
  })
  await assert.rejects(describe({ MaxResults: 4 }), { name: 'ValidationException' })
  await assert.rejects(describe({ MaxResults: 1001 }), { name: 'ValidationException' })
  assert.equal((await describe({ MaxResults: 1000 })).InstanceProperties!.length, 12)
  const first = await describe({ MaxResults: 7 })
  const second = await describe({ MaxResults: 7, NextToken: first.NextToken })
  assert.equal(second.InstanceProperties!.length, 5)
  assert.equal(second.NextToken, undefined)
})

test('AGT-06 values that no node can have are refused; the beginning of one is none', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const describe = (input: DescribeInstancePropertiesCommandInput) =>
    ssm.send(new DescribeInstancePropertiesCommand(input))
  const impossible = {
    PingStatus: 'online',
    PlatformTypes: 'linux',
    ResourceType: 'Machine',
    AssociationStatus: 'Fine',
  }
  for (const [key, value] of Object.entries(impossible)) {
    const name = 'InvalidInstancePropertyFilterValue'
    const former = { key: key as 'PingStatus', valueSet: [value] }
    await assert.rejects(describe({ InstancePropertyFilterList: [former] }), { name })
    for (const Operator of ['Equal', 'NotEqual', undefined] as const) {
      await assert.rejects(describe({ FiltersWithOperator: [{ Key: key, Values: [value], Operator }] }), { name })
    }
  }
  const noId = { Key: 'InstanceIds', Values: ['web-1'] }
  await assert.rejects(describe({ FiltersWithOperator: [noId] }), { name: 'InvalidInstanceId' })

  const node = await FakeNode.enrol(server)
  const begins = (Key: string, value: string) => ({ Key, Values: [value], Operator: 'BeginWith' as const })
  const FiltersWithOperator = [begins('PlatformTypes', 'Lin'), begins('InstanceIds', 'mi-')]
  const found = await describe({ FiltersWithOperator })
  assert.deepEqual(
    found.InstanceProperties!.map(({ InstanceId }) => InstanceId),
    [node.id],
  )
})
