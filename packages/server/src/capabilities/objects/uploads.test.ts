import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { startServer } from '@steward/testkit'
import { digestOf } from './checksum.ts'

const MiB = 1024 * 1024
const CONTENT = randomBytes(11 * MiB)
const PIECES = [CONTENT.subarray(0, 5 * MiB), CONTENT.subarray(5 * MiB, 10 * MiB), CONTENT.subarray(10 * MiB)]

async function start() {
  const server = await startServer()
  const s3 = server.client(S3Client)
  await s3.send(new CreateBucketCommand({ Bucket: 'box' }))
  const place = { Bucket: 'box', Key: 'big' }
  const begin = async (more: object = {}) =>
    (await s3.send(new CreateMultipartUploadCommand({ ...place, ...more }))).UploadId!
  const upload = async (UploadId: string, PartNumber: number, Body: Uint8Array): Promise<CompletedPart> => {
    const part = await s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber, Body }))
    return { PartNumber, ETag: part.ETag }
  }
  const complete = (UploadId: string, Parts: CompletedPart[], more: object = {}) =>
    s3.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts }, ...more }))
  return { server, s3, place, begin, upload, complete }
}

test('parts that came in any order are one object, with the ETag that S3 gives it', async () => {
  const { server, s3, place, begin, upload, complete } = await start()
  await using _ = server
  const id = await begin({ Metadata: { colour: 'blue' } })
  const [third, first] = [await upload(id, 30, PIECES[2]!), await upload(id, 1, PIECES[0]!)]
  await upload(id, 7, randomBytes(100))
  const second = await upload(id, 7, PIECES[1]!)
  await upload(id, 9, randomBytes(100))
  const { ETag } = await complete(id, [first, second, third])
  const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest()
  assert.equal(ETag, `"${md5(Buffer.concat(PIECES.map(md5))).toString('hex')}-3"`)
  const found = await s3.send(new GetObjectCommand(place))
  assert.ok(Buffer.from(await found.Body!.transformToByteArray()).equals(CONTENT))
  assert.deepEqual(found.Metadata, { colour: 'blue' })
  const part = await s3.send(new GetObjectCommand({ ...place, PartNumber: 2 }))
  assert.equal(part.PartsCount, 3)
  assert.ok(Buffer.from(await part.Body!.transformToByteArray()).equals(PIECES[1]!))
  const across = await s3.send(new GetObjectCommand({ ...place, Range: `bytes=${5 * MiB - 10}-${10 * MiB + 9}` }))
  const wanted = CONTENT.subarray(5 * MiB - 10, 10 * MiB + 10)
  assert.ok(Buffer.from(await across.Body!.transformToByteArray()).equals(wanted))
  await assert.rejects(complete(id, [first]), { name: 'NoSuchUpload' })
})

test('who completes an upload is told where it reached the object: in the path, or behind the bucket in the host', async () => {
  const { server, s3, begin, upload, complete } = await start()
  await using _ = server
  const id = await begin()
  assert.equal((await complete(id, [await upload(id, 1, PIECES[2]!)])).Location, `${server.url}/box/big`)
  const inHost = server.client(S3Client, { endpoint: server.url.replace('127.0.0.1', 'localhost') })
  // The name need not resolve: the middleware sends the request to where the server is.
  inHost.middlewareStack.add(
    (next) => (args) => next({ ...args, request: Object.assign(args.request as object, { hostname: '127.0.0.1' }) }),
    { step: 'finalizeRequest', priority: 'low' },
  )
  const place = { Bucket: 'box', Key: 'a/b c' }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place))
  const { ETag } = await s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: 'x' }))
  const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] }
  const done = await inHost.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload }))
  assert.equal(done.Location, `${server.url.replace('127.0.0.1', 'box.localhost')}/a%2Fb%20c`)
})

test('the checksum of a whole follows from those of its parts', async () => {
  const { server, s3, place, begin, upload, complete } = await start()
  await using _ = server
  const whole = digestOf('CRC32')
  whole.update(CONTENT)
  for (const [ChecksumType, value] of [
    ['FULL_OBJECT', whole.base64()],
    ['COMPOSITE', undefined],
  ] as const) {
    const id = await begin({ ChecksumAlgorithm: 'CRC32', ChecksumType })
    const parts: CompletedPart[] = []
    for (const [index, piece] of PIECES.entries()) parts.push(await upload(id, index + 1, piece))
    const made = await complete(id, parts)
    assert.equal(made.ChecksumType, ChecksumType)
    if (value) assert.equal(made.ChecksumCRC32, value)
    else assert.match(made.ChecksumCRC32!, /^[A-Za-z0-9+/]{6}==-3$/)
    const told = await s3.send(new HeadObjectCommand({ ...place, ChecksumMode: 'ENABLED' }))
    assert.equal(told.ChecksumCRC32, made.ChecksumCRC32)
    const asked = new GetObjectAttributesCommand({ ...place, ObjectAttributes: ['Checksum'] })
    assert.equal((await s3.send(asked)).Checksum?.ChecksumCRC32, made.ChecksumCRC32?.replace('-3', ''))
  }
})

test('what cannot be put together is refused, and can be mended', async () => {
  const { server, begin, upload, complete } = await start()
  await using _ = server
  const id = await begin()
  const [small, large] = [await upload(id, 1, Buffer.from('small')), await upload(id, 2, PIECES[0]!)]
  await assert.rejects(complete(id, [small, large]), { name: 'EntityTooSmall' })
  await assert.rejects(complete(id, [large, small]), { name: 'InvalidPartOrder' })
  await assert.rejects(complete(id, [{ ...large, ETag: '"0"' }]), { name: 'InvalidPart' })
  await assert.rejects(complete(id, [large, { PartNumber: 3, ETag: large.ETag }]), { name: 'InvalidPart' })
  await assert.rejects(upload(id, 10_001, PIECES[2]!), { name: 'InvalidArgument' })
  await assert.rejects(upload('none', 1, PIECES[2]!), { name: 'NoSuchUpload' })
  await complete(id, [large], { IfNoneMatch: '*' })
})

