import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateBucketCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import { DATABASES, openTestDatabase, startServer } from '@steward/testkit'
import fc from 'fast-check'
import { type Listed, listKeys } from './list.ts'
import { objects0001 } from './migrations/0001-objects.ts'
import { behindPrefix, putObject } from './object-store.ts'

const now = new Date()

function anObject(key: string) {
  const attributes = {
    headers: {},
    metadata: {},
    tags: {},
    storageClass: 'STANDARD',
    encryption: { algorithm: 'AES256' },
  } as const
  return { bucket: 'box', key, contentId: key, size: 0, etag: 'x', modifiedAt: now, attributes }
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** What a list says, told by going through everything. */
function expected(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const all = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const at = delimiter ? key.indexOf(delimiter, prefix.length) : -1
      return at < 0 ? key : key.slice(0, at + delimiter.length)
    })
  return [...new Set(all)].sort(byBytes)
}

for (const kind of DATABASES) {
  test(`pages of keys, put together, are all keys and common prefixes once and in order (${kind})`, async () => {
    await using db = await openTestDatabase(kind, { 'objects-0001': objects0001 })
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '//', '.', '0', 'ö', '\u{10ffff}'),
      minLength: 1,
      maxLength: 6,
    })
    const keys = [...new Set(fc.sample(text, { numRuns: 120, seed: 7 }))]
    await db.write(async (tx) => {
      for (const key of keys) await putObject(tx, anObject(key), now)
    })
    for (const prefix of ['', 'a', 'a/', 'b//', '/']) {
      for (const delimiter of ['', '/', '//']) {
        for (const limit of [1, 7, 1000]) {
          const found: string[] = []
          let after: string | undefined = ''
          while (after !== undefined) {
            const wanted = { bucket: 'box', prefix, delimiter, after, limit }
            const page: Listed = await db.read((reader) => listKeys(reader, wanted))
            const names = [...page.objects.map(({ key }) => key), ...page.prefixes].sort(byBytes)
            assert.ok(names.length <= limit)
            found.push(...names)
            after = page.next
          }
          assert.deepEqual(found, expected(keys, prefix, delimiter), JSON.stringify([prefix, delimiter, limit]))
        }
      }
    }
  })
}

test('the text behind all that begin with a prefix', () => {
  assert.equal(behindPrefix('a/'), 'a0')
  assert.equal(behindPrefix('a\u{10ffff}'), 'b')
  assert.equal(behindPrefix('\u{10ffff}'), undefined)
  assert.equal(behindPrefix(''), undefined)
  assert.equal(behindPrefix('\ud7ff'), '\ue000')
})

test('lists of both versions and of versions say what S3 says', async () => {
  await using server = await startServer()
  const s3 = server.client(S3Client)
  await s3.send(new CreateBucketCommand({ Bucket: 'box' }))
  for (const Key of ['a/1', 'a/2', 'b c', 'd+&']) await s3.send(new PutObjectCommand({ Bucket: 'box', Key, Body: 'x' }))
  const list = await s3.send(new ListObjectsV2Command({ Bucket: 'box', Delimiter: '/', MaxKeys: 2, FetchOwner: true }))
  assert.deepEqual(list.CommonPrefixes, [{ Prefix: 'a/' }])
  assert.deepEqual(
    list.Contents?.map(({ Key }) => Key),
    ['b c'],
  )
  assert.deepEqual([list.KeyCount, list.IsTruncated, list.MaxKeys], [2, true, 2])
  assert.match(list.Contents?.[0]?.Owner?.ID ?? '', /^[0-9a-f]{64}$/)
  const rest = new ListObjectsV2Command({
    Bucket: 'box',
    Delimiter: '/',
    ContinuationToken: list.NextContinuationToken,
  })
  assert.deepEqual(
    (await s3.send(rest)).Contents?.map(({ Key }) => Key),
    ['d+&'],
  )
  const within = await s3.send(new ListObjectsCommand({ Bucket: 'box', Delimiter: '/', Marker: 'a/1' }))
  assert.deepEqual([within.CommonPrefixes, within.Contents?.map(({ Key }) => Key)], [undefined, ['b c', 'd+&']])
  const again = { Bucket: 'box', StartAfter: 'a/2', ContinuationToken: list.NextContinuationToken }
  assert.equal((await s3.send(new ListObjectsV2Command(again))).StartAfter, undefined)
  await assert.rejects(s3.send(new ListObjectsV2Command({ ...again, ContinuationToken: 'x y' })), {
    ...{ name: 'InvalidArgument', ArgumentName: 'continuation-token' },
  })
  const encoded = await s3.send(new ListObjectsV2Command({ Bucket: 'box', EncodingType: 'url', StartAfter: 'a/2' }))
  assert.deepEqual(
    encoded.Contents?.map(({ Key }) => Key),
    ['b%20c', 'd%2B%26'],
  )
  const first = await s3.send(new ListObjectsCommand({ Bucket: 'box', Delimiter: '/', MaxKeys: 1 }))
  assert.deepEqual([first.NextMarker, first.IsTruncated], ['a/', true])
  const marked = await s3.send(new ListObjectsCommand({ Bucket: 'box', Delimiter: '/', Marker: first.NextMarker }))
  assert.deepEqual(
    marked.Contents?.map(({ Key }) => Key),
    ['b c', 'd+&'],
  )
  const versions = await s3.send(new ListObjectVersionsCommand({ Bucket: 'box', Prefix: 'a/' }))
  assert.deepEqual(
    versions.Versions?.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]),
    [
      ['a/1', 'null', true],
      ['a/2', 'null', true],
    ],
  )
  const keys: (string | undefined)[] = []
  for await (const page of paginateListObjectsV2({ client: s3, pageSize: 1 }, { Bucket: 'box' }))
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key))
  assert.deepEqual(keys, ['a/1', 'a/2', 'b c', 'd+&'])
  const none = await s3.send(new ListObjectsV2Command({ Bucket: 'box', MaxKeys: 0 }))
  assert.deepEqual([none.KeyCount, none.IsTruncated], [0, false])
  await assert.rejects(s3.send(new ListObjectsV2Command({ Bucket: 'box', MaxKeys: -1 })), { name: 'InvalidArgument' })
  await assert.rejects(s3.send(new ListObjectsV2Command({ Bucket: 'box', ContinuationToken: '!' })), {
    name: 'InvalidArgument',
    message: 'The continuation token provided is incorrect',
  })
})
