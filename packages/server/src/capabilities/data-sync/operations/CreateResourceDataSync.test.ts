import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import {
  CreateResourceDataSyncCommand,
  type CreateResourceDataSyncCommandInput,
  DeleteResourceDataSyncCommand,
  ListResourceDataSyncCommand,
  paginateListResourceDataSync,
  type ResourceDataSyncSource,
  SSMClient,
  UpdateResourceDataSyncCommand,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer } from '@steward/testkit'
import { aUser } from '#iam/testing/a-user.ts'
import { SyncClient } from '../testing/sync-client.ts'

const INVALID = 'ResourceDataSyncInvalidConfigurationException'
const BOX = { BucketName: 'box', SyncFormat: 'JsonSerDe', Region: 'us-east-1' } as const
const REGIONS: ResourceDataSyncSource = { SourceType: 'SingleAccountMultiRegions', SourceRegions: ['us-east-1'] }

async function start(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options)
  const syncs = new SyncClient(server)
  await syncs.makeBucket()
  const { ssm } = syncs
  const create = (SyncName: string, more: Partial<CreateResourceDataSyncCommandInput> = {}) =>
    ssm.send(new CreateResourceDataSyncCommand({ SyncName, ...more }))
  return { server, syncs, ssm, create }
}

for (const database of DATABASES) {
  test(`EXP-06 EXP-07 EXP-08 syncs are made, listed by type and in pages, and deleted (${database})`, async () => {
    const { server, ssm, create } = await start({ database })
    await using _ = server
    const destination = { ...BOX, Prefix: 'p', DestinationDataSharing: { DestinationDataSharingType: 'Organization' } }
    await create('to', { S3Destination: destination })
    await create('from', { SyncType: 'SyncFromSource', SyncSource: { ...REGIONS, IncludeFutureRegions: true } })
    await server.settle()
    const { ResourceDataSyncItems: [from, to] = [], NextToken } = await ssm.send(new ListResourceDataSyncCommand())
    assert.equal(NextToken, undefined)
    const { SyncCreatedTime, SyncLastModifiedTime, LastSyncTime, LastSuccessfulSyncTime, ...rest } = to!
    assert.deepEqual(rest, {
      SyncName: 'to',
      SyncType: 'SyncToDestination',
      S3Destination: destination,
      LastStatus: 'Successful',
      LastSyncStatusMessage: 'The sync was successfully completed',
    })
    assert.deepEqual(SyncCreatedTime, SyncLastModifiedTime)
    assert.ok(LastSyncTime! >= SyncCreatedTime! && LastSuccessfulSyncTime! >= SyncCreatedTime!)
    assert.deepEqual(from!.SyncSource, { ...REGIONS, IncludeFutureRegions: true })
    assert.equal(from!.S3Destination, undefined)
    assert.equal(from!.LastStatus, 'Successful')

    const names = async (input: { SyncType?: string; MaxResults?: number }) => {
      const found: (string | undefined)[] = []
      for await (const { ResourceDataSyncItems = [] } of paginateListResourceDataSync({ client: ssm }, input))
        found.push(...ResourceDataSyncItems.map(({ SyncName }) => SyncName))
      return found
    }
    assert.deepEqual(await names({ SyncType: 'SyncToDestination' }), ['to'])
    assert.deepEqual(await names({ SyncType: 'SyncFromSource' }), ['from'])
    assert.deepEqual(await names({ MaxResults: 1 }), ['from', 'to'])

    const remove = (SyncName: string, SyncType?: string) =>
      ssm.send(new DeleteResourceDataSyncCommand({ SyncName, ...(SyncType && { SyncType }) }))
    await assert.rejects(remove('to', 'SyncFromSource'), { name: 'ResourceDataSyncNotFoundException' })
    await remove('to')
    await remove('from', 'SyncFromSource')
    await assert.rejects(remove('to'), {
      name: 'ResourceDataSyncNotFoundException',
      message: 'The specified sync name was not found.',
    })
    assert.deepEqual(await names({}), [])
  })
}

test('EXP-08 only syncs from sources are updated', async () => {
  const { server, ssm, create } = await start()
  await using _ = server
  await create('to', { S3Destination: BOX })
  await create('from', { SyncType: 'SyncFromSource', SyncSource: REGIONS })
  const update = (SyncName: string, SyncType: string, SyncSource = REGIONS) =>
    ssm.send(new UpdateResourceDataSyncCommand({ SyncName, SyncType, SyncSource }))
  await server.advance(1000)
  await update('from', 'SyncFromSource', { ...REGIONS, SourceRegions: ['eu-west-1', 'us-east-1'] })
  const { ResourceDataSyncItems: [from] = [] } = await ssm.send(new ListResourceDataSyncCommand())
  assert.deepEqual(from!.SyncSource!.SourceRegions, ['eu-west-1', 'us-east-1'])
  assert.ok(from!.SyncLastModifiedTime! > from!.SyncCreatedTime!)
  await assert.rejects(update('to', 'SyncToDestination'), { name: INVALID, message: /Only syncs of the type/ })
  await assert.rejects(update('to', 'SyncFromSource'), { name: 'ResourceDataSyncNotFoundException' })
  await assert.rejects(update('none', 'SyncFromSource'), { name: 'ResourceDataSyncNotFoundException' })
  await assert.rejects(update('from', 'SyncFromSource', { ...REGIONS, SourceRegions: [] }), { name: INVALID })
})

