import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, constants, openSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  type AttachmentsSource,
  CreateDocumentCommand,
  DeleteDocumentCommand,
  DescribeDocumentCommand,
  GetDocumentCommand,
  SSMClient,
  UpdateDocumentCommand,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServerOptions } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { allowUser, aUser } from '#iam/testing/a-user.ts'
import { sampleContent } from '../sample-content.ts'

/** A server with a bucket `box`, and short ways to speak to it as root or as somebody else. */
async function start(options?: TestServerOptions) {
  const server = await startServer(options)
  const s3 = server.client(S3Client)
  await s3.send(new CreateBucketCommand({ Bucket: 'box' }))
  const put = (Key: string, Body: string | Buffer, more = {}) =>
    s3.send(new PutObjectCommand({ Bucket: 'box', Key, Body, ...more }))
  const as = (credentials?: { accessKeyId: string; secretAccessKey: string }) => {
    const ssm = server.client(SSMClient, credentials ? { credentials } : {})
    return {
      create: (Name: string, ...Attachments: AttachmentsSource[]) =>
        ssm.send(new CreateDocumentCommand({ Name, Content: sampleContent('one'), Attachments })),
      update: (Name: string, what: string, ...Attachments: AttachmentsSource[]) =>
        ssm.send(
          new UpdateDocumentCommand({ Name, DocumentVersion: '$LATEST', Content: sampleContent(what), Attachments }),
        ),
      attached: async (Name: string, DocumentVersion?: string) =>
        (await ssm.send(new GetDocumentCommand({ Name, DocumentVersion }))).AttachmentsContent,
      ssm,
    }
  }
  return { server, s3, put, as, ...as() }
}

const file = (Name: string, value: string): AttachmentsSource => ({ Key: 'S3FileUrl', Name, Values: [value] })
const folder = (value: string): AttachmentsSource => ({ Key: 'SourceUrl', Values: [value] })
const reference = (value: string): AttachmentsSource => ({ Key: 'AttachmentReference', Values: [value] })
const names = (list: readonly { Name?: string | undefined }[] | undefined) => list?.map(({ Name }) => Name)
const textOf = async (url: string | undefined) => (await fetch(url!)).text()
const invalid = (message: RegExp) => ({ name: 'ValidationException', message })

for (const database of DATABASES) {
  test(`DOC-14 a file of a bucket is attached, and comes by a link that ends (${database})`, async () => {
    const { server, s3, put, create, attached, ssm } = await start({ database })
    await using _ = server
    const bytes = randomBytes(200_000)
    await put('scripts/run it.py', bytes)
    const { DocumentDescription: created } = await create('my-doc', file('run.py', 's3://box/scripts/run it.py'))
    assert.deepEqual(created?.AttachmentsInformation, [{ Name: 'run.py' }])
    const { Document } = await ssm.send(new DescribeDocumentCommand({ Name: 'my-doc' }))
    assert.deepEqual(Document?.AttachmentsInformation, [{ Name: 'run.py' }])
    await s3.send(new DeleteObjectCommand({ Bucket: 'box', Key: 'scripts/run it.py' }))

    const [{ Url, ...content }] = (await attached('my-doc')) as [{ Url: string }]
    const Hash = createHash('sha256').update(bytes).digest('hex')
    assert.deepEqual(content, { Name: 'run.py', Size: 200_000, Hash, HashType: 'Sha256' })
    assert.ok(Url.startsWith(`${server.url}/`), Url)
    const answer = await fetch(Url)
    assert.equal(answer.status, 200)
    assert.ok(Buffer.from(await answer.arrayBuffer()).equals(bytes))
    assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="run.py"')
    assert.equal(answer.headers.get('content-security-policy'), 'sandbox')
    const head = await fetch(Url, { method: 'HEAD' })
    assert.equal(head.headers.get('content-length'), '200000')

    assert.equal((await fetch(`${Url.slice(0, -4)}AAAA`)).status, 403)
    assert.equal((await fetch(`${server.url}/download/x`)).status, 403)
    await server.advance(14 * 60_000)
    assert.equal((await fetch(Url)).status, 200)
    await server.advance(60_000)
    assert.equal((await fetch(Url)).status, 403)
  })

  test(`DOC-14 attachments go with their version, and a link with them (${database})`, async () => {
    const { server, put, create, update, attached, ssm } = await start({ database })
    await using _ = server
    await put('a.txt', 'first')
    await create('my-doc', file('a.txt', 's3://box/a.txt'))
    await put('a.txt', 'second')
    await update('my-doc', 'two', file('a.txt', 's3://box/a.txt'))
    await update('my-doc', 'three')
    const urls = await Promise.all(['1', '2'].map(async (version) => (await attached('my-doc', version))?.[0]?.Url))
    assert.deepEqual(await Promise.all(urls.map(textOf)), ['first', 'second'])
    assert.equal(await attached('my-doc', '3'), undefined)

    await ssm.send(new DeleteDocumentCommand({ Name: 'my-doc', DocumentVersion: '2' }))
    assert.deepEqual(await Promise.all(urls.map(async (url) => (await fetch(url!)).status)), [200, 403])
    await ssm.send(new DeleteDocumentCommand({ Name: 'my-doc' }))
    assert.equal((await fetch(urls[0]!)).status, 403)
    // A document of the same name is another one.
    await create('my-doc', file('a.txt', 's3://box/a.txt'))
    assert.equal((await fetch(urls[0]!)).status, 403)
  })
}

