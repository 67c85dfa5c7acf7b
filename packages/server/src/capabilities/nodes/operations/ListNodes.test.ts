import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ListNodesCommand,
  ListNodesSummaryCommand,
  type NodeAggregator,
  type NodeFilter,
  type NodeFilterKey,
  type NodeFilterOperatorType,
  paginateListNodes,
  paginateListNodesSummary,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { activate, FakeNode } from '../testing/fake-node.ts'

async function fleet(server: TestServer): Promise<FakeNode[]> {
  const nodes = [
    await FakeNode.enrol(server, {}, { ComputerName: 'a.example' }),
    await FakeNode.enrol(server, {}, { ComputerName: 'b.example', PlatformVersion: '13' }),
    await FakeNode.enrol(server, {}, { ComputerName: 'c', PlatformType: 'Windows', PlatformName: 'Microsoft Windows' }),
    new FakeNode(server),
  ]
  await nodes[3]!.register(await activate(server))
  return nodes
}

for (const database of DATABASES) {
  test(`AGT-05 CON-01 ListNodes shows every node with its place, and every filter and operator narrows it (${database})`, async () => {
    await using server = await startServer({ database })
    const ssm = server.client(SSMClient)
    const nodes = await fleet(server)
    const [first] = (await ssm.send(new ListNodesCommand({ Filters: [{ Key: 'InstanceId', Values: [nodes[0]!.id] }] })))
      .Nodes!
    const { CaptureTime, ...rest } = first!
    assert.ok(CaptureTime)
    assert.deepEqual(rest, {
      Id: nodes[0]!.id,
      Owner: { AccountId: '000000000000' },
      Region: 'us-east-1',
      NodeType: {
        Instance: {
          AgentType: 'amazon-ssm-agent',
          AgentVersion: '3.2.0.0',
          ComputerName: 'a.example',
          InstanceStatus: 'Active',
          IpAddress: '10.99.0.1',
          ManagedStatus: 'Managed',
          PlatformType: 'Linux',
          PlatformName: 'Debian GNU/Linux',
          PlatformVersion: '12',
          ResourceType: 'ManagedInstance',
          SourceType: 'AWS::SSM::ManagedInstance',
          SourceId: nodes[0]!.id,
        },
      },
    })

    const list = async (...Filters: NodeFilter[]) => {
      const found = (await ssm.send(new ListNodesCommand({ Filters }))).Nodes!
      return found
        .map(({ Id }) => 'ABCX'[nodes.findIndex(({ id }) => id === Id)])
        .sort()
        .join('')
    }
    const where = (Key: NodeFilterKey, Type: NodeFilterOperatorType | undefined, ...Values: string[]) =>
      list({ Key, Type, Values })
    assert.equal(await where('ComputerName', 'BeginWith', 'a.', 'b.'), 'AB')
    assert.equal(await where('ComputerName', 'NotEqual', 'c'), 'ABX')
    assert.equal(await where('InstanceStatus', undefined, 'Active'), 'ABC')
    assert.equal(await where('InstanceStatus', 'NotEqual', 'Active'), 'X')
    assert.equal(await where('ManagedStatus', 'Equal', 'Managed'), 'ABCX')
    assert.equal(await where('ManagedStatus', 'Equal', 'All'), 'ABCX')
    assert.equal(await where('ManagedStatus', 'Equal', 'Unmanaged'), '')
    assert.equal(await where('ManagedStatus', 'NotEqual', 'Unmanaged'), 'ABCX')
    assert.equal(await where('PlatformType', 'Equal', 'Windows'), 'C')
    assert.equal(await where('PlatformName', 'BeginWith', 'Debian'), 'AB')
    assert.equal(await where('PlatformVersion', 'Equal', '13'), 'B')
    assert.equal(await where('AgentType', 'Equal', 'amazon-ssm-agent'), 'ABC')
    assert.equal(await where('AgentVersion', 'BeginWith', '3.'), 'ABC')
    assert.equal(await where('IpAddress', 'Equal', '10.99.0.1'), 'ABC')
    assert.equal(await where('Region', 'Equal', 'us-east-1', 'eu-west-1'), 'ABCX')
    assert.equal(await where('Region', 'BeginWith', 'eu-'), '')
    assert.equal(await where('AccountId', 'NotEqual', '000000000000'), '')
    assert.equal(await where('ResourceType', 'Equal', 'ManagedInstance'), 'ABCX')
    assert.equal(await where('OrganizationalUnitId', 'Equal', 'ou-abcd-12345678'), '')
    assert.equal(await where('OrganizationalUnitPath', 'NotEqual', 'o-1'), 'ABCX')
    assert.equal(
      await list({ Key: 'PlatformType', Values: ['Linux'] }, { Key: 'PlatformVersion', Values: ['12', '14'] }),
      'A',
    )
    await assert.rejects(ssm.send(new ListNodesCommand({ SyncName: 'AWS-QuickSetup-ManagedNode' })), {
      name: 'ResourceDataSyncNotFoundException',
    })

    const pages: number[] = []
    for await (const { Nodes } of paginateListNodes({ client: ssm, pageSize: 3 }, {})) pages.push(Nodes!.length)
    assert.deepEqual(pages, [3, 1])
  })

  test(`AGT-05 CON-02 ListNodesSummary counts by one attribute, by one within another, and by two (${database})`, async () => {
    await using server = await startServer({ database })
    const ssm = server.client(SSMClient)
    await fleet(server)
    const by = (AttributeName: NodeAggregator['AttributeName'], ...Aggregators: NodeAggregator[]): NodeAggregator => ({
      AggregatorType: 'Count',
      TypeName: 'Instance',
      AttributeName,
      ...(Aggregators.length > 0 && { Aggregators }),
    })
    const summarize = async (Aggregators: NodeAggregator[], Filters?: NodeFilter[]) =>
      (await ssm.send(new ListNodesSummaryCommand({ Aggregators, Filters }))).Summary!

    assert.deepEqual(await summarize([by('PlatformType')]), [
      { Count: '2', PlatformType: 'Linux' },
      { Count: '1', PlatformType: 'Windows' },
    ])
    assert.deepEqual(await summarize([by('PlatformName', by('PlatformVersion'))]), [
      { Count: '1', PlatformName: 'Debian GNU/Linux', PlatformVersion: '12' },
      { Count: '1', PlatformName: 'Debian GNU/Linux', PlatformVersion: '13' },
      { Count: '1', PlatformName: 'Microsoft Windows', PlatformVersion: '12' },
    ])
    assert.deepEqual(await summarize([by('ResourceType'), by('Region', by('AgentVersion'))]), [
      { Count: '4', ResourceType: 'ManagedInstance' },
      { Count: '3', Region: 'us-east-1', AgentVersion: '3.2.0.0' },
    ])
    assert.deepEqual(await summarize([by('Region')], [{ Key: 'PlatformType', Values: ['Windows'] }]), [
      { Count: '1', Region: 'us-east-1' },
    ])
    assert.deepEqual(await summarize([by('Region')], [{ Key: 'PlatformType', Values: ['MacOS'] }]), [])

    const Aggregators = [by('PlatformName', by('PlatformVersion'))]
    const pages: number[] = []
    for await (const { Summary } of paginateListNodesSummary({ client: ssm, pageSize: 2 }, { Aggregators })) {
      pages.push(Summary!.length)
    }
    assert.deepEqual(pages, [2, 1])

    const refused = { name: 'InvalidAggregatorException' }
    await assert.rejects(summarize([by('Region', by('Region'))]), refused)
    await assert.rejects(summarize([by('Region', by('AgentVersion', by('PlatformName')))]), refused)
    await assert.rejects(summarize([]), { name: 'ValidationException' })
  })
}