test('an upload with a condition fails if something else was done to its object meanwhile', async () => {
  const { server, s3, place, begin, upload, complete } = await start()
  await using _ = server
  const put = async (Body: string) => (await s3.send(new PutObjectCommand({ ...place, Body }))).ETag!
  const remove = () => s3.send(new DeleteObjectCommand(place))
  const conflict = (Condition: string) => ({
    name: 'ConditionalRequestConflict',
    message: 'The conditional request cannot succeed due to a conflicting operation against this resource.',
    Condition,
    Key: 'big',
  })
  const first = await put('one')
  const id = await begin()
  const parts = [await upload(id, 1, Buffer.from('whole'))]
  await assert.rejects(complete(id, parts, { IfNoneMatch: '*' }), { name: 'PreconditionFailed' })
  await remove()
  await assert.rejects(complete(id, parts, { IfNoneMatch: '*' }), conflict('If-None-Match'))
  await assert.rejects(complete(id, parts, { IfMatch: first }), { name: 'NoSuchKey' })
  const second = await put('one')
  await assert.rejects(complete(id, parts, { IfMatch: '"other"' }), { name: 'PreconditionFailed' })
  await assert.rejects(complete(id, parts, { IfMatch: second }), conflict('If-Match'))

  const later = await begin()
  const [part] = [await upload(later, 1, Buffer.from('whole'))]
  const { ETag } = await complete(later, [part!], { IfMatch: second })
  await remove()
  const last = await begin()
  await complete(last, [await upload(last, 1, Buffer.from('whole'))], { IfNoneMatch: '*' })
  assert.equal((await s3.send(new HeadObjectCommand(place))).ETag, ETag)
})

test('parts and uploads are listed in pages; an upload that is given up is gone', async () => {
  const { server, s3, place, begin, upload } = await start()
  await using _ = server
  const id = await begin()
  for (const number of [1, 2, 3]) await upload(id, number, Buffer.from(`part ${number}`))
  const first = await s3.send(new ListPartsCommand({ ...place, UploadId: id, MaxParts: 2 }))
  assert.deepEqual(
    first.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
    [
      [1, 6],
      [2, 6],
    ],
  )
  assert.deepEqual([first.IsTruncated, first.NextPartNumberMarker], [true, '2'])
  const rest = await s3.send(new ListPartsCommand({ ...place, UploadId: id, PartNumberMarker: '2' }))
  assert.deepEqual(
    rest.Parts?.map(({ PartNumber }) => PartNumber),
    [3],
  )
  const other = await begin()
  const ids = [id, other].sort()
  const page = await s3.send(new ListMultipartUploadsCommand({ Bucket: 'box', MaxUploads: 1 }))
  assert.deepEqual(
    page.Uploads?.map(({ UploadId }) => UploadId),
    [ids[0]],
  )
  const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page
  const next = await s3.send(new ListMultipartUploadsCommand({ Bucket: 'box', KeyMarker, UploadIdMarker }))
  assert.deepEqual(
    next.Uploads?.map(({ UploadId }) => UploadId),
    [ids[1]],
  )
  await s3.send(new AbortMultipartUploadCommand({ ...place, UploadId: id }))
  await assert.rejects(s3.send(new ListPartsCommand({ ...place, UploadId: id })), { name: 'NoSuchUpload' })
  await assert.rejects(s3.send(new GetObjectCommand(place)), { name: 'NoSuchKey' })
  await s3.send(new DeleteBucketCommand({ Bucket: 'box' }))
})

test('parts are copied from ranges of other objects', async () => {
  const { server, s3, place, begin, complete } = await start()
  await using _ = server
  await s3.send(new PutObjectCommand({ Bucket: 'box', Key: 'source', Body: CONTENT }))
  const UploadId = await begin()
  const copy = async (PartNumber: number, CopySourceRange: string) => {
    const part = new UploadPartCopyCommand({
      ...place,
      UploadId,
      PartNumber,
      CopySource: 'box/source',
      CopySourceRange,
    })
    return { PartNumber, ETag: (await s3.send(part)).CopyPartResult?.ETag }
  }
  const parts = [await copy(1, `bytes=0-${5 * MiB - 1}`), await copy(2, 'bytes=100-199')]
  await complete(UploadId, parts)
  const found = await s3.send(new GetObjectCommand(place))
  const wanted = Buffer.concat([PIECES[0]!, CONTENT.subarray(100, 200)])
  assert.ok(Buffer.from(await found.Body!.transformToByteArray()).equals(wanted))
  const beyond = {
    name: 'InvalidArgument',
    ArgumentName: 'x-amz-copy-source-range',
    ArgumentValue: 'bytes=0-99999999',
  }
  await assert.rejects(copy(3, 'bytes=0-99999999'), beyond)
  await assert.rejects(copy(3, 'bytes=99999990-99999999'), { name: 'InvalidRequest' })
})

test('the SDK’s own uploader works, of a stream whose length nobody knows', async () => {
  const { server, s3, place } = await start()
  await using _ = server
  await new Upload({ client: s3, params: { ...place, Body: Readable.from(PIECES) } }).done()
  const found = await s3.send(new GetObjectCommand(place))
  assert.ok(Buffer.from(await found.Body!.transformToByteArray()).equals(CONTENT))
})
