import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketCorsCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { DATABASES, startServer } from '@steward/testkit'
import { rawCall } from '#door/testing/raw-call.ts'
import { allowUser, aUser } from '#iam/testing/a-user.ts'

const DAY_MS = 86_400_000

for (const database of DATABASES) {
  test(`buckets are made, listed, found and deleted (${database})`, async () => {
    await using server = await startServer({ database })
    const s3 = server.client(S3Client)
    for (const Bucket of ['b-two', 'b-one', 'other']) {
      const { Location, BucketArn } = await s3.send(new CreateBucketCommand({ Bucket }))
      assert.equal(BucketArn, `arn:aws:s3:::${Bucket}`)
      assert.equal(Location, `/${Bucket}`)
    }
    const names = async (more: object) => (await s3.send(new ListBucketsCommand(more))).Buckets?.map(({ Name }) => Name)
    assert.deepEqual(await names({}), ['b-one', 'b-two', 'other'])
    assert.deepEqual(await names({ Prefix: 'b-' }), ['b-one', 'b-two'])
    const { ContinuationToken } = await s3.send(new ListBucketsCommand({ MaxBuckets: 1 }))
    assert.deepEqual(await names({ ContinuationToken }), ['b-two', 'other'])
    assert.equal((await s3.send(new HeadBucketCommand({ Bucket: 'other' }))).BucketRegion, 'us-east-1')
    await s3.send(new PutObjectCommand({ Bucket: 'other', Key: 'x', Body: 'x' }))
    await assert.rejects(s3.send(new DeleteBucketCommand({ Bucket: 'other' })), { name: 'BucketNotEmpty' })
    await s3.send(new DeleteBucketCommand({ Bucket: 'b-one' }))
    await assert.rejects(s3.send(new HeadBucketCommand({ Bucket: 'b-one' })), { name: 'NotFound' })
    await assert.rejects(s3.send(new ListObjectsV2Command({ Bucket: 'b-one' })), {
      name: 'NoSuchBucket',
      message: 'The specified bucket does not exist',
    })
  })
}

test('names, Regions and repetitions are judged as S3 judges them', async () => {
  await using server = await startServer()
  const s3 = server.client(S3Client)
  for (const Bucket of ['ab', 'Upper', 'under_score', 'a..b', '1.2.3.4', '-a-b', 'xn--abc', 'abc-s3alias']) {
    await assert.rejects(s3.send(new CreateBucketCommand({ Bucket })), { name: 'InvalidBucketName' }, Bucket)
  }
  await s3.send(new CreateBucketCommand({ Bucket: 'box' }))
  await s3.send(new CreateBucketCommand({ Bucket: 'box' }))
  const tagged = { Tags: [{ Key: 'a', Value: 'b' }] }
  const again = s3.send(new CreateBucketCommand({ Bucket: 'box', CreateBucketConfiguration: tagged }))
  await assert.rejects(again, { name: 'BucketAlreadyOwnedByYou' })
  const location = (LocationConstraint: 'eu-west-1' | 'us-west-2') => ({
    CreateBucketConfiguration: { LocationConstraint },
  })
  const illegal = new CreateBucketCommand({ Bucket: 'far', ...location('eu-west-1') })
  await assert.rejects(s3.send(illegal), { name: 'InvalidLocationConstraint' })
  const far = server.client(S3Client, { region: 'eu-west-1' })
  await assert.rejects(far.send(new CreateBucketCommand({ Bucket: 'far', ...location('us-west-2') })), {
    name: 'IllegalLocationConstraintException',
  })
  await far.send(new CreateBucketCommand({ Bucket: 'far', ...location('eu-west-1') }))
  await assert.rejects(far.send(new CreateBucketCommand({ Bucket: 'far', ...location('eu-west-1') })), {
    name: 'BucketAlreadyOwnedByYou',
  })
  const where = async (Bucket: string) => (await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint
  assert.deepEqual([await where('box'), await where('far')], [undefined, 'eu-west-1'])
})

test('a new bucket is what AWS makes it: encrypted, closed to the public, owned by its owner', async () => {
  await using server = await startServer()
  const s3 = server.client(S3Client)
  const box = { Bucket: 'box' }
  await s3.send(new CreateBucketCommand(box))
  const encryption = await s3.send(new GetBucketEncryptionCommand(box))
  assert.deepEqual(encryption.ServerSideEncryptionConfiguration?.Rules, [
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
  ])
  const block = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true }
  assert.deepEqual((await s3.send(new GetPublicAccessBlockCommand(box))).PublicAccessBlockConfiguration, block)
  await s3.send(new DeletePublicAccessBlockCommand(box))
  await assert.rejects(s3.send(new GetPublicAccessBlockCommand(box)), { name: 'NoSuchPublicAccessBlockConfiguration' })
  const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand(box))
  assert.deepEqual(OwnershipControls?.Rules, [{ ObjectOwnership: 'BucketOwnerEnforced' }])
  assert.equal((await s3.send(new GetBucketAclCommand(box))).Grants?.[0]?.Permission, 'FULL_CONTROL')
  assert.equal((await s3.send(new GetBucketVersioningCommand(box))).Status, undefined)
  const versioning = { ...box, VersioningConfiguration: { Status: 'Enabled' as const } }
  await assert.rejects(s3.send(new PutBucketVersioningCommand(versioning)), { name: 'NotImplemented' })
  await assert.rejects(s3.send(new GetBucketReplicationCommand(box)), {
    name: 'ReplicationConfigurationNotFoundError',
  })
  await assert.rejects(s3.send(new GetBucketTaggingCommand(box)), { name: 'NoSuchTagSet' })
  const TagSet = [{ Key: 'team', Value: 'a' }]
  await s3.send(new PutBucketTaggingCommand({ ...box, Tagging: { TagSet } }))
  assert.deepEqual((await s3.send(new GetBucketTaggingCommand(box))).TagSet, TagSet)
  await s3.send(new PutBucketTaggingCommand({ ...box, Tagging: { TagSet: [] } }))
  await assert.rejects(s3.send(new GetBucketTaggingCommand(box)), { name: 'NoSuchTagSet', BucketName: 'box' })
  await s3.send(new PutBucketTaggingCommand({ ...box, Tagging: { TagSet } }))
})

