import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddTagsToResourceCommand,
  ListTagsForResourceCommand,
  RemoveTagsFromResourceCommand,
  type ResourceTypeForTagging,
  SSMClient,
  type Tag,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { activate, FakeNode } from '#capabilities/nodes/testing/fake-node.ts'

const ResourceType = 'ManagedInstance'

test('X-23 tags are put on a node, listed in order, replaced and taken off', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const node = new FakeNode(server)
  await node.register(await activate(server))
  const add = (Tags: Tag[]) => ssm.send(new AddTagsToResourceCommand({ ResourceType, ResourceId: node.id, Tags }))
  const list = async () =>
    (await ssm.send(new ListTagsForResourceCommand({ ResourceType, ResourceId: node.id }))).TagList

  assert.deepEqual(await list(), [])
  await add([
    { Key: 'role', Value: 'web' },
    { Key: 'empty', Value: '' },
  ])
  await add([{ Key: 'role', Value: 'db' }])
  assert.deepEqual(await list(), [
    { Key: 'empty', Value: '' },
    { Key: 'role', Value: 'db' },
  ])
  await ssm.send(new RemoveTagsFromResourceCommand({ ResourceType, ResourceId: node.id, TagKeys: ['role', 'none'] }))
  assert.deepEqual(await list(), [{ Key: 'empty', Value: '' }])

  const many = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }))
  await assert.rejects(add(many), { name: 'TooManyTagsError' })
  await assert.rejects(add([{ Key: 'aws:mine', Value: 'v' }]), { name: 'ValidationException' })
  assert.deepEqual(await list(), [{ Key: 'empty', Value: '' }])
})

test('X-23 what does not exist cannot be tagged, and is told apart by its error', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const attempt = (type: string, ResourceId: string) => {
    const resource = { ResourceType: type as ResourceTypeForTagging, ResourceId }
    return Promise.allSettled([
      ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'k', Value: 'v' }] })),
      ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ['k'] })),
      ssm.send(new ListTagsForResourceCommand(resource)),
    ]).then((results) => new Set(results.map((result) => (result.status === 'rejected' ? result.reason.name : 'none'))))
  }
  assert.deepEqual(await attempt('ManagedInstance', 'mi-00000000000000000'), new Set(['InvalidResourceId']))
  assert.deepEqual(await attempt('MaintenanceWindow', 'mw-00000000000000000'), new Set(['InvalidResourceId']))
  assert.deepEqual(await attempt('Parameter', '/nothing'), new Set(['InvalidResourceId']))
  assert.deepEqual(await attempt('ManagedInstance', 'i-12345678'), new Set(['InvalidResourceType']))
  assert.deepEqual(await attempt('Bucket', 'x'), new Set(['ValidationException']))
})
