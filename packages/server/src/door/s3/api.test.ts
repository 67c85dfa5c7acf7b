import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { startServer, type TestServer } from '@steward/testkit'
import { aUser } from '#iam/testing/a-user.ts'
import type { S3Operation } from '#kernel/declare.ts'
import { loadCapabilities, loadS3Operations } from '../../capabilities.ts'
import { type RawCall, rawCall } from '../testing/raw-call.ts'

const operations = (await Promise.all((await loadCapabilities()).map(loadS3Operations))).flat()

/** A request for an operation, with nothing in it that the operation would take. */
function requestFor({ method, level, query, withHeader }: S3Operation): RawCall {
  const path = { service: '/', bucket: '/box', object: '/box/key' }[level]
  const headers = withHeader ? { [withHeader]: '/box/source' } : {}
  return { service: 's3', method, target: query.length > 0 ? `${path}?${query.join('&')}` : path, headers }
}

async function startWithBox(): Promise<TestServer> {
  const server = await startServer()
  const s3 = server.client(S3Client)
  await s3.send(new CreateBucketCommand({ Bucket: 'box' }))
  for (const Key of ['key', 'source']) await s3.send(new PutObjectCommand({ Bucket: 'box', Key, Body: 'content' }))
  return server
}

const codeOf = (text: string) => /<Code>(.*?)<\/Code>/.exec(text)?.[1]
const statusOnly = new Set(['HEAD'])

test('X-12 no operation of S3 answers who proves nothing, or proves it wrongly', async () => {
  await using server = await startWithBox()
  const wrong = { ...server.house.rootKey, secretAccessKey: 'wrong' }
  const nobody = { ...server.house.rootKey, accessKeyId: 'AKIANOBODY' }
  for (const operation of operations) {
    const request = requestFor(operation)
    for (const [credentials, code] of [
      [wrong, 'SignatureDoesNotMatch'],
      [nobody, 'InvalidAccessKeyId'],
    ] as const) {
      const { status, text } = await rawCall(server, { ...request, credentials })
      assert.equal(status, 403, operation.name)
      if (!statusOnly.has(operation.method)) assert.equal(codeOf(text), code, operation.name)
    }
    const { status } = await rawCall(server, { ...request, credentials: null })
    assert.notEqual(status, 200, operation.name)
  }
})

test('X-12 a stranger is refused every operation of S3, in AWS’s words', async () => {
  await using server = await startWithBox()
  const credentials = await aUser(server, 'stranger')
  for (const operation of operations) {
    // Decided on key by key.
    if (operation.name === 'DeleteObjects') continue
    const { status, text } = await rawCall(server, { ...requestFor(operation), credentials })
    assert.equal(status, 403, operation.name)
    if (statusOnly.has(operation.method)) continue
    assert.equal(codeOf(text), 'AccessDenied', operation.name)
    const sentence =
      /<Message>User: arn:aws:iam::000000000000:user\/stranger is not authorized to perform: (s3:\w+) on resource: arn:aws:s3:::\S+ because no identity-based policy allows the \1 action<\/Message>/
    assert.match(text, sentence, operation.name)
  }
})

test('an error says what it is about in XML, and its status', async () => {
  await using server = await startWithBox()
  const missing = await rawCall(server, { service: 's3', method: 'GET', target: '/box/n%20o' })
  assert.equal(missing.status, 404)
  assert.match(missing.headers.get('content-type')!, /xml/)
  const requestId = missing.headers.get('x-amz-request-id')
  assert.equal(
    missing.text,
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>' +
      `<Key>n o</Key><RequestId>${requestId}</RequestId><HostId>${requestId}</HostId></Error>`,
  )
  const head = await rawCall(server, { service: 's3', method: 'HEAD', target: '/box/none' })
  assert.deepEqual([head.status, head.text], [404, ''])
  const unknown = await rawCall(server, { service: 's3', method: 'GET', target: '/box?torrent' })
  assert.deepEqual([unknown.status, codeOf(unknown.text)], [501, 'NotImplemented'])
  const wrongMethod = await rawCall(server, { service: 's3', method: 'PATCH', target: '/box' })
  assert.deepEqual([wrongMethod.status, codeOf(wrongMethod.text)], [405, 'MethodNotAllowed'])
})

test('an upload by a form is refused as what is not there, in S3’s XML', async () => {
  await using server = await startWithBox()
  const body = new FormData()
  for (const [name, value] of Object.entries({ key: 'new', policy: 'e30=', file: 'content' })) body.append(name, value)
  const refused = await fetch(`${server.url}/box`, { method: 'POST', body })
  assert.deepEqual([refused.status, codeOf(await refused.text())], [501, 'NotImplemented'])
  assert.match(refused.headers.get('content-type')!, /xml/)
})

