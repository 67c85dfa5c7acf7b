import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import {
  DeleteInventoryCommand,
  type DeleteInventoryCommandInput,
  DescribeInventoryDeletionsCommand,
  GetInventorySchemaCommand,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { ALLOW_LOOPBACK, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { webhookRule } from '#capabilities/events/testing/webhook-rule.ts'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { Inventory, item } from '../testing/inventory.ts'

const RACK = 'Custom:Rack'

async function racks(server: TestServer) {
  const inventory = new Inventory(server)
  const ids = await Promise.all([1, 2, 3].map(async () => (await FakeNode.enrol(server)).id))
  for (const [index, id] of ids.entries())
    await inventory.put(id, item(RACK, [{ Place: String(index) }], { SchemaVersion: index < 2 ? '1.0' : '2.0' }))
  const remove = (more: Partial<DeleteInventoryCommandInput> = {}) =>
    inventory.ssm.send(new DeleteInventoryCommand({ TypeName: RACK, ...more }))
  const deletions = async (more: object = {}) =>
    (await inventory.ssm.send(new DescribeInventoryDeletionsCommand(more))).InventoryDeletions!
  const schema = async () => (await inventory.ssm.send(new GetInventorySchemaCommand({ TypeName: RACK }))).Schemas!
  const having = async () => (await inventory.nodes([`${RACK}.Place`, 'GreaterThan', ''])).length
  return { inventory, ids, remove, deletions, schema, having }
}

const SUMMARY = {
  TotalCount: 3,
  RemainingCount: 3,
  SummaryItems: [
    { Version: '1.0', Count: 2, RemainingCount: 2 },
    { Version: '2.0', Count: 1, RemainingCount: 1 },
  ],
}

for (const database of DATABASES) {
  test(`INV-15 the data of a custom type is deleted, and the deletion described (${database})`, async () => {
    await using server = await startServer({ database })
    const { inventory, ids, remove, deletions, schema, having } = await racks(server)
    const dry = await remove({ DryRun: true })
    assert.deepEqual([dry.TypeName, dry.DeletionId, dry.DeletionSummary], [RACK, undefined, SUMMARY])
    assert.deepEqual(await deletions(), [])
    assert.equal(await having(), 3)

    const ClientToken = '00000000-0000-4000-8000-000000000000'
    const { DeletionId, DeletionSummary } = await remove({ ClientToken })
    assert.deepEqual(DeletionSummary, SUMMARY)
    await server.settle()
    assert.equal(await having(), 0)
    const [done] = await deletions({ DeletionId })
    assert.deepEqual([done!.LastStatus, done!.LastStatusMessage], ['Complete', 'Deletion is successful'])
    assert.deepEqual(
      [
        done!.DeletionSummary!.TotalCount,
        done!.DeletionSummary!.RemainingCount,
        done!.DeletionSummary!.SummaryItems![0],
      ],
      [3, 0, { Version: '1.0', Count: 2, RemainingCount: 0 }],
    )
    assert.equal((await remove({ ClientToken })).DeletionId, DeletionId)
    await assert.rejects(remove({ ClientToken, SchemaDeleteOption: 'DeleteSchema' }), {
      name: 'InvalidDeleteInventoryParametersException',
    })
    assert.equal((await deletions()).length, 1)
    assert.equal((await schema()).length, 1)

    await inventory.put(ids[0]!, item(RACK, [{ Place: 'again' }]))
    assert.equal(await having(), 1)
    await server.settle()
    assert.equal(await having(), 1)
    await remove({ SchemaDeleteOption: 'DeleteSchema' })
    await server.settle()
    assert.deepEqual(await schema(), [])
    assert.equal((await deletions({ MaxResults: 1 })).length, 1)
  })
}

test('INV-15 INV-17 a disabled version is ignored, with an event and a message', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const { inventory, ids, remove, schema, having } = await racks(server)
  const pattern = { 'detail-type': ['Inventory Resource State Change'] }
  await webhookRule(server.client(EventBridgeClient), 'inventory', receiver.url, pattern)
  await remove({ SchemaDeleteOption: 'DisableSchema' })
  await server.settle()
  assert.equal((await schema()).length, 1)
  const sentence =
    'The inventory item with type name Custom:Rack was sent with a disabled schema version 1.0. You must send a version greater than 2.0'
  const { Message } = await inventory.put(ids[0]!, item(RACK, [{ Place: 'B' }]))
  assert.equal(Message, sentence)
  assert.equal(await having(), 0)
  await inventory.put(ids[0]!, item(RACK, [{ Place: 'B' }], { SchemaVersion: '2.1' }))
  assert.equal(await having(), 1)
  await server.settle()
  const details = receiver.received.map(({ body }) => JSON.parse(body).detail as Record<string, string>)
  assert.deepEqual(details.map(({ action }) => action).sort(), ['delete', 'delete', 'delete', 'delete-summary', 'put'])
  assert.deepEqual(
    details.find(({ action }) => action === 'put'),
    {
      'action-status': 'failed',
      action: 'put',
      'resource-type': 'managed-instance',
      'resource-id': ids[0],
      'action-reason': sentence,
      'type-name': RACK,
    },
  )
  assert.equal(
    details.find(({ action }) => action === 'delete-summary')!['action-reason'],
    'The delete for type name Custom:Rack was completed. The deletion summary is: ' +
      '{"totalCount":3,"remainingCount":0,"summaryItems":[{"version":"1.0","count":2,"remainingCount":0},' +
      '{"version":"2.0","count":1,"remainingCount":0}]}',
  )
})

test('INV-15 what is no custom type is not deleted', async () => {
  await using server = await startServer()
  const { remove, deletions } = await racks(server)
  await assert.rejects(remove({ TypeName: 'AWS:Application' }), { name: 'InvalidTypeNameException' })
  await assert.rejects(remove({ TypeName: 'Custom:Unknown' }), { name: 'InvalidTypeNameException' })
  await assert.rejects(remove({ SchemaDeleteOption: 'Perhaps' as 'DeleteSchema' }), { name: 'ValidationException' })
  await assert.rejects(deletions({ DeletionId: '00000000-0000-4000-8000-000000000000' }), {
    name: 'InvalidDeletionIdException',
  })
})
