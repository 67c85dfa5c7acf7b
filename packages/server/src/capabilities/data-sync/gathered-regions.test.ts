import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateResourceDataSyncCommand,
  DeleteResourceDataSyncCommand,
  ListResourceDataSyncCommand,
  type ResourceDataSyncSource,
  SSMClient,
  UpdateResourceDataSyncCommand,
} from '@aws-sdk/client-ssm'
import type {
  GetComplianceOverviewResult,
  GetInventorySummaryResult,
  QueryInventoryResult,
} from '@steward/model/generated/steward.ts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { enrolNodes } from '@steward/testkit/fleet.ts'
import { ComplianceClient } from '#capabilities/compliance/testing/compliance-client.ts'
import { Inventory, packages } from '#capabilities/inventory/testing/inventory.ts'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { jsonCall, type RawCall } from '#door/testing/raw-call.ts'
import { aUser } from '#iam/testing/a-user.ts'

const HERE = 'us-east-1'
const THERE = 'eu-west-1'

function ask(server: TestServer, operation: string, input: object, more: RawCall = {}) {
  return jsonCall(server, `Steward.${operation}`, input, { service: 'steward', ...more })
}

/** A node here and one there, each with packages, one failing; `create` makes a sync of other Regions. */
async function start(database?: (typeof DATABASES)[number]) {
  const server = await startServer(database ? { database } : {})
  const { id: a } = await FakeNode.enrol(server)
  const { url, house } = server
  const tag = { Key: 'place', Value: 'there' }
  const [node] = await enrolNodes({ url, region: THERE, rootKey: house.rootKey, count: 1, tag })
  const b = node!.nodeId
  const inventory = new Inventory(server)
  await inventory.put(a, packages('zsh 5.9', 'curl 8.1'))
  const there = new Inventory(server, { region: THERE })
  await there.put(b, packages('zsh 5.8'))
  await new ComplianceClient(server, { region: THERE }).put(b)
  const ssm = server.client(SSMClient)
  const create = (SyncName: string, SyncSource: Partial<ResourceDataSyncSource>) =>
    ssm.send(
      new CreateResourceDataSyncCommand({
        SyncName,
        SyncType: 'SyncFromSource',
        SyncSource: { SourceType: 'SingleAccountMultiRegions', SourceRegions: [], ...SyncSource },
      }),
    )
  return { server, ssm, create, a, b }
}

