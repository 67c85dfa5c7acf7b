import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAclCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { DATABASES, eventually, startServer, type TestServer, type TestServerOptions } from '@steward/testkit'
import { allowUser, aUser } from '#iam/testing/a-user.ts'

async function start(options?: TestServerOptions) {
  const server = await startServer(options)
  const s3 = server.client(S3Client)
  await s3.send(new CreateBucketCommand({ Bucket: 'box' }))
  const put = (Key: string, Body: PutObjectCommandInput['Body'], more: Partial<PutObjectCommandInput> = {}) =>
    s3.send(new PutObjectCommand({ Bucket: 'box', Key, Body, ...more }))
  const get = async (Key: string, more: object = {}) => {
    const answer = await s3.send(new GetObjectCommand({ Bucket: 'box', Key, ...more }))
    return { ...answer, bytes: Buffer.from(await answer.Body!.transformToByteArray()) }
  }
  return { server, s3, put, get }
}

/** Every file under the folder of contents. */
function files({ data }: TestServer): string[] {
  const folder = join(data, 'objects-test')
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

for (const database of DATABASES) {
  test(`an object comes back as it was put, with all that was said of it (${database})`, async () => {
    const { server, s3, put, get } = await start({ database })
    await using _ = server
    const content = randomBytes(300_000)
    const said = {
      ContentType: 'text/x',
      CacheControl: 'no-store',
      Metadata: { colour: 'blue' },
      Tagging: 'a=1&b=%C3%B6',
    }
    const { ETag } = await put('a/ö b', content, said)
    const found = await get('a/ö b')
    assert.ok(found.bytes.equals(content))
    assert.equal(found.ETag, ETag)
    assert.equal(found.ContentType, 'text/x')
    assert.equal(found.CacheControl, 'no-store')
    assert.deepEqual(found.Metadata, { colour: 'blue' })
    assert.equal(found.TagCount, 2)
    assert.equal(found.ServerSideEncryption, 'AES256')
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: 'box', Key: 'a/ö b' }))
    assert.deepEqual(TagSet, [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: 'ö' },
    ])
    await s3.send(new DeleteObjectCommand({ Bucket: 'box', Key: 'a/ö b' }))
    await s3.send(new DeleteObjectCommand({ Bucket: 'box', Key: 'a/ö b' }))
    await assert.rejects(get('a/ö b'), { name: 'NoSuchKey', message: 'The specified key does not exist.' })
  })
}

test('parts of an object are read by range, and what cannot be is refused', async () => {
  const { server, put, get } = await start()
  await using _ = server
  const content = randomBytes(200_000)
  await put('x', content)
  for (const [Range, from, to] of [
    ['bytes=0-0', 0, 1],
    ['bytes=65530-65545', 65_530, 65_546],
    ['bytes=199990-', 199_990, 200_000],
    ['bytes=-7', 199_993, 200_000],
    ['bytes=100-999999', 100, 200_000],
  ] as const) {
    const { bytes, ContentRange, $metadata } = await get('x', { Range })
    assert.ok(bytes.equals(content.subarray(from, to)), Range)
    assert.equal($metadata.httpStatusCode, 206)
    assert.equal(ContentRange, `bytes ${from}-${to - 1}/200000`)
  }
  assert.equal((await get('x', { Range: 'bytes=5-2' })).bytes.length, 200_000)
  await assert.rejects(get('x', { Range: 'bytes=200000-' }), {
    ...{ name: 'InvalidRange', RangeRequested: 'bytes=200000-', ActualObjectSize: '200000' },
  })
})

