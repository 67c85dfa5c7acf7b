import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import {
  type ComplianceItemEntry,
  PutComplianceItemsCommand,
  type PutComplianceItemsCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { DATABASES, eventually, startServer, type TestServer } from '@steward/testkit'
import { ALLOW_LOOPBACK, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { webhookRule } from '#capabilities/events/testing/webhook-rule.ts'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'

const AT = new Date('2026-11-21T10:10:10.500Z')

function put(server: TestServer, node: string, more: Partial<PutComplianceItemsCommandInput> = {}) {
  const input = {
    ResourceId: node,
    ResourceType: 'ManagedInstance',
    ComplianceType: 'Custom:Disk',
    ExecutionSummary: { ExecutionTime: AT },
    Items: [{ Id: 'a', Severity: 'HIGH', Status: 'NON_COMPLIANT' }] as ComplianceItemEntry[],
  }
  return server.client(SSMClient).send(new PutComplianceItemsCommand({ ...input, ...more }))
}

for (const database of DATABASES) {
  test(`CMP-07 ${database}: each change of status or severity is an event, in both directions; the same again is none`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ database, env: ALLOW_LOOPBACK })
    const node = await FakeNode.enrol(server)
    const detailType = 'Configuration Compliance State Change'
    await webhookRule(server.client(EventBridgeClient), 'all', receiver.url, { 'detail-type': [detailType] })
    await put(server, node.id)
    await put(server, node.id)
    await put(server, node.id, { Items: [{ Id: 'a', Severity: 'CRITICAL', Status: 'NON_COMPLIANT' }] })
    await put(server, node.id, { Items: [{ Id: 'a', Severity: 'HIGH', Status: 'COMPLIANT' }] })
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
  const refused = (more: Partial<PutComplianceItemsCommandInput>, name: string, message: RegExp) =>
    assert.rejects(put(server, id, more), { name, message }, name)
  const item = { Id: 'a', Severity: 'LOW', Status: 'COMPLIANT' } as const
  await refused({ ResourceType: 'Instance' }, 'InvalidResourceType', /ManagedInstance/)
  await refused({ ResourceId: 'mi-00000000000000000' }, 'InvalidResourceId', /resource ID isn't valid/)
  await refused({ ComplianceType: 'Sundry' }, 'InvalidItemContentException', /no compliance type Sundry/)
  await refused({ ComplianceType: 'Custom:a b' }, 'ValidationException', /'complianceType'/)
  await refused({ Items: [item, item] }, 'InvalidItemContentException', /id a is there twice/)
  await refused({ Items: [{ ...item, Title: 'x'.repeat(501) }] }, 'ValidationException', /500/)
  await refused({ Items: Array(10_001).fill(item) }, 'ValidationException', /10000/)
  await refused({ UploadType: 'PARTIAL' }, 'ValidationException', /only valid for the compliance type Association/)
  const details = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, 'x'.repeat(4096)]))
  await refused({ Items: [{ ...item, Details: details }] }, 'ItemSizeLimitExceededException', /item a is larger/)
  const manual = { UploadType: 'PARTIAL' as const, ComplianceType: 'Association', Items: [item] }
  await refused(manual, 'InvalidItemContentException', /SyncCompliance is MANUAL/)

  for (let i = 0; i < 10; i++) await put(server, id, { ComplianceType: `Custom:T${i}` })
  const eleventh = { ComplianceType: 'Custom:Eleventh' }
  await refused(eleventh, 'ComplianceTypeCountLimitExceededException', /at most 10 custom/)
  await put(server, id, { ComplianceType: 'Patch' })
  await put(server, id, { ComplianceType: 'Custom:T0', Items: [] })
  await put(server, id, eleventh)
})

test('CMP-02 a node puts items for itself only', async () => {
  await using server = await startServer()
  const [node, other] = [await FakeNode.enrol(server), await FakeNode.enrol(server)]
  const asNode = (ResourceId: string) =>
    node.signedWithToken('PutComplianceItems', {
      ComplianceType: 'Association',
      ResourceId,
      ResourceType: 'ManagedInstance',
      ItemContentHash: 'jlE61tyZzq8OxjS0MvKJRQ==',
      ExecutionSummary: { ExecutionId: '', ExecutionTime: 1795229963.128, ExecutionType: '' },
      Items: [{ Id: 'aaaaaaaa-0000-0000-0000-000000000001', Severity: 'UNSPECIFIED', Status: 'COMPLIANT', Title: '' }],
    })
  assert.equal((await asNode(node.id)).status, 200)
  assert.equal((await asNode(other.id)).code, 'AccessDeniedException')
})