test('DOC-14 of a folder all files directly under it are attached, by all addresses of S3', async () => {
  const { server, put, create, attached } = await start()
  await using _ = server
  for (const key of ['top.txt', 'in/', 'in/one.py', 'in/two.py', 'in/deep/three.py', 'inner.txt']) await put(key, key)
  const folders = [
    's3://box/in',
    's3://box/in/',
    'https://s3.amazonaws.com/box/in',
    'https://s3.eu-west-1.amazonaws.com/box/in/',
    'https://box.s3.us-east-1.amazonaws.com/in',
    `${server.url}/box/in`,
  ]
  for (const [index, value] of folders.entries()) {
    await create(`doc-${index}`, folder(value))
    const found = await attached(`doc-${index}`)
    assert.deepEqual(names(found), ['one.py', 'two.py'], value)
    assert.deepEqual(await Promise.all(found!.map(({ Url }) => textOf(Url))), ['in/one.py', 'in/two.py'])
  }
  const { DocumentDescription } = await create('all', folder('s3://box'))
  assert.deepEqual(names(DocumentDescription?.AttachmentsInformation), ['inner.txt', 'top.txt'])
  await put('empty.txt', '')
  await create('empty', file('empty.txt', 's3://box/empty.txt'))
  assert.equal(await textOf((await attached('empty'))?.[0]?.Url), '')
  const both = await create('both', folder('s3://box/in'), file('zero.py', 'https://s3.amazonaws.com/box/top.txt'))
  assert.deepEqual(names(both.DocumentDescription?.AttachmentsInformation), ['one.py', 'two.py', 'zero.py'])
})

test('DOC-14 an attachment of another document or version is attached by reference', async () => {
  const { server, put, create, update, attached } = await start()
  await using _ = server
  await put('a.txt', 'first')
  await create('origin', file('a.txt', 's3://box/a.txt'))
  await create('copy', reference('origin/1/a.txt'))
  assert.equal(await textOf((await attached('copy'))?.[0]?.Url), 'first')
  const arn = `arn:aws:ssm:us-east-1:${server.house.rootKey.account}:document/origin`
  await create('by-arn', { ...reference(`${arn}/$LATEST/a.txt`), Name: 'renamed.txt' })
  assert.deepEqual(names(await attached('by-arn')), ['renamed.txt'])
  await update('origin', 'two', reference('origin/1/a.txt'))
  assert.equal(await textOf((await attached('origin', '2'))?.[0]?.Url), 'first')
  const gone = (value: string) => assert.rejects(create('no-doc', reference(value)), invalid(/there is no file/))
  await gone('origin/9/a.txt')
  await gone('origin/1/b.txt')
  await gone('nothing/1/a.txt')
  await gone('AWS-RunShellScript/1/a.txt')
  await assert.rejects(create('no-doc', reference('origin/a.txt')), invalid(/Document\/Version\/file/))
})

