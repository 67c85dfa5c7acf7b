import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  GetInventorySummaryResult,
  ListInventoryChangesResult,
  QueryInventoryResult,
} from '@steward/model/generated/steward.ts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { jsonCall, type RawCall } from '#door/testing/raw-call.ts'
import { aUser } from '#iam/testing/a-user.ts'
import { Inventory, item, packages } from '../testing/inventory.ts'

function ask(server: TestServer, operation: string, input: object, more: RawCall = {}) {
  return jsonCall(server, `Steward.${operation}`, input, { service: 'steward', ...more })
}

async function query(server: TestServer, Query: string, more: object = {}): Promise<QueryInventoryResult> {
  const answer = await ask(server, 'QueryInventory', { Query, ...more })
  assert.equal(answer.status, 200, answer.text)
  return answer.json as unknown as QueryInventoryResult
}

async function fleet(server: TestServer) {
  const inventory = new Inventory(server)
  const [a, b] = [(await FakeNode.enrol(server)).id, (await FakeNode.enrol(server)).id]
  const nginx = { Name: 'nginx', Version: '1.9', InstalledTime: '2026-01-01T00:00:00Z' }
  await inventory.put(a, item('AWS:Application', [nginx, { Name: 'curl', Version: '8.1' }]))
  await inventory.put(b, packages('nginx 1.10'), item('Custom:RackInfo', [{ Row: 'B' }]))
  await inventory.put(a, item('AWS:InstanceDetailedInformation', [{ CPUs: '16' }]))
  await inventory.put(b, item('AWS:InstanceDetailedInformation', [{ CPUs: '4' }]))
  return { inventory, a, b }
}

for (const database of DATABASES) {
  test(`INV-18 a query sees each type as a table (${database})`, async () => {
    await using server = await startServer({ database })
    const { inventory, a, b } = await fleet(server)
    const rows = async (text: string) => (await query(server, text)).Rows
    const named = await query(
      server,
      `select node_id, version from application where name = 'nginx' order by version desc`,
    )
    assert.deepEqual(named.Columns, ['node_id', 'Version'])
    assert.deepEqual(named.Rows, [
      { node_id: a, Version: '1.9' },
      { node_id: b, Version: '1.10' },
    ])
    assert.deepEqual(
      await rows(`select node_id as n from application where compare_versions(version, '1.9') > 0 and name = 'nginx'`),
      [{ n: b }],
    )
    assert.deepEqual(await rows('select InstalledTime from application where InstalledTime is not null'), [
      { InstalledTime: '2026-01-01T00:00:00Z' },
    ])
    assert.deepEqual(await rows('select node_id as n from instance_detailed_information where cpus > 5'), [{ n: a }])
    assert.deepEqual(await rows('select row from custom_rack_info'), [{ Row: 'B' }])
    assert.deepEqual(
      await rows(
        `select platformname as p, count(*) as c from application join instance_information using (node_id) group by 1`,
      ),
      [{ p: 'Debian GNU/Linux', c: '3' }],
    )
    assert.deepEqual(await rows('select count(*) as c from report'), [{ c: '5' }])
    await inventory.put(b, packages('nginx 1.11'))
    assert.deepEqual(await rows('select kind, name, after ->> ' + "'Version' as v from change"), [
      { kind: 'Updated', name: 'nginx', v: '1.11' },
    ])
    const { Rows, Truncated } = await query(server, 'select name from application', { MaxResults: 2 })
    assert.deepEqual([Rows.length, Truncated], [2, true])
  })
}

test('INV-18 a query reads and does nothing else', async () => {
  await using server = await startServer()
  await fleet(server)
  const fault = async (Query: string) => {
    const { status, json } = await ask(server, 'QueryInventory', { Query })
    assert.equal(status, 400)
    return [String(json.__type), String(json.Message ?? json.message)] as const
  }
  for (const text of [
    "attach '/etc/passwd' as x",
    'delete from "*application"',
    'pragma database_list',
    'create table t (a)',
    'select * from nonsense',
    "select load_extension('x')",
    'sel',
  ])
    assert.equal((await fault(text))[0], 'InvalidInventoryQuery', text)
  assert.match((await fault('select * from nonsense'))[1], /no such table: nonsense/)
  const { status } = await ask(server, 'QueryInventory', { Query: 'select zeroblob(100000000)' })
  assert.equal(status, 400)
  const statements = [{ Effect: 'Allow', Action: 'ssm:ListInventoryEntries', Resource: '*' }]
  const credentials = await aUser(server, 'ann', { statements })
  const refused = await ask(server, 'QueryInventory', { Query: 'select 1' }, { credentials })
  assert.equal(refused.json.__type, 'AccessDeniedException')
})

for (const database of DATABASES) {
  test(`INV-18 INV-20 what changed is listed, and the inventory summed up (${database})`, async () => {
    await using server = await startServer({ database })
    const { inventory, a, b } = await fleet(server)
    await inventory.put(a, packages('nginx 1.12', 'zsh 5.9'))
    const list = async (more: object) => {
      const { json, text, status } = await ask(server, 'ListInventoryChanges', more)
      assert.equal(status, 200, text)
      return json as unknown as ListInventoryChangesResult
    }
    const brief = async (more: object) =>
      (await list(more)).Changes.map(({ Kind, Name, Before, After }) => [Kind, Name, Before?.Version, After?.Version])
    // Another architecture is another package: the first report had none.
    assert.deepEqual(await brief({}), [
      ['Added', 'zsh', undefined, '5.9'],
      ['Removed', 'nginx', '1.9', undefined],
      ['Added', 'nginx', undefined, '1.12'],
      ['Removed', 'curl', '8.1', undefined],
    ])
    await inventory.put(a, packages('nginx 1.13', 'zsh 5.9'))
    assert.deepEqual(await brief({ Name: 'nginx', TypeName: 'AWS:Application', Kinds: ['Updated'] }), [
      ['Updated', 'nginx', '1.12', '1.13'],
    ])
    assert.deepEqual(await brief({ InstanceId: b }), [])
    const { NextToken, Changes } = await list({ MaxResults: 3 })
    assert.equal(Changes.length, 3)
    assert.equal((await list({ MaxResults: 3, NextToken })).Changes.length, 2)

    const summary = (await ask(server, 'GetInventorySummary', {})).json as unknown as GetInventorySummaryResult
    assert.deepEqual(summary.Nodes, { Total: 2, Reporting: 2, ReportingLastDay: 2 })
    assert.deepEqual(summary.OperatingSystems, [{ Name: 'Debian GNU/Linux', Version: '12', Nodes: 2 }])
    assert.deepEqual(
      summary.Agents.map(({ Nodes }) => Nodes),
      [2],
    )
    assert.deepEqual(summary.TopApplications, [
      { Name: 'nginx', Nodes: 2, Versions: 2 },
      { Name: 'zsh', Nodes: 1, Versions: 1 },
    ])
    const { Added, Removed, Updated, Nodes, Recent } = summary.Changes
    assert.deepEqual([Added, Removed, Updated, Nodes, Recent.length], [2, 2, 1, 1, 5])
    const rack = summary.Types.find(({ TypeName }) => TypeName === 'Custom:RackInfo')
    assert.deepEqual([rack?.TableName, rack?.Columns, rack?.Nodes], ['custom_rack_info', ['node_id', 'Row'], 1])
  })
}
