import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import {
  CreateAssociationCommand,
  DeleteAssociationCommand,
  type PutComplianceItemsCommandInput,
} from '@aws-sdk/client-ssm'
import { DATABASES, eventually, startServer } from '@steward/testkit'
import { ALLOW_LOOPBACK, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { webhookRule } from '#capabilities/events/testing/webhook-rule.ts'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { ComplianceClient, filter, item } from '../testing/compliance-client.ts'

for (const database of DATABASES) {
  test(`CMP-07 ${database}: each change of status or severity is an event, in both directions; the same again is none`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ database, env: ALLOW_LOOPBACK })
    const node = await FakeNode.enrol(server)
    const detailType = 'Configuration Compliance State Change'
    await webhookRule(server.client(EventBridgeClient), 'all', receiver.url, { 'detail-type': [detailType] })
    const compliance = new ComplianceClient(server)
    await compliance.put(node.id)
    await compliance.put(node.id)
    await compliance.put(node.id, { Items: [item('a NON_COMPLIANT CRITICAL')] })
    await compliance.put(node.id, { Items: [item('a COMPLIANT HIGH')] })
    await eventually(() => assert.equal(receiver.received.length, 3))
    await server.settle()
    const events = receiver.received.map(({ body }) => JSON.parse(body))
    const { id: _, time: __, ...first } = events[0]
    assert.deepEqual(first, {
      version: '0',
      'detail-type': detailType,
      source: 'aws.ssm',
      account: '000000000000',
      region: 'us-east-1',
      resources: [`arn:aws:ssm:us-east-1:000000000000:managed-instance/${node.id}`],
      detail: {
        'last-runtime': '2026-11-21T10:10:10Z',
        'compliance-status': 'non_compliant',
        'resource-type': 'managed-instance',
        'resource-id': node.id,
        'compliance-type': 'Custom:Disk',
        severity: 'high',
      },
    })
    assert.deepEqual(
      events.map(({ detail }) => [detail['compliance-status'], detail.severity]),
      [
        ['non_compliant', 'high'],
        ['non_compliant', 'critical'],
        ['compliant', 'unspecified'],
      ],
    )
  })
}

test('CMP-01 CMP-02 what cannot be put is refused with the reason', async () => {
  await using server = await startServer()
  const { id } = await FakeNode.enrol(server)
  const compliance = new ComplianceClient(server)
  const refused = (more: Partial<PutComplianceItemsCommandInput>, name: string, message: RegExp) =>
    assert.rejects(compliance.put(id, more), { name, message }, name)
  const good = item('a COMPLIANT LOW')
  await refused({ ResourceType: 'Instance' }, 'InvalidResourceType', /ManagedInstance/)
  await refused({ ResourceId: 'mi-00000000000000000' }, 'InvalidResourceId', /resource ID isn't valid/)
  await refused({ ComplianceType: 'Sundry' }, 'InvalidItemContentException', /no compliance type Sundry/)
  await refused({ ComplianceType: 'Custom:a b' }, 'ValidationException', /'complianceType'/)
  await refused({ Items: [good, good] }, 'InvalidItemContentException', /id a is there twice/)
  await refused({ Items: [{ ...good, Title: 'x'.repeat(501) }] }, 'ValidationException', /500/)
  await refused({ Items: Array(10_001).fill(good) }, 'ValidationException', /10000/)
  await refused({ UploadType: 'PARTIAL' }, 'ValidationException', /only valid for the compliance type Association/)
  const details = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, 'x'.repeat(4096)]))
  await refused({ Items: [{ ...good, Details: details }] }, 'ItemSizeLimitExceededException', /item a is larger/)
  const manual = { UploadType: 'PARTIAL' as const, ComplianceType: 'Association', Items: [good] }
  await refused(manual, 'InvalidItemContentException', /SyncCompliance is MANUAL/)

  for (let i = 0; i < 10; i++) await compliance.put(id, { ComplianceType: `Custom:T${i}` })
  const eleventh = { ComplianceType: 'Custom:Eleventh' }
  await refused(eleventh, 'ComplianceTypeCountLimitExceededException', /at most 10 custom/)
  await compliance.put(id, { ComplianceType: 'Patch' })
  await compliance.put(id, { ComplianceType: 'Custom:T0', Items: [] })
  await compliance.put(id, eleventh)
})

