import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AddTagsToResourceCommand, RemoveTagsFromResourceCommand } from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { Inventory, packages } from '#capabilities/inventory/testing/inventory.ts'
import { Groups } from '#capabilities/resource-groups/testing/groups-client.ts'
import { StateManager } from './testing/state-manager.ts'

const onGroup = (name: string) => ({ Targets: [{ Key: 'resource-groups:Name', Values: [name] }] })
const MINUTE_MS = 60_000

for (const database of DATABASES) {
  test(`RG-13 STM-06 an association on a resource group applies to its members, and to a node that becomes a member later (${database})`, async () => {
    await using server = await startServer({ database })
    const state = new StateManager(server)
    const [web, db] = [
      await server.fakeNode({ tags: { role: 'web' } }),
      await server.fakeNode({ tags: { role: 'db' } }),
    ]
    await new Groups(server).tagged('web', 'role', 'web')
    const { id } = await state.create({ ...onGroup('web'), ScheduleExpression: 'rate(1 day)' })
    await server.settle()
    assert.deepEqual([await state.poll(web), await state.poll(db)], [[id], []])

    const resource = { ResourceType: 'ManagedInstance', ResourceId: db.id } as const
    await state.ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'role', Value: 'web' }] }))
    await server.advance(MINUTE_MS)
    assert.deepEqual([await state.poll(web), await state.poll(db)], [[], [id]], 'who has it already is left alone')
    assert.deepEqual((await state.describe(id)).Overview!.AssociationStatusAggregatedCount, { Success: 2 })

    await state.ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ['role'] }))
    await server.advance(MINUTE_MS)
    assert.deepEqual([await state.shownTo(db), await state.statusOn(db)], [[], []])
  })

  test(`RG-15 RG-13 an association on a group by inventory follows what nodes report (${database})`, async () => {
    await using server = await startServer({ database })
    const state = new StateManager(server)
    const inventory = new Inventory(server)
    const [a, b] = [await server.fakeNode(), await server.fakeNode()]
    await inventory.put(a.id, packages('openssl 3.0.9'))
    const InventoryFilters = [
      { Key: 'AWS:Application.Name', Values: ['openssl'] },
      { Key: 'AWS:Application.Version', Values: ['3.0.15'], Type: 'LessThan' },
    ]
    const Query = JSON.stringify({ InventoryFilters })
    await new Groups(server).call('CreateGroup', {
      Name: 'old-ssl',
      ResourceQuery: { Type: 'STEWARD_INVENTORY_1_0', Query },
    })
    const { id } = await state.create({ ...onGroup('old-ssl'), ScheduleExpression: 'rate(1 day)' })
    await server.settle()
    assert.deepEqual([await state.poll(a), await state.poll(b)], [[id], []])

    await inventory.put(b.id, packages('openssl 3.0.2'))
    await inventory.put(a.id, packages('openssl 3.0.15'))
    await server.advance(MINUTE_MS)
    assert.deepEqual([await state.shownTo(a), await state.poll(b)], [[], [id]])
  })
}