test('X-15 a bucket’s policy allows and denies beside the policies of users', async () => {
  await using server = await startServer()
  const s3 = server.client(S3Client)
  const box = { Bucket: 'box' }
  await s3.send(new CreateBucketCommand(box))
  for (const Key of ['open', 'closed']) await s3.send(new PutObjectCommand({ ...box, Key, Body: Key }))
  const ann = server.client(S3Client, { credentials: await aUser(server, 'ann') })
  const get = (Key: string) => ann.send(new GetObjectCommand({ ...box, Key }))
  await assert.rejects(get('open'), { name: 'AccessDenied' })
  const statement = (Effect: string, Resource: string) => ({
    Effect,
    Principal: { AWS: 'arn:aws:iam::000000000000:user/ann' },
    Action: 's3:GetObject',
    Resource,
  })
  const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
  const set = (Policy: string) => s3.send(new PutBucketPolicyCommand({ ...box, Policy }))
  const text = policy(statement('Allow', 'arn:aws:s3:::box/*'), statement('Deny', 'arn:aws:s3:::box/closed'))
  await set(text)
  assert.equal((await s3.send(new GetBucketPolicyCommand(box))).Policy, text)
  await get('open')
  await assert.rejects(get('closed'), { name: 'AccessDenied' })
  // Who may not list does not learn what is not there.
  await assert.rejects(get('none'), { name: 'AccessDenied', message: 'Access Denied' })
  await allowUser(server, 'ann', [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::box' }])
  await assert.rejects(get('none'), { name: 'NoSuchKey' })
  for (const wrong of [
    'text',
    policy(statement('Allow', 'arn:aws:s3:::other/*')),
    policy({ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::box' }),
    policy({ ...statement('Allow', 'arn:aws:s3:::box'), Action: 'ec2:*' }),
  ]) {
    await assert.rejects(set(wrong), { name: 'MalformedPolicy' }, wrong)
  }
  await s3.send(new DeleteBucketPolicyCommand(box))
  await assert.rejects(s3.send(new GetBucketPolicyCommand(box)), { name: 'NoSuchBucketPolicy' })
  await assert.rejects(get('open'), { name: 'AccessDenied' })
})

test('X-15 what a bucket’s policy denies to everybody it denies to the root, who can still take the policy away', async () => {
  await using server = await startServer()
  const s3 = server.client(S3Client)
  const box = { Bucket: 'box' }
  const put = (Key: string) => s3.send(new PutObjectCommand({ ...box, Key, Body: Key }))
  const set = (...Statement: object[]) =>
    s3.send(new PutBucketPolicyCommand({ ...box, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }))
  const statement = (more: object) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ANY, ...more })
  const ANY = ['arn:aws:s3:::box', 'arn:aws:s3:::box/*']
  await s3.send(new CreateBucketCommand(box))
  await set(statement({ Resource: 'arn:aws:s3:::box/closed' }))
  await put('open')
  await assert.rejects(put('closed'), {
    name: 'AccessDenied',
    message:
      'User: arn:aws:iam::000000000000:root is not authorized to perform: s3:PutObject on resource: ' +
      'arn:aws:s3:::box/closed with an explicit deny in a resource-based policy',
  })
  await set(statement({ Principal: { AWS: 'arn:aws:iam::000000000000:root' } }))
  await assert.rejects(put('open'), { name: 'AccessDenied' })
  await assert.rejects(s3.send(new DeleteBucketCommand(box)), { name: 'AccessDenied' })
  await s3.send(new GetBucketPolicyCommand(box))
  await set(
    statement({
      Condition: { StringNotEquals: { 'aws:SourceIp': '10.0.0.1' }, Bool: { 'aws:SecureTransport': 'true' } },
    }),
  )
  await put('open')
  await set(statement({ Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::000000000000:root' } }))
  await put('open')
  await set(statement({}))
  await s3.send(new DeleteBucketPolicyCommand(box))
  await put('closed')
})

test('X-14 policies of users are about prefixes, headers and tags of requests to S3', async () => {
  await using server = await startServer()
  const s3 = server.client(S3Client)
  const box = { Bucket: 'box' }
  await s3.send(new CreateBucketCommand(box))
  const credentials = await aUser(server, 'ann')
  const allow = (Action: string, Resource: string, Condition: object) => ({
    Effect: 'Allow',
    Action,
    Resource,
    Condition,
  })
  await allowUser(server, 'ann', [
    allow('s3:ListBucket', 'arn:aws:s3:::box', { StringLike: { 's3:prefix': 'ann/*' } }),
    allow('s3:PutObject', 'arn:aws:s3:::box/ann/*', { StringEquals: { 's3:x-amz-server-side-encryption': 'AES256' } }),
    allow('s3:GetObject', 'arn:aws:s3:::box/*', { StringEquals: { 's3:ExistingObjectTag/open': 'yes' } }),
  ])
  const ann = server.client(S3Client, { credentials })
  await ann.send(new ListObjectsV2Command({ ...box, Prefix: 'ann/x' }))
  await assert.rejects(ann.send(new ListObjectsV2Command(box)), { name: 'AccessDenied' })
  const put = (Key: string, more: object = {}) => ann.send(new PutObjectCommand({ ...box, Key, Body: 'x', ...more }))
  await put('ann/x', { ServerSideEncryption: 'AES256' })
  await assert.rejects(put('ann/x'), { name: 'AccessDenied' })
  await assert.rejects(put('bob/x', { ServerSideEncryption: 'AES256' }), { name: 'AccessDenied' })
  await assert.rejects(put('ann/x', { ServerSideEncryption: 'AES256', Tagging: 'open=yes' }), { name: 'AccessDenied' })
  await s3.send(new PutObjectCommand({ ...box, Key: 'tagged', Body: 'x', Tagging: 'open=yes' }))
  await ann.send(new GetObjectCommand({ ...box, Key: 'tagged' }))
  await assert.rejects(ann.send(new GetObjectCommand({ ...box, Key: 'ann/x' })), { name: 'AccessDenied' })
})

test('pages of other origins may what the rules of the bucket say, and browsers are told so', async () => {
  await using server = await startServer()
  const s3 = server.client(S3Client)
  const box = { Bucket: 'box' }
  await s3.send(new CreateBucketCommand(box))
  await assert.rejects(s3.send(new GetBucketCorsCommand(box)), { name: 'NoSuchCORSConfiguration' })
  const CORSRules = [
    {
      AllowedMethods: ['PUT', 'GET'],
      AllowedOrigins: ['https://*.example.com'],
      AllowedHeaders: ['content-*'],
      ExposeHeaders: ['ETag'],
      MaxAgeSeconds: 60,
    },
  ]
  await s3.send(new PutBucketCorsCommand({ ...box, CORSConfiguration: { CORSRules } }))
  assert.deepEqual((await s3.send(new GetBucketCorsCommand(box))).CORSRules, CORSRules)
  const ask = (origin: string, method: string, headers = 'content-type') =>
    rawCall(server, {
      method: 'OPTIONS',
      target: '/box/key',
      credentials: null,
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': headers,
      },
    })
  const allowed = await ask('https://a.example.com', 'PUT')
  assert.equal(allowed.status, 200)
  assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://a.example.com')
  assert.equal(allowed.headers.get('access-control-allow-methods'), 'PUT, GET')
  assert.equal(allowed.headers.get('access-control-allow-headers'), 'content-type')
  assert.equal(allowed.headers.get('access-control-max-age'), '60')
  assert.equal((await ask('https://example.org', 'PUT')).status, 403)
  assert.equal((await ask('https://a.example.com', 'DELETE')).status, 403)
  assert.equal((await ask('https://a.example.com', 'PUT', 'x-other')).status, 403)
  const headers = { origin: 'https://a.example.com' }
  const missing = await rawCall(server, { service: 's3', method: 'GET', target: '/box/none', headers })
  assert.deepEqual([missing.status, missing.headers.get('access-control-expose-headers')], [404, 'ETag'])
  const two = [{ AllowedMethods: ['GET'], AllowedOrigins: ['https://*.*.com'] }]
  const starry = new PutBucketCorsCommand({ ...box, CORSConfiguration: { CORSRules: two } })
  await assert.rejects(s3.send(starry), { name: 'InvalidRequest' })
  await s3.send(new DeleteBucketCorsCommand(box))
  assert.equal((await ask('https://a.example.com', 'PUT')).status, 403)
})

test('rules of a bucket end objects and uploads when their time is over, and only those', async () => {
  await using server = await startServer()
  const s3 = server.client(S3Client)
  const box = { Bucket: 'box' }
  await s3.send(new CreateBucketCommand(box))
  await assert.rejects(s3.send(new GetBucketLifecycleConfigurationCommand(box)), {
    name: 'NoSuchLifecycleConfiguration',
  })
  for (const Key of ['logs/a', 'kept']) await s3.send(new PutObjectCommand({ ...box, Key, Body: 'x' }))
  await s3.send(new PutObjectCommand({ ...box, Key: 'tagged', Body: 'x', Tagging: 'temporary=yes' }))
  await s3.send(new CreateMultipartUploadCommand({ ...box, Key: 'upload' }))
  const Rules = [
    { ID: 'logs', Status: 'Enabled' as const, Filter: { Prefix: 'logs/' }, Expiration: { Days: 3 } },
    { ID: 'off', Status: 'Disabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 1 } },
    {
      ID: 'tagged',
      Status: 'Enabled' as const,
      Filter: { Tag: { Key: 'temporary', Value: 'yes' } },
      Expiration: { Days: 10 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
    {
      ID: 'markers',
      Status: 'Enabled' as const,
      Filter: { And: { Tags: ['a', 'b'].map((Key) => ({ Key, Value: 'c' })) } },
      Expiration: { ExpiredObjectDeleteMarker: true },
    },
  ]
  await s3.send(new PutBucketLifecycleConfigurationCommand({ ...box, LifecycleConfiguration: { Rules } }))
  assert.deepEqual((await s3.send(new GetBucketLifecycleConfigurationCommand(box))).Rules, Rules)
  const keys = async () => (await s3.send(new ListObjectsV2Command(box))).Contents?.map(({ Key }) => Key)
  await server.advance(2 * DAY_MS)
  assert.deepEqual(await keys(), ['kept', 'logs/a', 'tagged'])
  assert.equal((await s3.send(new ListMultipartUploadsCommand(box))).Uploads, undefined)
  await server.advance(2 * DAY_MS)
  assert.deepEqual(await keys(), ['kept', 'tagged'])
  await server.advance(8 * DAY_MS)
  assert.deepEqual(await keys(), ['kept'])
  const Transitions = [{ Days: 1, StorageClass: 'GLACIER' as const }]
  const moving = { Rules: [{ ID: 'x', Status: 'Enabled' as const, Filter: { Prefix: '' }, Transitions }] }
  const refused = new PutBucketLifecycleConfigurationCommand({ ...box, LifecycleConfiguration: moving })
  await assert.rejects(s3.send(refused), { name: 'NotImplemented' })
})
