import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddTagsToResourceCommand,
  DescribeInstanceInformationCommand,
  type DescribeInstanceInformationCommandInput,
  paginateDescribeInstanceInformation,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { activate, FakeNode } from '../testing/fake-node.ts'

type Filters = DescribeInstanceInformationCommandInput['Filters']

function list(server: TestServer, input: DescribeInstanceInformationCommandInput = {}) {
  return server
    .client(SSMClient)
    .send(new DescribeInstanceInformationCommand(input))
    .then(({ InstanceInformationList }) => InstanceInformationList!)
}

for (const database of DATABASES) {
  test(`AGT-05 a node is shown with all that it told (${database})`, async () => {
    await using server = await startServer({ database })
    const activation = await activate(server, { DefaultInstanceName: 'web', IamRole: 'Role' })
    const node = new FakeNode(server)
    await node.register(activation)
    await node.requestToken()
    const [before] = await list(server)
    assert.equal(before?.PingStatus, 'ConnectionLost')
    assert.equal(before?.LastPingDateTime, undefined)
    assert.equal(before?.AgentVersion, undefined)

    await node.ping()
    const [shown] = await list(server)
    const { LastPingDateTime, RegistrationDate, ...rest } = shown!
    assert.deepEqual(rest, {
      InstanceId: node.id,
      PingStatus: 'Online',
      AgentVersion: '3.2.0.0',
      IsLatestVersion: true,
      PlatformType: 'Linux',
      PlatformName: 'Debian GNU/Linux',
      PlatformVersion: '12',
      ActivationId: activation.id,
      IamRole: 'Role',
      ResourceType: 'ManagedInstance',
      Name: 'web',
      IPAddress: '10.99.0.1',
      ComputerName: 'a.example',
      SourceId: node.id,
      SourceType: 'AWS::SSM::ManagedInstance',
    })
    assert.ok(LastPingDateTime! >= RegistrationDate!)
  })

  test(`AGT-05 every filter narrows the list in both forms (${database})`, async () => {
    await using server = await startServer({ database })
    const ssm = server.client(SSMClient)
    const linux = await FakeNode.enrol(server, { IamRole: 'LinuxRole' })
    const windows = await FakeNode.enrol(
      server,
      { IamRole: 'WindowsRole', Tags: [{ Key: 'stage', Value: '' }] },
      { PlatformType: 'Windows', AgentVersion: '3.3.0.0' },
    )
    const [shown] = await list(server, { Filters: [{ Key: 'InstanceIds', Values: [windows.id] }] })
    const lost = new FakeNode(server)
    await lost.register(await activate(server))
    await ssm.send(
      new AddTagsToResourceCommand({
        ResourceType: 'ManagedInstance',
        ResourceId: linux.id,
        Tags: [{ Key: 'stage', Value: 'prod' }],
      }),
    )

    const order = [linux.id, windows.id, lost.id]
    const letters = (found: { InstanceId?: string }[]) =>
      found
        .map(({ InstanceId }) => 'LWX'[order.indexOf(InstanceId!)])
        .sort()
        .join('')
    const by = async (Filters: Filters) => letters(await list(server, { Filters }))
    const key = (Key: string, ...Values: string[]) => by([{ Key, Values }])
    assert.equal(letters(await list(server)), 'LWX')
    assert.equal(await key('InstanceIds', linux.id, lost.id, 'mi-00000000000000000', 'i-12345678'), 'LX')
    assert.equal(await key('InstanceIds', 'mi-00000000000000000'), '')
    assert.equal(await key('AgentVersion', '3.3.0.0', '9.9.9.9'), 'W')
    assert.equal(await key('PingStatus', 'Online'), 'LW')
    assert.equal(await key('PingStatus', 'ConnectionLost', 'Inactive'), 'X')
    assert.equal(await key('PlatformTypes', 'Linux'), 'L')
    assert.equal(await key('PlatformType', 'Windows', 'MacOS'), 'W')
    assert.equal(await key('ActivationIds', shown!.ActivationId!), 'W')
    assert.equal(await key('IamRole', 'LinuxRole'), 'L')
    assert.equal(await key('ResourceType', 'ManagedInstance'), 'LWX')
    assert.equal(await key('ResourceType', 'EC2Instance'), '')
    assert.equal(await key('SourceTypes', 'AWS::SSM::ManagedInstance'), 'LWX')
    assert.equal(await key('SourceIds', linux.id), 'L')
    assert.equal(await key('AssociationStatus', 'Success', 'Failed', 'Pending'), '')
    assert.equal(await key('tag-key', 'stage'), 'LW')
    assert.equal(await key('tag:stage', 'prod'), 'L')
    assert.equal(await key('tag:stage', 'prod', 'test'), 'L')
    assert.equal(
      await by([
        { Key: 'tag-key', Values: ['stage'] },
        { Key: 'tag:stage', Values: ['test'] },
      ]),
      '',
    )
    assert.equal(
      await by([
        { Key: 'PingStatus', Values: ['Online'] },
        { Key: 'IamRole', Values: ['WindowsRole', 'ServiceRole'] },
      ]),
      'W',
    )
    const former = await list(server, {
      InstanceInformationFilterList: [
        { key: 'PlatformTypes', valueSet: ['Linux'] },
        { key: 'ResourceType', valueSet: ['ManagedInstance'] },
      ],
    })
    assert.equal(letters(former), 'L')
  })
}

