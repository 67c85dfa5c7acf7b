import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { DeregisterManagedInstanceCommand } from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { ALLOW_LOOPBACK, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { webhookRule } from '#capabilities/events/testing/webhook-rule.ts'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { Inventory, item, packages } from '../testing/inventory.ts'

for (const database of DATABASES) {
  test(`INV-08 a node replaces what it reported, or says by a hash that it is the same (${database})`, async () => {
    await using server = await startServer({ database })
    const inventory = new Inventory(server)
    const node = await FakeNode.enrol(server)
    const other = await FakeNode.enrol(server)
    const shown = () => inventory.entries(node.id, 'AWS:Application')
    const content = [
      { Name: 'zsh', Version: '5.9', InstalledTime: '2026-01-02T03:04:05Z' },
      { Name: 'bash', Version: '5.2', InstalledTime: '2026-01-02T03:04:06Z' },
      { Name: 'bash', Version: '5.2', InstalledTime: '' },
    ]
    const first = item('AWS:Application', content, { ContentHash: 'one' })
    const put = (...Items: object[]) => node.signedWithToken('PutInventory', { InstanceId: node.id, Items })

    assert.deepEqual((await put({ ...first, Content: undefined })).code, 'ItemContentMismatchException')
    assert.deepEqual((await put(first)).body, {})
    await inventory.put(other.id, packages('bash 5.2', 'curl 8'))
    assert.deepEqual(await shown(), content)

    const later = { ...first, Content: undefined, CaptureTime: '2026-11-21T11:00:00Z' }
    assert.equal((await put(later)).status, 200)
    assert.equal((await put({ ...later, ContentHash: 'two' })).code, 'ItemContentMismatchException')
    const { Entities } = await inventory.get({ ResultAttributes: [{ TypeName: 'AWS:Application' }] })
    const { Data } = Entities!.find(({ Id }) => Id === node.id)!
    assert.deepEqual(Data!['AWS:Application'], {
      TypeName: 'AWS:Application',
      SchemaVersion: '1.1',
      CaptureTime: '2026-11-21T11:00:00Z',
      ContentHash: 'one',
      Content: content,
    })

    await put(item('AWS:Application', [], { ContentHash: 'none' }), item('AWS:BillingInfo', []))
    assert.deepEqual(await shown(), [])
    assert.equal((await inventory.entries(other.id, 'AWS:Application')).length, 2)
  })
}

test('INV-08 a node reports for itself only, and nobody for a node that is not there', async () => {
  await using server = await startServer()
  const inventory = new Inventory(server)
  const [node, other] = [await FakeNode.enrol(server), await FakeNode.enrol(server)]
  const Items = [item('Custom:Rack', [{ Place: 'A' }])]
  const answer = await node.signedWithToken('PutInventory', { InstanceId: other.id, Items })
  assert.equal(answer.code, 'AccessDeniedException')
  await assert.rejects(inventory.put('mi-00000000000000000', ...Items), { name: 'InvalidInstanceId' })
})

test('INV-08 what no node could mean is refused, and nothing of the call is taken', async () => {
  await using server = await startServer()
  const inventory = new Inventory(server)
  const { id } = await FakeNode.enrol(server)
  const refused = (name: string, ...items: Parameters<Inventory['put']>[1][]) =>
    assert.rejects(inventory.put(id, item('Custom:Good', [{ A: '1' }]), ...items), { name })
  await refused('InvalidTypeNameException', item('AWS:Nonsense', []))
  await refused('InvalidTypeNameException', item('AWS:InstanceInformation', []))
  await refused('InvalidTypeNameException', item('Custom:small', []))
  await refused('InvalidTypeNameException', item('Custom:Good', []))
  await refused('ValidationException', item('CUSTOM:Rack', []))
  await refused('ValidationException', item('Custom:Rack', [], { CaptureTime: 'today' }))
  await refused('UnsupportedInventorySchemaVersionException', item('AWS:Application', [], { SchemaVersion: '9.9' }))
  await refused('InvalidItemContentException', item('AWS:Application', [{ Colour: 'red' }]))
  await refused('InvalidItemContentException', item('AWS:InstanceDetailedInformation', [{ CPUs: 'many' }]))
  await refused('InvalidItemContentException', item('AWS:Application', undefined))
  await refused('UnsupportedInventoryItemContextException', item('AWS:Application', [], { Context: { A: 'b' } }))
  await refused('InvalidInventoryItemContextException', item('AWS:ComplianceItem', [], { Context: { A: 'b' } }))
  assert.deepEqual(await inventory.entries(id, 'Custom:Good'), [])
})

test('INV-09 an item and a call have a size that they may not exceed', async () => {
  await using server = await startServer()
  const inventory = new Inventory(server)
  const { id } = await FakeNode.enrol(server)
  const big = (entries: number) => Array.from({ length: entries }, () => ({ Text: 'x'.repeat(4000) }))
  await assert.rejects(inventory.put(id, item('Custom:Big', big(300))), { name: 'ItemSizeLimitExceededException' })
  await assert.rejects(inventory.put(id, item('Custom:One', big(150)), item('Custom:Two', big(150))), {
    name: 'TotalSizeLimitExceededException',
  })
  await inventory.put(id, item('Custom:One', big(150)))
  const many = Array.from({ length: 9000 }, (_, index) => ({ Name: `package-${index}`, Summary: 'x'.repeat(400) }))
  await assert.rejects(inventory.put(id, item('AWS:Application', many)), { name: 'ItemSizeLimitExceededException' })
})

test('INV-07 there are twenty custom types, whose attributes keep their letters', async () => {
  await using server = await startServer()
  const inventory = new Inventory(server)
  const { id } = await FakeNode.enrol(server)
  for (let type = 0; type < 20; type++) await inventory.put(id, item(`Custom:Type${type}`, [{ Vendor: 'DELL' }]))
  await assert.rejects(inventory.put(id, item('Custom:Type20', [{ Vendor: 'DELL' }])), {
    name: 'CustomSchemaCountLimitExceededException',
  })
  await assert.rejects(inventory.put(id, item('Custom:Type0', [{ vendor: 'DELL' }])), {
    name: 'InvalidItemContentException',
  })
  const attributes = (from: number) => Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`A${from + n}`, '']))
  await inventory.put(id, item('Custom:Type1', [attributes(0)]))
  await assert.rejects(inventory.put(id, item('Custom:Type1', [attributes(30)])), {
    name: 'InvalidItemContentException',
  })
})