test('EXP-08 a name is used once, in its Region, and there are five syncs of a type at most', async () => {
  const { server, create } = await start()
  await using _ = server
  for (const number of [1, 2, 3, 4, 5]) await create(`to-${number}`, { S3Destination: BOX })
  await assert.rejects(create('to-1', { S3Destination: BOX }), {
    name: 'ResourceDataSyncAlreadyExistsException',
    message: /^A sync configuration with the same name already exists/,
  })
  await assert.rejects(create('to-6', { S3Destination: BOX }), {
    name: 'ResourceDataSyncCountExceededException',
    message: /^You have exceeded the allowed maximum sync configurations/,
  })
  await create('from', { SyncType: 'SyncFromSource', SyncSource: REGIONS })
  const elsewhere = server.client(SSMClient, { region: 'eu-west-1' })
  await elsewhere.send(new CreateResourceDataSyncCommand({ SyncName: 'to-1', S3Destination: BOX }))
})

test('EXP-06 EXP-07 what cannot be synced is refused with the reason', async () => {
  const { server, create } = await start()
  await using _ = server
  const refused = (more: Partial<CreateResourceDataSyncCommandInput>, message: RegExp, name = INVALID) =>
    assert.rejects(create('x', more), { name, message })
  const to = (more: object) => ({ S3Destination: { ...BOX, ...more } })
  const from = (more: object) => ({ SyncType: 'SyncFromSource', SyncSource: { ...REGIONS, ...more } })
  await refused({}, /^The specified sync configuration is invalid\. SyncToDestination takes an S3Destination/)
  await refused({ SyncType: 'Sideways', S3Destination: BOX }, /SyncToDestination or SyncFromSource/)
  await refused({ S3Destination: BOX, SyncSource: REGIONS }, /takes no SyncSource/)
  await refused(to({ BucketName: 'none' }), /S3 write failed for bucket none: The specified bucket does not exist/)
  await refused(to({ Region: 'eu-west-1' }), /S3 write failed for bucket box: It is in the Region us-east-1/)
  await refused(to({ AWSKMSKeyARN: 'arn:aws:kms:us-east-1:000000000000:key/none' }), /key\/none does not exist/)
  await refused(to({ AWSKMSKeyARN: 'arn:aws:kms:eu-west-1:000000000000:key/none' }), /does not exist in the bucket's/)
  await refused(to({ AWSKMSKeyARN: 'arn:nothing' }), /arn:nothing does not exist/)
  await refused(to({ DestinationDataSharing: { DestinationDataSharingType: 'World' } }), /is Organization/)
  await refused(to({ SyncFormat: 'Csv' }), /JsonSerDe/, 'ValidationException')
  await refused({ SyncType: 'SyncFromSource' }, /takes a SyncSource/)
  await refused({ ...from({}), S3Destination: BOX }, /takes no S3Destination/)
  await refused(from({ SourceType: 'AwsOrganizations' }), /in no organization/)
  await refused(from({ SourceType: 'Other' }), /SourceType is/)
  await refused(from({ SourceRegions: [] }), /no SourceRegions/)
  await refused(from({ SourceRegions: ['a', 'a'] }), /a Region twice/)
  await refused(from({ SourceRegions: ['a b'] }), /a b is no Region/)
  await assert.rejects(create('x'.repeat(65), { S3Destination: BOX }), { name: 'ValidationException', message: /64/ })
})

test('EXP-06 who has a bucket written into may write there, or the policy of the bucket lets the service', async () => {
  const { server, syncs } = await start()
  await using _ = server
  await syncs.s3.send(new CreateBucketCommand({ Bucket: 'open' }))
  const allowed = {
    Effect: 'Allow',
    Principal: { Service: 'ssm.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::open/*/accountid=000000000000/*',
    Condition: {
      StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': '000000000000' },
      ArnLike: { 'aws:SourceArn': 'arn:aws:ssm:*:000000000000:resource-data-sync/*' },
    },
  }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [allowed] })
  await syncs.s3.send(new PutBucketPolicyCommand({ Bucket: 'open', Policy }))
  const create = { Effect: 'Allow', Action: 'ssm:CreateResourceDataSync', Resource: '*' }
  const write = { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::box/mine/*' }
  const as = async (name: string, ...statements: object[]) => {
    const ssm = server.client(SSMClient, { credentials: await aUser(server, name, { statements }) })
    return (SyncName: string, more: object) =>
      ssm.send(new CreateResourceDataSyncCommand({ SyncName, S3Destination: { ...BOX, ...more } }))
  }
  const creator = await as('creator', create)
  await assert.rejects(creator('a', {}), { name: 'AccessDeniedException', message: /s3:PutObject/ })
  await creator('b', { BucketName: 'open' })
  const writer = await as('writer', create, write)
  await writer('c', { Prefix: 'mine' })
  await assert.rejects(writer('d', {}), { name: 'AccessDeniedException' })
  const stranger = await as('stranger')
  await assert.rejects(stranger('e', { BucketName: 'open' }), {
    name: 'AccessDeniedException',
    message: /ssm:CreateResourceDataSync on resource: arn:aws:ssm:us-east-1:000000000000:resource-data-sync\/e/,
  })
})