test('AGT-05 filters that contradict each other or themselves are refused', async () => {
  await using server = await startServer()
  const refused = (input: DescribeInstanceInformationCommandInput, name: string, message = /./) =>
    assert.rejects(list(server, input), (error: Error) => error.name === name && message.test(error.message))
  const filter = (Key: string, ...Values: string[]) => ({ Filters: [{ Key, Values }] })

  const former = { InstanceInformationFilterList: [{ key: 'IamRole' as const, valueSet: ['r'] }] }
  await refused({ ...former, ...filter('IamRole', 'r') }, 'ValidationException')
  await refused(
    { Filters: [...filter('tag-key', 'k').Filters, ...filter('IamRole', 'r').Filters] },
    'ValidationException',
  )
  await refused(filter('IamRole'), 'ValidationException')
  await refused(filter('IamRole', ''), 'ValidationException')
  await refused(filter('Colour', 'red'), 'ValidationException')
  await refused(filter('constructor', 'red'), 'ValidationException')
  await refused(filter('tag:', 'red'), 'ValidationException')
  await refused({ MaxResults: 4 }, 'ValidationException')
  await refused({ MaxResults: 51 }, 'ValidationException')
  await refused(
    filter('ResourceType', 'ManagedInstance', 'EC2Instance'),
    'InvalidInstanceInformationFilterValue',
    /^ResourceType filter may contain only one value\.$/,
  )
  await refused(
    filter('ResourceType', 'Document'),
    'InvalidInstanceInformationFilterValue',
    /^ResourceType filter is invalid, valid values are EC2Instance, ManagedInstance$/,
  )
  await refused(filter('PingStatus', 'Offline'), 'InvalidInstanceInformationFilterValue')
  await refused(filter('InstanceIds', 'web-1'), 'InvalidInstanceId')
})

test('X-08 pages are of ten unless asked otherwise, hold still, and their tokens are good for the same question only', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const activation = await activate(server, { RegistrationLimit: 100 })
  const register = async () => {
    const node = new FakeNode(server)
    await node.register(activation)
    return node.id
  }
  const ids = (await Promise.all(Array.from({ length: 23 }, register))).sort()

  const pages: string[][] = []
  for await (const page of paginateDescribeInstanceInformation({ client: ssm }, {})) {
    pages.push(page.InstanceInformationList!.map(({ InstanceId }) => InstanceId!))
    await register()
  }
  const seen = pages.flat()
  assert.equal(pages[0]!.length, 10)
  assert.deepEqual(
    seen.filter((id) => ids.includes(id)),
    ids,
    'each of the first nodes once, in order',
  )
  assert.equal(new Set(seen).size, seen.length)

  const first = await ssm.send(new DescribeInstanceInformationCommand({ MaxResults: 5 }))
  const NextToken = first.NextToken!
  const go = (input: DescribeInstanceInformationCommandInput, client = ssm) =>
    client.send(new DescribeInstanceInformationCommand({ NextToken, ...input }))
  assert.equal(
    (await go({ MaxResults: 50 })).InstanceInformationList!.length > 5,
    true,
    'another size is no other question',
  )
  const invalid = { name: 'InvalidNextToken' }
  await assert.rejects(go({ Filters: [{ Key: 'PingStatus', Values: ['Online'] }] }), invalid)
  await assert.rejects(go({ NextToken: `${NextToken}A` }), invalid)
  await assert.rejects(go({ NextToken: 'forged' }), invalid)
  await assert.rejects(go({}, server.client(SSMClient, { region: 'eu-west-1' })), invalid)
})

test('X-08 nodes of one Region are not seen in another', async () => {
  await using server = await startServer()
  await FakeNode.enrol(server)
  const elsewhere = server.client(SSMClient, { region: 'eu-west-1' })
  const { InstanceInformationList } = await elsewhere.send(new DescribeInstanceInformationCommand({}))
  assert.deepEqual(InstanceInformationList, [])
})