test('conditions of HTTP hold for reading and for writing', async () => {
  const { server, put, get } = await start()
  await using _ = server
  const { ETag } = await put('x', 'one')
  const past = new Date(0)
  assert.equal((await get('x', { IfMatch: ETag, IfUnmodifiedSince: past })).bytes.toString(), 'one')
  await assert.rejects(get('x', { IfMatch: '"other"' }), { name: 'PreconditionFailed', Condition: 'If-Match' })
  await assert.rejects(get('x', { IfUnmodifiedSince: past }), { name: 'PreconditionFailed' })
  await assert.rejects(
    get('x', { IfNoneMatch: ETag }),
    (error: { $metadata: { httpStatusCode: number }; $response: { headers: Record<string, string> } }) => {
      assert.equal(error.$metadata.httpStatusCode, 304)
      assert.equal(error.$response.headers.etag, ETag)
      return true
    },
  )
  await assert.rejects(put('x', 'two', { IfNoneMatch: '*' }), { name: 'PreconditionFailed' })
  await assert.rejects(put('x', 'two', { IfNoneMatch: ETag! }), { name: 'NotImplemented', Header: 'If-None-Match' })
  await assert.rejects(put('x', 'two', { IfNoneMatch: '*', IfMatch: ETag! }), { Header: 'If-Match,If-None-Match' })
  await assert.rejects(put('x', 'two', { IfMatch: '"other"' }), { name: 'PreconditionFailed' })
  await assert.rejects(put('y', 'two', { IfMatch: ETag! }), { name: 'NoSuchKey' })
  await put('x', 'two', { IfMatch: ETag! })
  await put('y', 'new', { IfNoneMatch: '*' })
  // Of two that begin at once, the later one to end finds what it did not expect.
  const race = await Promise.allSettled(['a', 'b'].map((body) => put('race', body, { IfNoneMatch: '*' })))
  const lost = race.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []))
  assert.deepEqual(
    lost.map(({ name }) => name),
    ['PreconditionFailed'],
  )
  assert.equal((await get('x')).bytes.toString(), 'two')
})

test('a body that is not what its checksum says becomes no object, and leaves no file', async () => {
  const { server, put, get } = await start()
  await using _ = server
  for (const wrong of [
    { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' },
    { ChecksumSHA256: Buffer.alloc(32).toString('base64') },
    { ChecksumCRC32: 'AAAAAA==' },
  ]) {
    await assert.rejects(put('x', 'hello', wrong), { name: 'BadDigest' })
  }
  await assert.rejects(put('x', 'hello', { ContentMD5: 'short' }), { name: 'InvalidDigest' })
  await assert.rejects(get('x'), { name: 'NoSuchKey' })
  assert.deepEqual(files(server), [])
})

test('checksums of every algorithm are kept and told', async () => {
  const { server, s3, put } = await start()
  await using _ = server
  for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const) {
    const made = await put('x', 'hello', { ChecksumAlgorithm })
    const told = await s3.send(new HeadObjectCommand({ Bucket: 'box', Key: 'x', ChecksumMode: 'ENABLED' }))
    const member = `Checksum${ChecksumAlgorithm}` as const
    assert.ok(made[member])
    assert.equal(told[member], made[member])
    assert.equal(told.ChecksumType, 'FULL_OBJECT')
  }
  const asked = { Bucket: 'box', Key: 'x', ObjectAttributes: ['Checksum' as const, 'ObjectSize' as const] }
  const { Checksum, ObjectSize, ETag } = await s3.send(new GetObjectAttributesCommand(asked))
  assert.equal(ObjectSize, 5)
  assert.equal(ETag, undefined)
  assert.equal(Checksum?.ChecksumSHA256, 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=')
})

test('nothing of an object rests readable, and a key of KMS that is not there encrypts nothing', async () => {
  const { server, s3, put, get } = await start()
  await using _ = server
  const content = 'a very plain sentence '.repeat(500)
  await put('x', content)
  await put('y', content, { ServerSideEncryption: 'aws:kms' })
  assert.equal(files(server).length, 2)
  for (const file of files(server)) assert.equal(readFileSync(file).includes('plain sentence'), false)
  const found = await get('y')
  assert.equal(found.bytes.toString(), content)
  assert.equal(found.ServerSideEncryption, 'aws:kms')
  assert.match(found.SSEKMSKeyId!, /^arn:aws:kms:us-east-1:\d+:key\//)
  const nobodys = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/none' } as const
  await assert.rejects(put('z', 'x', nobodys), { name: 'KMS.NotFoundException' })
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const }, BucketKeyEnabled: true }]
  const ServerSideEncryptionConfiguration = { Rules }
  await s3.send(new PutBucketEncryptionCommand({ Bucket: 'box', ServerSideEncryptionConfiguration }))
  const byDefault = await put('w', content)
  assert.equal(byDefault.ServerSideEncryption, 'aws:kms')
  assert.equal(byDefault.BucketKeyEnabled, true)
  assert.equal((await get('w')).bytes.toString(), content)
})

