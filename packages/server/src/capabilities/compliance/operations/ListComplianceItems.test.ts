import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ComplianceStringFilter,
  ListComplianceItemsCommand,
  type ListComplianceItemsCommandInput,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { ComplianceClient, FOUND_AT, filter, item } from '../testing/compliance-client.ts'

for (const database of DATABASES) {
  test(`CMP-02 CMP-03 items are listed as they were put; a whole upload replaces those of its type (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await FakeNode.enrol(server)
    const compliance = new ComplianceClient(server)
    const details = { DocumentName: 'AWS-RunShellScript', note: 'ü' }
    const execution = { ExecutionTime: FOUND_AT, ExecutionId: 'run-1', ExecutionType: 'Command' }
    await compliance.put(node.id, {
      ExecutionSummary: execution,
      Items: [item('b COMPLIANT LOW', { Title: 'Disk b' }), item('a NON_COMPLIANT HIGH', { Details: details })],
    })
    await compliance.put(node.id, { ComplianceType: 'Custom:Other' })
    const same = { ResourceType: 'ManagedInstance', ResourceId: node.id, ExecutionSummary: execution }
    const [a, b, other] = await compliance.items(node.id)
    assert.deepEqual(a, {
      ...same,
      ComplianceType: 'Custom:Disk',
      ...item('a NON_COMPLIANT HIGH', { Details: details }),
    })
    assert.deepEqual(b, {
      ...same,
      ComplianceType: 'Custom:Disk',
      ...item('b COMPLIANT LOW', { Title: 'Disk b', Details: {} }),
    })
    assert.equal(other?.ComplianceType, 'Custom:Other')

    await compliance.put(node.id, { Items: [item('c COMPLIANT LOW')] })
    const ids = (await compliance.items(node.id)).map(({ ComplianceType, Id }) => `${ComplianceType} ${Id}`)
    assert.deepEqual(ids, ['Custom:Disk c', 'Custom:Other a'])
    await compliance.put(node.id, { ComplianceType: 'Custom:Other', Items: [] })
    assert.equal((await compliance.items(node.id)).length, 1)
  })

  test(`CMP-03 every filter finds what it names, with every operator (${database})`, async () => {
    await using server = await startServer({ database })
    const [node, other] = [await FakeNode.enrol(server), await FakeNode.enrol(server)]
    const compliance = new ComplianceClient(server)
    await compliance.put(node.id, {
      ExecutionSummary: { ExecutionTime: FOUND_AT, ExecutionId: 'run-1', ExecutionType: 'Command' },
      Items: [
        item('a NON_COMPLIANT HIGH', { Title: 'One', Details: { DocumentName: 'Doc', PatchGroup: 'web' } }),
        item('b COMPLIANT LOW', { Title: '100%' }),
      ],
    })
    const later = { ExecutionTime: new Date(FOUND_AT.getTime() + 60_000) }
    await compliance.put(node.id, {
      ComplianceType: 'Patch',
      ExecutionSummary: later,
      Items: [item('c COMPLIANT CRITICAL')],
    })
    await compliance.put(other.id, { Items: [item('d COMPLIANT LOW')] })
    const found = async (...filters: string[]) => {
      const items = await compliance.items(node.id, ...filters.map(filter))
      return items.map(({ Id }) => Id).join('')
    }
    assert.equal(await found('ComplianceType Patch'), 'c')
    assert.equal(await found('ComplianceType Patch NOT_EQUAL'), 'ab')
    assert.equal(await found('ComplianceType Custom: BEGIN_WITH'), 'ab')
    assert.equal(await found('ComplianceType custom: BEGIN_WITH'), '')
    assert.equal(await found('Status COMPLIANT'), 'bc')
    assert.equal(await found('Status COMPLIANT,NON_COMPLIANT'), 'abc')
    assert.equal(await found('Status COMPLIANT NOT_EQUAL', 'Severity HIGH'), 'a')
    assert.equal(await found('Severity HIGH,LOW NOT_EQUAL'), 'c')
    assert.equal(await found('Id a GREATER_THAN'), 'bc')
    assert.equal(await found('Id b LESS_THAN'), 'a')
    assert.equal(await found('Title 100% BEGIN_WITH'), 'b')
    assert.equal(await found('Title One NOT_EQUAL'), 'bc')
    assert.equal(await found('ExecutionId run-1'), 'ab')
    assert.equal(await found('ExecutionType Command NOT_EQUAL'), 'c')
    assert.equal(await found('ExecutionTime 2026-11-21T10:10:10Z'), 'ab')
    assert.equal(await found('ExecutionTime 2026-11-21T10:10:10Z NOT_EQUAL'), 'c')
    assert.equal(await found('ExecutionTime 2026-11-21T10:11:00Z GREATER_THAN'), 'c')
    assert.equal(await found(`ExecutionTime ${FOUND_AT.getTime() / 1000 + 1} LESS_THAN`), 'ab')
    assert.equal(await found('ExecutionTime 2026-11-21 BEGIN_WITH'), 'abc')
    assert.equal(await found('DocumentName Doc'), 'a')
    assert.equal(await found('AWS:ComplianceItem.PatchGroup w BEGIN_WITH'), 'a')
    assert.equal(await found('PatchGroup web NOT_EQUAL'), 'bc')
    assert.equal(await found('ResourceType ManagedInstance'), 'abc')
    assert.equal(await found('ResourceType ManagedInstance NOT_EQUAL'), '')
    const everywhere = await compliance.items(undefined, filter(`InstanceId ${other.id}`))
    assert.deepEqual(
      everywhere.map(({ Id }) => Id),
      ['d'],
    )
  })

  test(`CMP-02 CMP-03 10,000 items are put and read in pages, of those whose details pass, too (${database})`, async () => {
    await using server = await startServer({ database })
    const node = await FakeNode.enrol(server)
    const compliance = new ComplianceClient(server)
    const Items = Array.from({ length: 10_000 }, (_, i) =>
      item(`${String(i).padStart(5, '0')} COMPLIANT LOW`, { Details: { DocumentName: i % 1000 ? 'x' : 'y' } }),
    )
    await compliance.put(node.id, { Items })
    await compliance.put(node.id, { Items })
    const { ssm } = compliance
    const page = (NextToken?: string) =>
      ssm.send(new ListComplianceItemsCommand({ ResourceIds: [node.id], MaxResults: 50, NextToken }))
    const first = await page()
    const second = await page(first.NextToken)
    assert.deepEqual([first.ComplianceItems!.length, second.ComplianceItems?.[0]?.Id], [50, '00050'])
    assert.equal((await compliance.items(node.id, filter('Id 09000 GREATER_THAN'))).length, 999)
    assert.equal((await compliance.items(node.id, filter('DocumentName y'))).length, 10)
  })
}

test('CMP-03 what cannot be listed is refused with the reason', async () => {
  await using server = await startServer()
  const { ssm } = new ComplianceClient(server)
  const refused = (input: ListComplianceItemsCommandInput, name: string, message: RegExp) =>
    assert.rejects(ssm.send(new ListComplianceItemsCommand(input)), { name, message }, name)
  const node = 'mi-0123456789abcdef0'
  await refused({ ResourceIds: [node, node] }, 'ValidationException', /'resourceIds'.*less than or equal to 1/)
  await refused({ ResourceIds: ['here'] }, 'InvalidResourceId', /resource ID isn't valid/)
  await refused({ ResourceTypes: ['Instance'] }, 'InvalidResourceType', /ManagedInstance/)
  await refused({ MaxResults: 51 }, 'ValidationException', /50/)
  await refused({ NextToken: 'x' }, 'InvalidNextToken', /./)
  const bad = (one: ComplianceStringFilter, message: RegExp) => refused({ Filters: [one] }, 'InvalidFilter', message)
  await bad(filter('Colour red'), /no filter Colour/)
  await bad(filter('constructor red'), /no filter constructor/)
  await bad({ Values: ['x'] }, /no Key/)
  await bad({ Key: 'Status' }, /Status has no Values/)
  for (const wrong of ['yesterday', '1', '2026', '2026-13-45', '2026-02-30T00:00:00Z', '2026/11/21'])
    await bad(filter(`ExecutionTime ${wrong}`), new RegExp(`takes times, not ${wrong}\\.`))
  const many = { Key: 'Id', Values: Array.from({ length: 21 }, String) }
  await refused({ Filters: [many] }, 'ValidationException', /20/)
  const { ComplianceItems } = await ssm.send(new ListComplianceItemsCommand({ ResourceIds: [node] }))
  assert.deepEqual(ComplianceItems, [])
})