test('CMP-02 items that come with the hash of those that are there are ignored', async () => {
  await using server = await startServer()
  const { id } = await FakeNode.enrol(server)
  const compliance = new ComplianceClient(server)
  const ids = async () => (await compliance.items(id)).map(({ Id }) => Id)
  await compliance.put(id, { ItemContentHash: 'one' })
  await compliance.put(id, { ItemContentHash: 'one', Items: [item('b COMPLIANT LOW')] })
  assert.deepEqual(await ids(), ['a'])
  await compliance.put(id, { ItemContentHash: 'two', Items: [item('b COMPLIANT LOW')] })
  assert.deepEqual(await ids(), ['b'])
  await compliance.put(id)
  await compliance.put(id, { ItemContentHash: 'two', Items: [] })
  assert.deepEqual(await ids(), [], 'the hash is that of the latest items only')
})

test('CMP-02 an agent puts its items for itself only, and none at all when they have not changed', async () => {
  await using server = await startServer()
  const [node, other] = [await FakeNode.enrol(server), await FakeNode.enrol(server)]
  const asAgent = (hash: string, Items: object[], ResourceId = node.id) =>
    node.signedWithToken('PutComplianceItems', {
      ComplianceType: 'Association',
      ResourceId,
      ResourceType: 'ManagedInstance',
      ItemContentHash: hash,
      ExecutionSummary: { ExecutionId: '', ExecutionTime: 1795229963.128, ExecutionType: '' },
      Items,
    })
  const Details = { DocumentName: 'AWS-GatherSoftwareInventory', DocumentVersion: '$DEFAULT' }
  const one = item('aaaaaaaa-0000-0000-0000-000000000001 COMPLIANT UNSPECIFIED', { Title: '', Details })
  assert.equal((await asAgent('jlE61tyZzq8OxjS0MvKJRQ==', [one])).status, 200)
  assert.equal((await asAgent('jlE61tyZzq8OxjS0MvKJRQ==', [])).status, 200)
  assert.equal((await asAgent('of another time', [])).status, 200)
  const [stored, ...more] = await new ComplianceClient(server).items(node.id)
  const { ExecutionSummary, ...rest } = stored!
  assert.deepEqual(rest, {
    ...one,
    ComplianceType: 'Association',
    ResourceType: 'ManagedInstance',
    ResourceId: node.id,
  })
  assert.deepEqual(ExecutionSummary, { ExecutionTime: new Date(1795229963128) })
  assert.deepEqual(more, [])
  assert.equal((await asAgent('x', [one], other.id)).code, 'AccessDeniedException')
})

test('CMP-02 STM-10 only an association that leaves its compliance to callers takes it item by item, and keeps it', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  const compliance = new ComplianceClient(server)
  const create = async (SyncCompliance: 'AUTO' | 'MANUAL') => {
    const Targets = [{ Key: 'InstanceIds', Values: [node.id] }]
    const command = new CreateAssociationCommand({
      Name: 'AWS-RunShellScript',
      Parameters: { commands: ['true'] },
      Targets,
      SyncCompliance,
    })
    return (await compliance.ssm.send(command)).AssociationDescription!.AssociationId!
  }
  const [auto, manual] = [await create('AUTO'), await create('MANUAL')]
  const put = (id: string) =>
    compliance.put(node.id, {
      ComplianceType: 'Association',
      UploadType: 'PARTIAL',
      Items: [item(`${id} NON_COMPLIANT HIGH`)],
    })
  await assert.rejects(put(auto), { name: 'InvalidItemContentException', message: /SyncCompliance is MANUAL/ })
  await put(manual)
  await put(manual)
  const answer = await node.signedWithToken('PutComplianceItems', {
    ComplianceType: 'Association',
    ResourceId: node.id,
    ResourceType: 'ManagedInstance',
    ExecutionSummary: { ExecutionTime: 1795229963 },
    Items: [item(`${manual} COMPLIANT UNSPECIFIED`)],
  })
  assert.equal(answer.status, 200)
  const [kept, ...others] = await compliance.items(
    node.id,
    filter('ComplianceType Association'),
    filter(`Id ${manual}`),
  )
  assert.deepEqual([kept?.Status, kept?.Severity, others.length], ['NON_COMPLIANT', 'HIGH', 0])
  await compliance.ssm.send(new DeleteAssociationCommand({ AssociationId: manual }))
  assert.deepEqual(await compliance.items(node.id, filter(`Id ${manual}`)), [])
})