test('an object under a key of KMS is for those who may use the key, while it is enabled', async () => {
  const { server, put, get } = await start()
  await using _ = server
  const kms = server.client(KMSClient)
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  const KeyId = KeyMetadata!.Arn!
  const under = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyId } as const
  await put('x', 'secret', under)
  const ann = server.client(S3Client, { credentials: await aUser(server, 'ann') })
  const reading = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::box/*' }
  await allowUser(server, 'ann', [reading])
  const read = () => ann.send(new GetObjectCommand({ Bucket: 'box', Key: 'x' }))
  const write = () => ann.send(new PutObjectCommand({ Bucket: 'box', Key: 'y', Body: 'y', ...under }))
  await assert.rejects(read(), { name: 'AccessDenied', message: /kms:Decrypt/ })
  await assert.rejects(write(), { name: 'AccessDenied', message: /kms:GenerateDataKey/ })
  await allowUser(server, 'ann', [
    reading,
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: KeyId,
      Condition: { StringLike: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::box/*' } },
    },
  ])
  await read()
  await write()
  await kms.send(new DisableKeyCommand({ KeyId }))
  await assert.rejects(get('x'), { name: 'KMS.DisabledException' })
  await assert.rejects(put('z', 'z', under), { name: 'KMS.DisabledException' })
})

test('a copy is like its source unless it is told otherwise', async () => {
  const { server, s3, put, get } = await start()
  await using _ = server
  const content = randomBytes(100_000)
  await put('a b', content, { Metadata: { colour: 'blue' }, ContentType: 'text/x', Tagging: 'a=1' })
  const copy = (Key: string, more: object = {}) =>
    s3.send(new CopyObjectCommand({ Bucket: 'box', Key, CopySource: 'box/a%20b', ...more }))
  await copy('same')
  const same = await get('same')
  assert.ok(same.bytes.equals(content))
  assert.deepEqual([same.Metadata, same.ContentType, same.TagCount], [{ colour: 'blue' }, 'text/x', 1])
  await copy('other', { MetadataDirective: 'REPLACE', Metadata: { shape: 'round' }, TaggingDirective: 'REPLACE' })
  const other = await get('other')
  assert.deepEqual([other.Metadata, other.TagCount], [{ shape: 'round' }, undefined])
  await assert.rejects(copy('a b'), { name: 'InvalidRequest' })
  await copy('a b', { MetadataDirective: 'REPLACE' })
  const failed = (condition: string) => ({
    name: 'PreconditionFailed',
    Condition: `x-amz-copy-source-${condition}`,
  })
  const { ETag } = await get('a b')
  const old = { CopySourceIfUnmodifiedSince: new Date(0) }
  await assert.rejects(copy('x', { ...old, CopySourceIfMatch: '"other"' }), failed('If-Match'))
  await assert.rejects(copy('x', { ...old, CopySourceIfNoneMatch: ETag }), failed('If-Unmodified-Since'))
  await assert.rejects(copy('x', { CopySourceIfNoneMatch: ETag }), failed('If-None-Match'))
  const inADay = new Date(Date.now() + 86_400_000)
  await copy('x', { CopySourceIfModifiedSince: inADay })
  await server.advance(2 * 86_400_000)
  await assert.rejects(copy('x', { CopySourceIfModifiedSince: inADay }), failed('If-Modified-Since'))
  const missing = new CopyObjectCommand({ Bucket: 'box', Key: 'x', CopySource: 'box/none' })
  await assert.rejects(s3.send(missing), { name: 'NoSuchKey', Key: 'none' })
})

test('many objects are deleted at once; those that were not there count as deleted', async () => {
  const { server, s3, put, get } = await start()
  await using _ = server
  for (const key of ['a', 'b<&>', 'c']) await put(key, key)
  const Objects = ['a', 'b<&>', 'none'].map((Key) => ({ Key }))
  const answer = await s3.send(new DeleteObjectsCommand({ Bucket: 'box', Delete: { Objects } }))
  assert.deepEqual(
    answer.Deleted?.map(({ Key }) => Key),
    ['a', 'b<&>', 'none'],
  )
  const quiet = { Objects: [{ Key: 'a' }], Quiet: true }
  assert.equal((await s3.send(new DeleteObjectsCommand({ Bucket: 'box', Delete: quiet }))).Deleted, undefined)
  assert.equal((await get('c')).bytes.toString(), 'c')
})

test('a sender that goes away in the middle leaves neither object nor file', async () => {
  const { server, s3, get } = await start()
  await using _ = server
  const link = new URL(await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'box', Key: 'x' })))
  const socket = connect(Number(link.port), link.hostname)
  socket.write(`PUT ${link.pathname}${link.search} HTTP/1.1\r\nHost: ${link.host}\r\nContent-Length: 1000000\r\n\r\n`)
  socket.write(randomBytes(500_000))
  await eventually(() => assert.equal(files(server).length, 1))
  socket.destroy()
  await eventually(() => assert.equal(files(server).length, 0))
  await assert.rejects(get('x'), { name: 'NoSuchKey' })
})

test('what the disk does not take is ServiceUnavailable, leaves nothing behind, and can be sent again', {
  skip: spawnSync('prlimit', ['--version']).status !== 0 && 'there is no prlimit here',
}, async () => {
  const { server, get, put } = await start()
  await using _ = server
  const s3 = server.client(S3Client, { maxAttempts: 1 })
  const limitFiles = (bytes: string) => {
    assert.equal(spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]).status, 0)
  }
  const large = new PutObjectCommand({ Bucket: 'box', Key: 'x', Body: randomBytes(500_000) })
  limitFiles('100000')
  try {
    await assert.rejects(s3.send(large), (error: S3ServiceException) => {
      assert.deepEqual([error.name, error.$metadata.httpStatusCode], ['ServiceUnavailable', 503])
      return true
    })
  } finally {
    limitFiles('unlimited')
  }
  assert.equal(files(server).length, 0)
  await assert.rejects(get('x'), { name: 'NoSuchKey' })
  await put('x', 'content')
})

test('a content that was changed on the disk is an error, not an answer', async () => {
  const { server, put, get } = await start()
  await using _ = server
  await put('x', 'content')
  const [file] = files(server)
  const bytes = readFileSync(file!)
  bytes[3]! ^= 1
  writeFileSync(file!, bytes)
  await assert.rejects(get('x'), { name: 'InternalError' })
  rmSync(file!)
  await assert.rejects(get('x'), { name: 'InternalError' })
})

test('what was replaced can still be read to its end; an hour later its file is gone', async () => {
  const { server, s3, put } = await start()
  await using _ = server
  const content = randomBytes(5_000_000)
  await put('x', content)
  const reading = await s3.send(new GetObjectCommand({ Bucket: 'box', Key: 'x' }))
  await put('x', 'short')
  assert.ok(Buffer.from(await reading.Body!.transformToByteArray()).equals(content))
  assert.equal(files(server).length, 2)
  await server.advance(2 * 3_600_000)
  assert.equal(files(server).length, 1)
})

test('links that are signed in advance read and write without further proof, for as long as they say', async () => {
  const { server, s3, get } = await start()
  await using _ = server
  const place = { Bucket: 'box', Key: 'a b' }
  const putting = await getSignedUrl(s3, new PutObjectCommand(place), { expiresIn: 60 })
  assert.equal((await fetch(putting, { method: 'PUT', body: 'by link' })).status, 200)
  const asked = new GetObjectCommand({ ...place, ResponseContentType: 'text/y' })
  const getting = await getSignedUrl(s3, asked, { expiresIn: 60 })
  const answer = await fetch(getting)
  assert.equal(await answer.text(), 'by link')
  assert.equal(answer.headers.get('content-type'), 'text/y')
  assert.equal((await get('a b')).bytes.toString(), 'by link')
  assert.equal((await fetch(getting.replace('a%20b', 'c'))).status, 403)
  const old = await getSignedUrl(s3, asked, { expiresIn: 60, signingDate: new Date(Date.now() - 61_000) })
  assert.match(await (await fetch(old)).text(), /<Code>AccessDenied<\/Code><Message>Request has expired/)
})

test('tags are checked and replaced whole', async () => {
  const { server, s3, put } = await start()
  await using _ = server
  await put('x', 'x')
  const tag = (TagSet: { Key: string; Value: string }[]) =>
    s3.send(new PutObjectTaggingCommand({ Bucket: 'box', Key: 'x', Tagging: { TagSet } }))
  await tag([{ Key: 'a', Value: '1' }])
  await tag([{ Key: 'b', Value: '' }])
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: 'box', Key: 'x' }))
  assert.deepEqual(TagSet, [{ Key: 'b', Value: '' }])
  const many = Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }))
  await assert.rejects(tag(many), { name: 'BadRequest', message: 'Object tags cannot be greater than 10' })
  await assert.rejects(tag([{ Key: 'aws:x', Value: 'v' }]), { name: 'InvalidTag', TagKey: 'aws:x' })
  await assert.rejects(tag([{ Key: 'a', Value: 'b,c' }]), { name: 'InvalidTag', TagKey: 'a', TagValue: 'b,c' })
  await assert.rejects(tag([{ Key: 'a' } as { Key: string; Value: string }]), { name: 'MalformedXML' })
  await assert.rejects(put('x', 'x', { Tagging: 'a=1&a=2' }), {
    ...{ name: 'InvalidArgument', ArgumentName: 'x-amz-tagging', ArgumentValue: 'a=1&a=2' },
  })
})

test('the owner of the bucket owns its objects, and ACLs have no say', async () => {
  const { server, s3, put } = await start()
  await using _ = server
  await put('x', 'x', { ACL: 'bucket-owner-full-control' })
  await assert.rejects(put('x', 'x', { ACL: 'public-read' }), {
    name: 'AccessControlListNotSupported',
    message: 'The bucket does not allow ACLs',
  })
  const { Owner, Grants } = await s3.send(new GetObjectAclCommand({ Bucket: 'box', Key: 'x' }))
  assert.deepEqual(Grants, [{ Grantee: { ID: Owner?.ID, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }])
})

test('what is not built is refused and not overlooked', async () => {
  const { server, put, get } = await start()
  await using _ = server
  await put('x', 'x')
  const NotBuilt = { name: 'NotImplemented' }
  await assert.rejects(put('x', 'x', { ServerSideEncryption: 'aws:kms:dsse' }), NotBuilt)
  await assert.rejects(put('x', 'x', { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date() }), NotBuilt)
  await assert.rejects(put('x', 'x', { StorageClass: 'GLACIER' }), { name: 'InvalidStorageClass' })
  await assert.rejects(put('k'.repeat(1025), 'x'), { name: 'KeyTooLongError' })
  await assert.rejects(put('x', 'x', { Metadata: { long: 'x'.repeat(2100) } }), { name: 'MetadataTooLarge' })
  await assert.rejects(get('x', { VersionId: 'abc' }), { name: 'InvalidArgument' })
  assert.equal((await get('x', { VersionId: 'null' })).bytes.toString(), 'x')
})