test('INV-16 what a node reported goes with it', async () => {
  await using server = await startServer()
  const inventory = new Inventory(server)
  const [node, other] = [await FakeNode.enrol(server), await FakeNode.enrol(server)]
  for (const { id } of [node, other]) await inventory.put(id, packages('bash 5.2'))
  const having = () => inventory.nodes(['AWS:Application.Name', 'Equal', 'bash'])
  assert.equal((await having()).length, 2)
  await inventory.ssm.send(new DeregisterManagedInstanceCommand({ InstanceId: node.id }))
  assert.deepEqual(await having(), [other.id])
})

test('INV-17 a report that changes something is an event that names it', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const inventory = new Inventory(server)
  const { id } = await FakeNode.enrol(server)
  const pattern = { source: ['steward'], detail: { changes: { name: ['nginx'] } } }
  await webhookRule(server.client(EventBridgeClient), 'nginx', receiver.url, pattern)
  await inventory.put(id, packages('bash 5.1', 'nginx 1.9'))
  await inventory.put(id, packages('bash 5.2', 'nginx 1.9'))
  await inventory.put(id, packages('bash 5.2', 'nginx 1.10', 'curl 8'))
  await server.settle()
  const events = receiver.received.map(({ body }) => JSON.parse(body))
  assert.deepEqual(
    events.map((event) => [event['detail-type'], event.resources, event.detail]),
    [
      [
        'Inventory Content Change',
        [`arn:aws:ssm:us-east-1:000000000000:managed-instance/${id}`],
        {
          'instance-id': id,
          'type-name': 'AWS:Application',
          'schema-version': '1.1',
          'capture-time': '2026-11-21T10:00:00Z',
          added: 1,
          removed: 0,
          updated: 1,
          changes: [
            { kind: 'Added', name: 'curl', 'version-after': '8' },
            { kind: 'Updated', name: 'nginx', 'version-before': '1.9', 'version-after': '1.10' },
          ],
        },
      ],
    ],
  )
})