test('DOC-14 what cannot be attached is refused, and leaves nothing behind', async () => {
  const { server, put, create, attached } = await start({ database: 'postgres' })
  await using _ = server
  await put('a.txt', 'a')
  await put('odd/a b.txt', 'a')
  await put('large', Buffer.alloc(6 * 1024 ** 2))
  await Promise.all(Array.from({ length: 21 }, (_, index) => put(`many/file-${index}`, 'x')))
  const refused = (message: RegExp, ...sources: AttachmentsSource[]) =>
    assert.rejects(create('my-doc', ...sources), invalid(message))
  await refused(/needs a Name/, { Key: 'S3FileUrl', Values: ['s3://box/a.txt'] })
  await refused(/takes no Name/, { ...folder('s3://box'), Name: 'name' })
  await refused(/no address of a file/, file('abc', 's3://box/in/'))
  await refused(/no address in S3/, folder('box'))
  await refused(/no address in S3/, folder('s3://Box!/in'))
  await refused(/no address in S3/, file('a.txt', 's3://box/a\0b'))
  await refused(/no address in S3/, file('a.txt', 'https://s3.amazonaws.com/box/a%00b'))
  await refused(/Document\/Version\/file/, reference('a\0b/1/a.txt'))
  await refused(/there is no file s3:\/\/box\/b.txt/, file('b.txt', 's3://box/b.txt'))
  await refused(/there is no file/, file('b.txt', 's3://nowhere/b.txt'))
  await refused(/there are no files/, folder('s3://box/empty'))
  await refused(/there are no files/, folder('s3://nowhere'))
  await refused(/cannot be called 'a b.txt'/, folder('s3://box/odd'))
  await refused(/two files are called a.txt/, file('a.txt', 's3://box/a.txt'), file('a.txt', 's3://box/a.txt'))
  await refused(/more than 20 files/, folder('s3://box/many'))
  await refused(/at most 20|less than or equal to 20/, ...Array(21).fill(folder('s3://box')))
  await assert.rejects(create('my-doc', file('one', 's3://box/large'), file('two', 's3://box/large')), {
    name: 'MaxDocumentSizeExceeded',
    message: /at most 10485760 bytes/,
  })
  await create('my-doc', file('one', 's3://box/large'))
  assert.equal((await attached('my-doc'))?.[0]?.Size, 6 * 1024 ** 2)
  await create('none')
  assert.equal(await attached('none'), undefined)
})

test('DOC-14 an update with the same content and files is a duplicate, with other files it is not', async () => {
  const { server, put, create, update } = await start()
  await using _ = server
  await put('a.txt', 'a')
  await create('my-doc', file('a.txt', 's3://box/a.txt'))
  await assert.rejects(update('my-doc', 'one', file('a.txt', 's3://box/a.txt')), { name: 'DuplicateDocumentContent' })
  const { DocumentDescription } = await update('my-doc', 'one', file('b.txt', 's3://box/a.txt'))
  assert.equal(DocumentDescription?.DocumentVersion, '2')
  assert.deepEqual(DocumentDescription?.AttachmentsInformation, [{ Name: 'b.txt' }])
})

