import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeregisterManagedInstanceCommand,
  ListComplianceSummariesCommand,
  type ListComplianceSummariesCommandInput,
  ListResourceComplianceSummariesCommand,
  PutInventoryCommand,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { ComplianceClient, FOUND_AT, filter, item } from '../testing/compliance-client.ts'

const NONE = { CriticalCount: 0, HighCount: 0, MediumCount: 0, LowCount: 0, InformationalCount: 0, UnspecifiedCount: 0 }

for (const database of DATABASES) {
  test(`CMP-05 a type on a node is as severe as the worst of what is not compliant (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await FakeNode.enrol(server)
    const compliance = new ComplianceClient(server)
    await compliance.put(node.id, {
      ExecutionSummary: { ExecutionTime: FOUND_AT, ExecutionId: 'run-1', ExecutionType: 'Command' },
      Items: [
        item('a NON_COMPLIANT MEDIUM'),
        item('b NON_COMPLIANT HIGH'),
        item('c NON_COMPLIANT HIGH'),
        item('d COMPLIANT CRITICAL'),
      ],
    })
    const Items = [item('a COMPLIANT CRITICAL'), item('b COMPLIANT INFORMATIONAL')]
    await compliance.put(node.id, { ComplianceType: 'Patch', Items })
    const [disk, patch] = await compliance.summaries()
    assert.deepEqual(disk, {
      ComplianceType: 'Custom:Disk',
      ResourceType: 'ManagedInstance',
      ResourceId: node.id,
      Status: 'NON_COMPLIANT',
      OverallSeverity: 'HIGH',
      ExecutionSummary: { ExecutionTime: FOUND_AT, ExecutionId: 'run-1', ExecutionType: 'Command' },
      CompliantSummary: { CompliantCount: 1, SeveritySummary: { ...NONE, CriticalCount: 1 } },
      NonCompliantSummary: { NonCompliantCount: 3, SeveritySummary: { ...NONE, MediumCount: 1, HighCount: 2 } },
    })
    assert.deepEqual([patch?.Status, patch?.OverallSeverity], ['COMPLIANT', 'UNSPECIFIED'])
    assert.equal(patch?.CompliantSummary?.CompliantCount, 2)
  })

  test(`CMP-04 CMP-05 types are counted by node, and both lists are narrowed by what is known of nodes (${database})`, async () => {
    await using server = await startServer({ database })
    const tags = [{ Key: 'role', Value: 'web' }]
    const web = await FakeNode.enrol(server, { Tags: tags })
    const win = await FakeNode.enrol(server, {}, { PlatformType: 'Windows' })
    const gone = await FakeNode.enrol(server)
    const compliance = new ComplianceClient(server)
    const { ssm } = compliance
    for (const { id } of [web, win, gone]) await compliance.put(id)
    const Details = { PatchGroup: 'blue', PatchBaselineId: 'pb-1' }
    const application = { TypeName: 'AWS:Application', SchemaVersion: '1.1', CaptureTime: '2026-11-21T10:00:00Z' }
    const Items = [{ ...application, Content: [{ Name: 'nginx', Version: '1.10' }] }]
    await ssm.send(new PutInventoryCommand({ InstanceId: win.id, Items }))
    const patch = { ComplianceType: 'Patch', Items: [item('a COMPLIANT LOW', { Details })] }
    await compliance.put(web.id, patch)
    await ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: gone.id }))
    assert.deepEqual(await compliance.items(gone.id), [])

    const all = await ssm.send(new ListComplianceSummariesCommand({}))
    assert.deepEqual(all.ComplianceSummaryItems, [
      {
        ComplianceType: 'Custom:Disk',
        CompliantSummary: { CompliantCount: 0, SeveritySummary: NONE },
        NonCompliantSummary: { NonCompliantCount: 2, SeveritySummary: { ...NONE, HighCount: 2 } },
      },
      {
        ComplianceType: 'Patch',
        CompliantSummary: { CompliantCount: 1, SeveritySummary: { ...NONE, UnspecifiedCount: 1 } },
        NonCompliantSummary: { NonCompliantCount: 0, SeveritySummary: NONE },
      },
    ])
    const found = async (...filters: string[]) => {
      const rows = await compliance.summaries(...filters.map(filter))
      const { ComplianceSummaryItems: types } = await ssm.send(
        new ListComplianceSummariesCommand({ Filters: filters.map(filter) }),
      )
      const counted = types!.reduce(
        (sum, type) => sum + type.CompliantSummary!.CompliantCount! + type.NonCompliantSummary!.NonCompliantCount!,
        0,
      )
      assert.equal(counted, rows.length)
      return rows
        .map(({ ResourceId, ComplianceType }) => `${ResourceId === web.id ? 'web' : 'win'} ${ComplianceType}`)
        .sort()
    }
    const disks = ['web Custom:Disk', 'win Custom:Disk']
    assert.deepEqual(await found('Status NON_COMPLIANT'), disks)
    assert.deepEqual(await found('OverallSeverity UNSPECIFIED NOT_EQUAL'), disks)
    assert.deepEqual(await found('OverallSeverity UNSPECIFIED', 'ComplianceType Patch', `InstanceId ${web.id}`), [
      'web Patch',
    ])
    assert.deepEqual(await found('NonCompliantHighCount 0 GREATER_THAN'), disks)
    assert.deepEqual(await found('AWS:ComplianceSummary.CompliantLowCount 1'), ['web Patch'])
    assert.deepEqual(await found('PatchGroup blue', 'PatchBaselineId pb- BEGIN_WITH'), ['web Patch'])
    assert.deepEqual(await found('ExecutionTime 2026-11-21T10:10:11Z LESS_THAN', 'ComplianceType Patch'), ['web Patch'])
    assert.deepEqual(await found('AWS:InstanceInformation.PlatformType Windows'), ['win Custom:Disk'])
    assert.deepEqual(await found('AWS:InstanceInformation.PlatformType Windows NOT_EQUAL'), [
      'web Custom:Disk',
      'web Patch',
    ])
    assert.deepEqual(await found('tag:role web'), ['web Custom:Disk', 'web Patch'])
    assert.deepEqual(await found('AWS:Application.Name nginx', 'AWS:Application.Version 1.9 GREATER_THAN'), [
      'win Custom:Disk',
    ])
    assert.deepEqual(await found('AWS:Application.Name nginx', 'AWS:Application.Version 1.9 LESS_THAN'), [])
    assert.deepEqual(await found('AWS:Tag.role web', 'ComplianceType Patch'), ['web Patch'])
    assert.deepEqual(await found('AWS:InstanceInformation.ResourceType ManagedInstance NOT_EQUAL'), [])
  })

  test(`CMP-04 CMP-05 X-08 both lists come in pages (${database})`, async () => {
    await using server = await startServer({ database })
    const nodes = [await FakeNode.enrol(server), await FakeNode.enrol(server)]
    const compliance = new ComplianceClient(server)
    for (const { id } of nodes)
      for (const type of ['Patch', 'Custom:aa', 'Custom:bb']) await compliance.put(id, { ComplianceType: type })
    const resources = (NextToken?: string) =>
      compliance.ssm.send(new ListResourceComplianceSummariesCommand({ MaxResults: 4, NextToken }))
    const first = await resources()
    const second = await resources(first.NextToken)
    const rows = [first, second].flatMap((page) => page.ResourceComplianceSummaryItems!)
    assert.equal(new Set(rows.map(({ ResourceId, ComplianceType }) => `${ResourceId} ${ComplianceType}`)).size, 6)
    assert.deepEqual([first.ResourceComplianceSummaryItems!.length, second.NextToken], [4, undefined])

    const types = (NextToken?: string) =>
      compliance.ssm.send(new ListComplianceSummariesCommand({ MaxResults: 2, NextToken }))
    const one = await types()
    const two = await types(one.NextToken)
    assert.deepEqual(
      [...one.ComplianceSummaryItems!, ...two.ComplianceSummaryItems!].map(({ ComplianceType }) => ComplianceType),
      ['Custom:aa', 'Custom:bb', 'Patch'],
    )
    assert.equal(two.NextToken, undefined)
  })
}

test('CMP-04 what summaries cannot be narrowed by is refused', async () => {
  await using server = await startServer()
  const { ssm } = new ComplianceClient(server)
  const refused = (input: ListComplianceSummariesCommandInput, name: string, message: RegExp) =>
    assert.rejects(ssm.send(new ListComplianceSummariesCommand(input)), { name, message }, name)
  await refused({ Filters: [filter('Colour red')] }, 'InvalidFilter', /no filter Colour/)
  await refused({ Filters: [filter('NonCompliantHighCount many')] }, 'InvalidFilter', /whole numbers, not many/)
  await refused({ Filters: [filter('NonCompliantHighCount 1 BEGIN_WITH')] }, 'InvalidFilter', /is a number/)
  await refused({ Filters: [filter('AWS:Application.Colour red')] }, 'InvalidFilter', /no attribute Colour/)
  await refused({ Filters: [filter('AWS:Nothing.Colour red')] }, 'InvalidFilter', /no type AWS:Nothing/)
  await refused({ MaxResults: 0 }, 'ValidationException', /1/)
})
