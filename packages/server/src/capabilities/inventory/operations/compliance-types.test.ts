import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeregisterManagedInstanceCommand, ListInventoryEntriesCommand } from '@aws-sdk/client-ssm'
import type { QueryInventoryResult } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer } from '@steward/testkit'
import { ComplianceClient, item as found } from '#capabilities/compliance/testing/compliance-client.ts'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { jsonCall } from '#door/testing/raw-call.ts'
import { Inventory, item, packages } from '../testing/inventory.ts'

const ITEM = 'AWS:ComplianceItem'
const SUMMARY = 'AWS:ComplianceSummary'

for (const database of DATABASES) {
  test(`INV-03 CMP-02 items of compliance are entries of AWS:ComplianceItem, by node, type and status (${database})`, async () => {
    await using server = await startServer({ database })
    const [inventory, compliance] = [new Inventory(server), new ComplianceClient(server)]
    const ids = [
      (await FakeNode.enrol(server)).id,
      (await FakeNode.enrol(server)).id,
      (await FakeNode.enrol(server)).id,
    ]
    const [a, b, c] = ids as [string, string, string]
    const Items = [found('space NON_COMPLIANT HIGH', { Title: 'Free space', Details: { DocumentName: 'Check' } })]
    await compliance.put(a, { Items })
    await compliance.put(b, { Items: [found('space COMPLIANT LOW'), found('inodes NON_COMPLIANT LOW')] })
    await inventory.put(b, packages('zsh 5.9'))

    const listed = await inventory.ssm.send(new ListInventoryEntriesCommand({ InstanceId: a, TypeName: ITEM }))
    assert.deepEqual([listed.SchemaVersion, listed.CaptureTime], ['1.0', '2026-11-21T10:10:10Z'])
    assert.deepEqual(listed.Entries, [
      {
        ComplianceType: 'Custom:Disk',
        ExecutionId: '',
        ExecutionType: '',
        ExecutionTime: '2026-11-21T10:10:10Z',
        Id: 'space',
        Title: 'Free space',
        Status: 'NON_COMPLIANT',
        Severity: 'HIGH',
        DocumentName: 'Check',
      },
    ])
    const Filters = [{ Key: 'Status', Values: ['COMPLIANT'] }]
    const some = await inventory.ssm.send(new ListInventoryEntriesCommand({ InstanceId: b, TypeName: ITEM, Filters }))
    assert.deepEqual(
      some.Entries?.map(({ Id }) => Id),
      ['space'],
    )

    const { Entities } = await inventory.get({ ResultAttributes: [{ TypeName: SUMMARY }] })
    const shown = Entities!.map(({ Id, Data }) => [Id, Data?.[SUMMARY]?.Content?.[0]?.NonCompliantHighCount])
    assert.deepEqual(new Map(shown as [string, string][]).get(a), '1')
    assert.deepEqual(Entities!.find(({ Id }) => Id === c)?.Data, {})

    // Both in one entry: on b one is failing, and another one is `space`.
    const failing = [`${ITEM}.Status`, 'Equal', 'NON_COMPLIANT'] as [string, string, string]
    assert.deepEqual((await inventory.nodes(failing)).sort(), [a, b].sort())
    assert.deepEqual(await inventory.nodes(failing, [`${ITEM}.Id`, 'Equal', 'space']), [a])
    assert.deepEqual(await inventory.nodes(failing, ['AWS:Application.Name', 'Equal', 'zsh']), [b])
    assert.deepEqual(await inventory.nodes([`${ITEM}.ExecutionTime`, 'LessThan', '2026']), [])
    assert.deepEqual(await inventory.nodes([`${SUMMARY}.NonCompliantLowCount`, 'GreaterThan', '0']), [b])
    const counts = () =>
      inventory.counts(ITEM, {
        Aggregators: [{ Expression: `${ITEM}.Id`, Aggregators: [{ Expression: `${ITEM}.Status` }] }],
      })
    assert.deepEqual(await counts(), [
      { Id: 'inodes', Status: 'NON_COMPLIANT', Count: '1' },
      { Id: 'space', Status: 'COMPLIANT', Count: '1' },
      { Id: 'space', Status: 'NON_COMPLIANT', Count: '1' },
    ])

    await compliance.put(a, { Items: [found('space COMPLIANT HIGH')] })
    await inventory.ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: b }))
    assert.deepEqual(await counts(), [{ Id: 'space', Status: 'COMPLIANT', Count: '1' }])
    const Query =
      'select node_id, compliancetype, executiontime from compliance_item join compliance_summary using (node_id, compliancetype, executiontime)'
    const answer = await jsonCall(server, 'Steward.QueryInventory', { Query }, { service: 'steward' })
    assert.deepEqual((answer.json as unknown as QueryInventoryResult).Rows, [
      { node_id: a, ComplianceType: 'Custom:Disk', ExecutionTime: '2026-11-21T10:10:10Z' },
    ])
  })
}

test('INV-08 compliance that a node reports as inventory stands before what is known of it', async () => {
  await using server = await startServer()
  const [inventory, compliance] = [new Inventory(server), new ComplianceClient(server)]
  const { id } = await FakeNode.enrol(server)
  const Context = { ComplianceType: 'Patch', ExecutionTime: '2026-11-20T00:00:00Z' }
  await inventory.put(id, item(ITEM, [{ Id: 'KB1', Status: 'COMPLIANT', Severity: 'LOW' }], { Context }))
  const types = () => inventory.counts(ITEM, { Aggregators: [{ Expression: `${ITEM}.ComplianceType` }] })
  assert.deepEqual(await types(), [{ ComplianceType: 'Patch', Count: '1' }])
  await compliance.put(id)
  assert.deepEqual(
    (await inventory.entries(id, ITEM)).map(({ Id }) => Id),
    ['KB1', 'a'],
  )
  assert.deepEqual(
    (await types()).map(({ ComplianceType }) => ComplianceType),
    ['Custom:Disk', 'Patch'],
  )
})