test('DOC-14 files are read with the rights of the caller', async () => {
  const { server, put, as, create, attached } = await start()
  await using _ = server
  const { KeyMetadata } = await server.client(KMSClient).send(new CreateKeyCommand({}))
  await put('in/open.txt', 'open')
  await put('in/shut.txt', 'shut')
  await put('kms.txt', 'kms', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyMetadata?.Arn })
  await create('secret', file('shut.txt', 's3://box/in/shut.txt'))
  const allow = (Action: string | string[], Resource = '*') => ({ Effect: 'Allow', Action, Resource })
  const change = allow(['ssm:CreateDocument', 'ssm:UpdateDocument'])
  const ann = as(await aUser(server, 'ann', { statements: [change] }))
  const refused = (attempt: Promise<unknown>, message: RegExp) =>
    assert.rejects(attempt, { name: 'AccessDeniedException', message })

  await refused(ann.create('ann-1', file('shut.txt', 's3://box/in/shut.txt')), /s3:GetObject .*box\/in\/shut.txt/)
  await refused(ann.create('ann-1', folder('s3://box/in')), /s3:ListBucket .*arn:aws:s3:::box /)
  await refused(ann.create('ann-1', folder('s3://nowhere')), /s3:ListBucket/)
  await refused(ann.create('ann-1', file('b.txt', 's3://nowhere/b.txt')), /s3:GetObject/)
  await refused(ann.create('ann-1', reference('secret/1/shut.txt')), /ssm:GetDocument .*document\/secret/)
  await ann.create('ann-1')
  await refused(ann.update('ann-1', 'two', file('shut.txt', 's3://box/in/shut.txt')), /s3:GetObject/)

  const reading = allow('s3:GetObject', 'arn:aws:s3:::box/in/open.txt')
  const listing = {
    ...allow('s3:ListBucket', 'arn:aws:s3:::box'),
    Condition: { StringEquals: { 's3:prefix': 'in/' } },
  }
  await allowUser(server, 'ann', [change, reading, listing])
  await ann.create('ann-2', file('open.txt', 's3://box/in/open.txt'))
  await refused(ann.create('ann-3', folder('s3://box/in')), /s3:GetObject .*box\/in\/shut.txt/)
  await refused(ann.create('ann-3', folder('s3://box')), /s3:ListBucket/)

  const all = [change, allow('s3:*'), allow('ssm:GetDocument', 'arn:aws:ssm:*:*:document/secret')]
  await allowUser(server, 'ann', all)
  await ann.create('ann-3', folder('s3://box/in'), { ...reference('secret/1/shut.txt'), Name: 'again.txt' })
  assert.deepEqual(names(await attached('ann-3')), ['again.txt', 'open.txt', 'shut.txt'])
  await refused(ann.create('ann-4', file('kms.txt', 's3://box/kms.txt')), /kms:Decrypt/)
  await allowUser(server, 'ann', [...all, allow('kms:Decrypt')])
  await ann.create('ann-4', file('kms.txt', 's3://box/kms.txt'))
  assert.equal(await textOf((await attached('ann-4'))?.[0]?.Url), 'kms')
})

test('DOC-14 a file that takes long to read holds up nobody who writes', { timeout: 60_000 }, async () => {
  const { server, put, create, ssm } = await start()
  await using _ = server
  await put('slow.txt', 'slow')
  const folder = join(server.data, 'objects-test')
  const [path] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => statSync(name).isFile())
  rmSync(path!)
  // To open a pipe takes until somebody writes to it.
  execFileSync('mkfifo', [path!])
  const attempt = create('my-doc', file('slow.txt', 's3://box/slow.txt')).catch((error: Error) => error.name)
  try {
    const abortSignal = AbortSignal.timeout(20_000)
    for (const Name of ['one-more', 'another', 'the-last'])
      await ssm.send(new CreateDocumentCommand({ Name, Content: sampleContent('one') }), { abortSignal })
  } finally {
    closeSync(openSync(path!, constants.O_WRONLY | constants.O_NONBLOCK))
  }
  assert.equal(await attempt, 'InternalServerError')
})

test('DOC-14 attachments stay readable under a new master key', async () => {
  const { server, put, create, attached } = await start()
  await using _ = server
  await put('a.txt', 'a')
  await create('my-doc', file('a.txt', 's3://box/a.txt'))
  await jsonCall(server, 'Steward.RotateMasterKey', {}, { service: 'steward' })
  await server.settle()
  await server.advance(11 * 60_000)
  const { json } = await jsonCall(server, 'Steward.ListMasterKeys', {}, { service: 'steward' })
  assert.equal((json as { MasterKeys: object[] }).MasterKeys.length, 1)
  assert.equal(await textOf((await attached('my-doc'))?.[0]?.Url), 'a')
})