test('a signature that is not of now is refused', async () => {
  await using server = await startWithBox()
  const old = { service: 's3', method: 'GET', target: '/box/key', date: new Date(Date.now() - 16 * 60_000) }
  assert.equal(codeOf((await rawCall(server, old)).text), 'RequestTimeTooSkewed')
  assert.equal((await rawCall(server, { ...old, date: new Date(Date.now() - 14 * 60_000) })).status, 200)
})

test('the bucket may stand in the host, and its expected owner is held against it', async () => {
  await using server = await startWithBox()
  const s3 = server.client(S3Client, { endpoint: server.url.replace('127.0.0.1', 'localhost') })
  // The name need not resolve: the middleware sends the request to where the server is.
  s3.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { hostname: string }
      assert.equal(request.hostname, 'box.localhost')
      request.hostname = '127.0.0.1'
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  const found = await s3.send(new GetObjectCommand({ Bucket: 'box', Key: 'key' }))
  assert.equal(await found.Body!.transformToString(), 'content')
  const foreign = new GetObjectCommand({ Bucket: 'box', Key: 'key', ExpectedBucketOwner: '999999999999' })
  await assert.rejects(s3.send(foreign), { name: 'AccessDenied' })
})

test('who was given a link may send no header of S3’s that the link does not cover', async () => {
  await using server = await startWithBox()
  const s3 = server.client(S3Client)
  const link = await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'box', Key: 'inbox' }))
  const put = (headers: Record<string, string>) => fetch(link, { method: 'PUT', headers, body: 'mine' })
  const refused = await put({ 'x-amz-copy-source': '/box/source', 'x-amz-meta-a': 'b', 'content-type': 'text/x' })
  assert.equal(refused.status, 403)
  const text = await refused.text()
  assert.equal(codeOf(text), 'AccessDenied')
  assert.match(text, /<Message>There were headers present in the request which were not signed<\/Message>/)
  assert.match(text, /<HeadersNotSigned>x-amz-copy-source, x-amz-meta-a<\/HeadersNotSigned>/)
  await assert.rejects(s3.send(new GetObjectCommand({ Bucket: 'box', Key: 'inbox' })), { name: 'NoSuchKey' })

  assert.equal((await put({ 'content-type': 'text/x' })).status, 200)
  const signed = new PutObjectCommand({ Bucket: 'box', Key: 'inbox', Metadata: { a: 'b' } })
  const unhoistableHeaders = new Set(['x-amz-meta-a'])
  const covering = await getSignedUrl(s3, signed, { unhoistableHeaders })
  assert.equal((await fetch(covering, { method: 'PUT', headers: { 'x-amz-meta-a': 'b' }, body: 'mine' })).status, 200)
})

test('links of the second version of signatures are taken as they were signed', async () => {
  await using server = await startWithBox()
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const link = (path: string, expires: number, more = '') => {
    const text = `GET\n\n\n${expires}\n${path}${more && `?${more}`}`
    const signature = createHmac('sha1', secretAccessKey).update(text).digest('base64')
    const query = new URLSearchParams({ AWSAccessKeyId: accessKeyId, Expires: String(expires), Signature: signature })
    return `${server.url}${path}?${query}${more && `&${more}`}`
  }
  const soon = Math.floor(Date.now() / 1000) + 60
  const answer = await fetch(link('/box/key', soon, 'response-content-type=text/x'))
  assert.deepEqual([await answer.text(), answer.headers.get('content-type')], ['content', 'text/x'])
  assert.equal(answer.headers.get('content-security-policy'), 'sandbox', 'an object is no page of the console')
  assert.equal((await fetch(link('/box/key', soon - 120))).status, 403)
  assert.equal((await fetch(link('/box/source', soon).replace('/box/source', '/box/key'))).status, 403)
})

test('X-19 calls are on the audit trail: those about content as data events, and none with what proves the caller', async () => {
  await using server = await startWithBox()
  await rawCall(server, { service: 's3', method: 'GET', target: '/box/none?x-amz-secret=1&response-expires=2' })
  await server.settle()
  const { Events = [] } = await server.client(CloudTrailClient).send(new LookupEventsCommand({}))
  const records = Events.map((event) => JSON.parse(event.CloudTrailEvent!)).filter(
    ({ eventSource }) => eventSource === 's3.amazonaws.com',
  )
  const named = (name: string) => records.find(({ eventName }) => eventName === name)
  assert.deepEqual(named('CreateBucket').requestParameters, { bucketName: 'box' })
  assert.deepEqual([named('CreateBucket').readOnly, named('CreateBucket').eventCategory], [false, 'Management'])
  assert.deepEqual(named('PutObject').resources, [{ ARN: 'arn:aws:s3:::box/source', type: 'AWS::S3::Object' }])
  const refused = named('GetObject')
  assert.deepEqual([refused.errorCode, refused.readOnly, refused.eventCategory], ['NoSuchKey', true, 'Data'])
  assert.deepEqual(refused.requestParameters, { bucketName: 'box', key: 'none', 'response-expires': '2' })
})