for (const database of DATABASES) {
  test(`EXP-07 what a sync gathers is in answers about the fleet, by Region (${database})`, async () => {
    const { server, ssm, create, a, b } = await start(database)
    await using _ = server
    await create('all', { SourceRegions: [THERE, 'ap-south-1'] })
    const query = async (Query: string, SyncName?: string) => {
      const { json, text, status } = await ask(server, 'QueryInventory', { Query, ...(SyncName && { SyncName }) })
      assert.equal(status, 200, text)
      return (json as unknown as QueryInventoryResult).Rows
    }
    const zsh = "select region, node_id as n, version as v from application where name = 'zsh' order by region"
    assert.deepEqual(await query(zsh, 'all'), [
      { region: THERE, n: b, v: '5.8' },
      { region: HERE, n: a, v: '5.9' },
    ])
    assert.deepEqual(await query('select count(*) as c, count(distinct node_id) as n from application', 'all'), [
      { c: '3', n: '2' },
    ])
    assert.deepEqual(await query(`select node_id as n from application where region = '${THERE}'`, 'all'), [{ n: b }])
    assert.deepEqual(await query('select region, count(*) as c from report group by 1 order by 1', 'all'), [
      { region: THERE, c: '1' },
      { region: HERE, c: '1' },
    ])
    assert.deepEqual(await query('select count(*) as c from application'), [{ c: '2' }])

    const summary = (await ask(server, 'GetInventorySummary', { SyncName: 'all' }))
      .json as unknown as GetInventorySummaryResult
    assert.deepEqual(summary.Nodes, { Total: 2, Reporting: 2, ReportingLastDay: 2 })
    assert.deepEqual(
      summary.Regions?.map(({ Region, Total }) => [Region, Total]),
      [
        [HERE, 1],
        ['ap-south-1', 0],
        [THERE, 1],
      ],
    )
    assert.deepEqual(summary.TopApplications[0], { Name: 'zsh', Nodes: 2, Versions: 2 })
    assert.equal(
      summary.OperatingSystems.reduce((sum, { Nodes }) => sum + Nodes, 0),
      2,
    )
    const compliance = summary.Types.find(({ TypeName }) => TypeName === 'AWS:ComplianceItem')
    assert.deepEqual([compliance?.Nodes, compliance?.Entries], [1, 1])

    const overview = (await ask(server, 'GetComplianceOverview', { SyncName: 'all' }))
      .json as unknown as GetComplianceOverviewResult
    assert.deepEqual([overview.Nodes.Total, overview.Nodes.NonCompliant], [2, 1])
    assert.deepEqual(
      overview.Worst.map(({ InstanceId, Region }) => [InstanceId, Region]),
      [[b, THERE]],
    )
    assert.deepEqual(
      overview.Regions?.map(({ Region, NonCompliant }) => [Region, NonCompliant]),
      [
        [HERE, 0],
        ['ap-south-1', 0],
        [THERE, 1],
      ],
    )
    assert.equal(overview.FailingItems[0]?.Nodes, 1)
    const Targets = [{ Key: 'resource-groups:Name', Values: ['web'] }]
    const refused = await ask(server, 'GetComplianceOverview', { SyncName: 'all', Targets })
    assert.equal(refused.json.__type, 'InvalidTarget')

    await ssm.send(new DeleteResourceDataSyncCommand({ SyncName: 'all' }))
    for (const operation of ['GetInventorySummary', 'GetComplianceOverview']) {
      const { json } = await ask(server, operation, { SyncName: 'all' })
      assert.equal(json.__type, 'ResourceDataSyncNotFoundException')
    }
  })
}

test('EXP-07 EXP-08 a sync from sources says what it gathers as of now, future Regions too', async () => {
  const { server, ssm, create } = await start()
  await using _ = server
  await create('some', { SourceRegions: ['ap-south-1'], IncludeFutureRegions: true })
  const listed = async () => (await ssm.send(new ListResourceDataSyncCommand())).ResourceDataSyncItems![0]!
  const before = await listed()
  assert.deepEqual([before.LastStatus, before.SyncSource?.State], ['Successful', undefined])
  assert.match(before.LastSyncStatusMessage!, /from us-east-1, ap-south-1, eu-west-1\.$/)
  await server.advance(5000)
  assert.ok((await listed()).LastSuccessfulSyncTime! > before.LastSuccessfulSyncTime!)
  const SyncSource = { SourceType: 'SingleAccountMultiRegions', SourceRegions: [THERE] }
  await ssm.send(new UpdateResourceDataSyncCommand({ SyncName: 'some', SyncType: 'SyncFromSource', SyncSource }))
  assert.match((await listed()).LastSyncStatusMessage!, /from us-east-1, eu-west-1\.$/)
})

test('EXP-07 who asks for several Regions must be allowed to in each of them', async () => {
  const { server, create } = await start()
  await using _ = server
  await create('all', { SourceRegions: [THERE] })
  const read = { Effect: 'Allow', Action: ['ssm:GetInventory', 'ssm:List*'], Resource: '*' }
  const Condition = { StringEquals: { 'aws:RequestedRegion': HERE } }
  const home = await aUser(server, 'home', { statements: [{ ...read, Condition }] })
  const away = await aUser(server, 'away', { statements: [read] })
  for (const operation of ['QueryInventory', 'GetInventorySummary', 'GetComplianceOverview']) {
    const input = operation === 'QueryInventory' ? { Query: 'select 1' } : {}
    assert.equal((await ask(server, operation, input, { credentials: home })).status, 200)
    const refused = await ask(server, operation, { ...input, SyncName: 'all' }, { credentials: home })
    assert.equal(refused.json.__type, 'AccessDeniedException', operation)
    assert.match(refused.text, /arn:aws:ssm:eu-west-1:/)
    assert.equal((await ask(server, operation, { ...input, SyncName: 'all' }, { credentials: away })).status, 200)
  }
})
