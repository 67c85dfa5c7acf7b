import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { DeleteBucketCommand, DeleteBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import {
  AddTagsToResourceCommand,
  DeleteResourceDataSyncCommand,
  DeregisterManagedInstanceCommand,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { ComplianceClient, item as complianceItem } from '#capabilities/compliance/testing/compliance-client.ts'
import { Inventory, item, packages } from '#capabilities/inventory/testing/inventory.ts'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { keyOf, SyncClient } from './testing/sync-client.ts'

const MINUTE = 60_000
const DONE = { LastStatus: 'Successful', LastSyncStatusMessage: 'The sync was successfully completed' }

/** A server with a node that reported packages, and a bucket. */
async function start(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options)
  const node = await FakeNode.enrol(server)
  const inventory = new Inventory(server)
  await inventory.put(node.id, packages('bash 5', 'curl 8'))
  return { server, node, inventory, syncs: new SyncClient(server) }
}

async function statusOf(syncs: SyncClient, name = 'all') {
  const { LastStatus, LastSyncStatusMessage } = await syncs.one(name)
  return { LastStatus, LastSyncStatusMessage }
}

function forget({ ssm }: SyncClient, InstanceId: string) {
  return ssm.send(new DeregisterManagedInstanceCommand({ InstanceId }))
}

for (const database of DATABASES) {
  test(`EXP-06 CMP-09 the bucket holds what is known of the nodes in AWS's layout, and follows it (${database})`, async () => {
    const { server, node, inventory, syncs } = await start({ database })
    await using _ = server
    const compliance = new ComplianceClient(server)
    await inventory.put(node.id, item('Custom:Rack', [{ Place: 'A 7' }]))
    await compliance.put(node.id, {
      ComplianceType: 'Association',
      ExecutionSummary: { ExecutionTime: new Date('2026-11-21T10:10:10.500Z'), ExecutionId: 'run-1' },
      Items: [
        complianceItem('a NON_COMPLIANT HIGH', { Title: 'Web', Details: { DocumentName: 'AWS-RunShellScript' } }),
      ],
    })
    await syncs.makeBucket()
    await syncs.create('all')
    await server.settle()

    const types = ['AWS:Application', 'AWS:ComplianceItem', 'AWS:ComplianceSummary', 'AWS:InstanceInformation']
    assert.deepEqual(
      await syncs.keys(),
      [...types, 'Custom:Rack'].map((type) => keyOf(type, node.id)),
    )
    const more = { resourceId: node.id, captureTime: '2026-11-21T10:00:00Z', schemaVersion: '1.1' }
    assert.deepEqual(await syncs.lines(keyOf('AWS:Application', node.id)), [
      { Architecture: 'amd64', Name: 'bash', Version: '5', ...more },
      { Architecture: 'amd64', Name: 'curl', Version: '8', ...more },
    ])
    const found = { resourceId: node.id, captureTime: '2026-11-21T10:10:10Z', schemaVersion: '1.0' }
    const run = { ExecutionId: 'run-1', ExecutionTime: '2026-11-21T10:10:10Z', ExecutionType: '' }
    assert.deepEqual(await syncs.lines(keyOf('AWS:ComplianceItem', node.id)), [
      {
        ComplianceType: 'Association',
        ...run,
        Id: 'a',
        Title: 'Web',
        Status: 'NON_COMPLIANT',
        Severity: 'HIGH',
        DocumentName: 'AWS-RunShellScript',
        ...found,
      },
    ])
    const [summary] = await syncs.lines(keyOf('AWS:ComplianceSummary', node.id))
    const { Status, OverallSeverity, NonCompliantHighCount, CompliantHighCount } = summary!
    assert.deepEqual(
      [Status, OverallSeverity, NonCompliantHighCount, CompliantHighCount],
      ['NON_COMPLIANT', 'HIGH', '1', '0'],
    )
    const [told] = await syncs.lines(keyOf('AWS:InstanceInformation', node.id))
    assert.deepEqual([told?.InstanceId, told?.PlatformName, told?.resourceId], [node.id, 'Debian GNU/Linux', node.id])
    assert.deepEqual(await statusOf(syncs), DONE)

    const before = await syncs.head(keyOf('Custom:Rack', node.id))
    await inventory.put(node.id, packages('bash 6'))
    const ofNode = { ResourceType: 'ManagedInstance', ResourceId: node.id } as const
    await syncs.ssm.send(new AddTagsToResourceCommand({ ...ofNode, Tags: [{ Key: 'role', Value: 'web' }] }))
    await server.advance(MINUTE)
    const [bash, ...others] = await syncs.lines(keyOf('AWS:Application', node.id))
    assert.deepEqual([bash?.Version, others.length], ['6', 0])
    const [tag] = await syncs.lines(keyOf('AWS:Tag', node.id))
    assert.deepEqual([tag?.Key, tag?.Value, tag?.resourceId], ['role', 'web', node.id])
    // What is the same is not written again.
    assert.deepEqual((await syncs.head(keyOf('Custom:Rack', node.id))).LastModified, before.LastModified)

    await syncs.ssm.send(new RemoveTagsFromResourceCommand({ ...ofNode, TagKeys: ['role'] }))
    await compliance.put(node.id, { ComplianceType: 'Association', Items: [] })
    await server.advance(MINUTE)
    assert.deepEqual(
      await syncs.keys(),
      ['AWS:Application', 'AWS:InstanceInformation', 'Custom:Rack'].map((type) => keyOf(type, node.id)),
    )
    await forget(syncs, node.id)
    await server.advance(MINUTE)
    assert.deepEqual(await syncs.keys(), [])
  })

  test(`EXP-08 a failure is told with its reason, and mended by itself (${database})`, async () => {
    const { server, node, syncs } = await start({ database })
    await using _ = server
    await syncs.makeBucket()
    await syncs.create('all', { Prefix: 'fleet/' })
    await server.settle()
    const keys = await syncs.keys('fleet/AWS:Application/')
    assert.deepEqual(keys, [`fleet/${keyOf('AWS:Application', node.id)}`])
    const succeeded = (await syncs.one('all')).LastSuccessfulSyncTime

    for (const key of await syncs.keys()) await syncs.remove(key)
    await syncs.s3.send(new DeleteBucketCommand({ Bucket: 'box' }))
    await server.advance(MINUTE)
    assert.deepEqual(await statusOf(syncs), {
      LastStatus: 'Failed',
      LastSyncStatusMessage: 'S3 write failed for bucket box: The specified bucket does not exist',
    })
    const failed = await syncs.one('all')
    assert.deepEqual(failed.LastSuccessfulSyncTime, succeeded)
    assert.ok(failed.LastSyncTime! > succeeded!)

    // Another bucket of the name is empty, so everything is written again.
    await syncs.makeBucket()
    await server.advance(MINUTE)
    assert.deepEqual(await statusOf(syncs), DONE)
    assert.deepEqual(await syncs.keys('fleet/AWS:Application/'), keys)
  })
}

test('EXP-06 what a sync wrote stays in the bucket when the sync is deleted; made again it writes all again', async () => {
  const { server, node, syncs } = await start()
  await using _ = server
  await syncs.makeBucket()
  await syncs.create('all')
  await server.settle()
  await syncs.ssm.send(new DeleteResourceDataSyncCommand({ SyncName: 'all' }))
  await forget(syncs, node.id)
  await server.advance(MINUTE)
  assert.equal((await syncs.keys()).length, 2)
  for (const key of await syncs.keys()) await syncs.remove(key)

  const another = await FakeNode.enrol(server)
  await syncs.create('all')
  await server.settle()
  assert.deepEqual(await syncs.keys(), [keyOf('AWS:InstanceInformation', another.id)])
})

test('EXP-06 compliance that a node told as inventory is beside the other', async () => {
  const { server, node, inventory, syncs } = await start()
  await using _ = server
  const Context = { ComplianceType: 'Patch', ExecutionTime: '2026-11-21T10:00:00Z' }
  await inventory.put(node.id, item('AWS:ComplianceItem', [{ Id: 'p', Status: 'COMPLIANT' }], { Context }))
  await new ComplianceClient(server).put(node.id)
  await syncs.makeBucket()
  await syncs.create('all')
  await server.settle()
  const lines = await syncs.lines(keyOf('AWS:ComplianceItem', node.id))
  assert.deepEqual(
    lines.map(({ ComplianceType, Id }) => [ComplianceType, Id]),
    [
      ['Patch', 'p'],
      ['Custom:Disk', 'a'],
    ],
  )
})

test('EXP-06 objects are encrypted with the key that the sync names', async () => {
  const { server, node, syncs } = await start()
  await using _ = server
  const { KeyMetadata } = await server.client(KMSClient).send(new CreateKeyCommand())
  await syncs.makeBucket()
  await syncs.create('all', { AWSKMSKeyARN: KeyMetadata!.Arn! })
  await server.settle()
  const { ServerSideEncryption, SSEKMSKeyId, ContentType } = await syncs.head(keyOf('AWS:Application', node.id))
  assert.deepEqual([ServerSideEncryption, SSEKMSKeyId, ContentType], ['aws:kms', KeyMetadata!.Arn, 'application/json'])
  assert.equal((await syncs.lines(keyOf('AWS:Application', node.id))).length, 2)
})

test('EXP-06 a policy of the bucket may keep the service out', async () => {
  const { server, syncs } = await start()
  await using _ = server
  await syncs.makeBucket()
  const statement = {
    Effect: 'Deny',
    Principal: { Service: 'ssm.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::box/*',
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:ssm:*:000000000000:resource-data-sync/*' } },
  }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await syncs.s3.send(new PutBucketPolicyCommand({ Bucket: 'box', Policy }))
  await syncs.create('all')
  await server.settle()
  assert.deepEqual(await statusOf(syncs), {
    LastStatus: 'Failed',
    LastSyncStatusMessage:
      'S3 write failed for bucket box: The policy of the bucket does not let ssm.amazonaws.com do s3:PutObject.',
  })
  assert.deepEqual(await syncs.keys(), [])
})

test('EXP-06 what is refused keeps nothing else from the bucket', async () => {
  const { server, node, syncs } = await start()
  await using _ = server
  await syncs.makeBucket()
  const statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::box/AWS:Application/*',
  }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await syncs.s3.send(new PutBucketPolicyCommand({ Bucket: 'box', Policy }))
  await syncs.create('all')
  const another = await FakeNode.enrol(server)
  await server.advance(MINUTE)
  assert.equal((await statusOf(syncs)).LastStatus, 'Failed')
  const ids = [node.id, another.id].sort()
  assert.deepEqual(
    await syncs.keys(),
    ids.map((id) => keyOf('AWS:InstanceInformation', id)),
  )
  await syncs.s3.send(new DeleteBucketPolicyCommand({ Bucket: 'box' }))
  await server.advance(MINUTE)
  assert.deepEqual(await statusOf(syncs), DONE)
  assert.deepEqual(await syncs.keys('AWS:Application/'), [keyOf('AWS:Application', node.id)])
})

test('EXP-06 a bucket that is not here is sought at the service that the operator named', async () => {
  await using remote = await startServer()
  const { server, node, syncs } = await withBucketsAt(remote)
  await using _ = server
  await syncs.create('all', { Prefix: 'a b/ü' })
  await server.settle()
  assert.match(
    (await statusOf(syncs)).LastSyncStatusMessage!,
    /box: 127.0.0.1:\d+ answered 404, NoSuchBucket, The specified/,
  )

  await syncs.makeBucket()
  await server.advance(MINUTE)
  assert.deepEqual(await statusOf(syncs), DONE)
  assert.equal((await syncs.lines(`a b/ü/${keyOf('AWS:Application', node.id)}`)).length, 2)
  await forget(syncs, node.id)
  await server.advance(MINUTE)
  assert.deepEqual(await syncs.keys(), [])
})

async function withBucketsAt(remote: TestServer) {
  const { accessKeyId, secretAccessKey } = remote.house.rootKey
  const address = remote.url.replace('//', `//${accessKeyId}:${encodeURIComponent(secretAccessKey)}@`)
  const started = await start({ env: { STEWARD_S3_URL: address } })
  return { ...started, syncs: new SyncClient(started.server, remote) }
}
