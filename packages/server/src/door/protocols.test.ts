import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DescribeActivationsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { SignatureV4 } from '@smithy/signature-v4'
import { loadService, ServiceModel } from '@steward/model'
import { startServer, type TestServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { credentialsOf } from '#gateway/testing/node-calls.ts'
import { Sha256 } from '#iam/testing/sha256.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { HttpRequest } from './http-message.ts'
import { restJson } from './rest-json.ts'
import { type RawCall, rawCall } from './testing/raw-call.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }

function sts(server: TestServer, body: string, more: RawCall = {}) {
  return rawCall(server, { service: 'sts', headers: FORM, body, ...more })
}

test('X-03 AWS JSON is POST only: with any other method there is no operation, and nothing is done', async () => {
  await using server = await startServer()
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.CreateActivation' }
  const ask = (method: string, more: RawCall = {}) =>
    rawCall(server, { method, headers, ...(method === 'GET' ? {} : { body: '{"IamRole":"Role"}' }), ...more })
  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
    const { status, json } = await ask(method)
    assert.deepEqual(
      [status, json],
      [
        400,
        {
          __type: 'UnknownOperationException',
          message: `There is no operation at ${method} with X-Amz-Target.`,
        },
      ],
    )
  }
  assert.equal((await ask('HEAD', { body: '' })).status, 400)
  const { ActivationList } = await server.client(SSMClient).send(new DescribeActivationsCommand({}))
  assert.deepEqual(ActivationList, [])
  assert.equal((await ask('POST')).status, 200)
})

test('X-03 the Query protocol: a form in, XML out', async () => {
  await using server = await startServer({ env: { STEWARD_ACCOUNT: '123456789012' } })
  const answer = await sts(server, 'Action=GetCallerIdentity&Version=2011-06-15')
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'text/xml')
  const requestId = answer.headers.get('x-amzn-requestid')
  assert.equal(
    answer.text,
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
      '<UserId>123456789012</UserId><Account>123456789012</Account><Arn>arn:aws:iam::123456789012:root</Arn>' +
      `</GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>` +
      '</GetCallerIdentityResponse>',
  )
  const node = await FakeNode.enrol(server)
  const asNode = await sts(server, 'Action=GetCallerIdentity', { credentials: credentialsOf(node) })
  assert.match(asNode.text, new RegExp(`<Arn>arn:aws:sts::123456789012:assumed-role/\\w+/${node.id}</Arn>`))
})

test('X-03 the Query protocol answers in JSON whoever asks for it, refusals too', async () => {
  await using server = await startServer()
  const ask = async (body: string, accept = 'application/json') => {
    const { status, text, headers } = await sts(server, body, { headers: { ...FORM, accept } })
    return { status, type: headers.get('content-type'), requestId: headers.get('x-amzn-requestid'), text }
  }
  const me = await ask('Action=GetCallerIdentity&Version=2011-06-15')
  assert.deepEqual([me.status, me.type], [200, 'application/json'])
  const account = '000000000000'
  assert.deepEqual(JSON.parse(me.text), {
    GetCallerIdentityResponse: {
      GetCallerIdentityResult: { UserId: account, Account: account, Arn: `arn:aws:iam::${account}:root` },
      ResponseMetadata: { RequestId: me.requestId },
    },
  })
  const refused = await ask('Action=Nope')
  assert.deepEqual([refused.status, refused.type], [400, 'application/json'])
  const { Error: fault, RequestId } = JSON.parse(refused.text)
  assert.deepEqual([fault.Code, fault.Type, RequestId], ['InvalidAction', 'Sender', refused.requestId])
  assert.equal((await ask('Action=GetCallerIdentity', '*/*')).type, 'text/xml')
})

test('X-05 errors of the Query protocol have the names and statuses that STS and IAM give them', async () => {
  await using server = await startServer()
  const told = async (body: string, more: RawCall = {}) => {
    const { status, text, headers } = await sts(server, body, more)
    assert.ok(headers.get('x-amzn-requestid'))
    return `${status} ${/<Type>(\w+)<\/Type><Code>(\w+)</.exec(text)?.slice(1).join(' ')}`
  }
  const identity = 'Action=GetCallerIdentity'
  const { rootKey } = server.house
  assert.equal(await told(identity, { credentials: null }), '403 Sender MissingAuthenticationToken')
  assert.equal(
    await told(identity, { credentials: { ...rootKey, secretAccessKey: 'x' } }),
    '403 Sender SignatureDoesNotMatch',
  )
  assert.equal(
    await told(identity, { credentials: { ...rootKey, accessKeyId: 'AKIANOBODY' } }),
    '403 Sender InvalidClientTokenId',
  )
  assert.equal(await told('Action=Nope'), '400 Sender InvalidAction')
  assert.equal(await told('Version=2011-06-15'), '400 Sender InvalidAction')
  assert.equal(await told('Action=AssumeRoleWithSAML&Version=2011-06-15'), '501 Receiver NotImplemented')
  assert.equal(await told('%%%=&&&'), '400 Sender InvalidAction')
})

test('X-04 a presigned GET is a call like any other, to STS for a quarter of an hour whatever it says itself', async () => {
  await using server = await startServer()
  const { hostname, port, host } = new URL(server.url)
  const presign = async (expiresIn: number, signingDate = server.house.clock.now()) => {
    const signer = new SignatureV4({
      service: 'sts',
      region: 'us-east-1',
      credentials: server.house.rootKey,
      sha256: Sha256,
    })
    const query = { Action: 'GetCallerIdentity', Version: '2011-06-15' }
    const request = {
      method: 'GET',
      protocol: 'http:',
      hostname,
      port: Number(port),
      path: '/',
      query,
      headers: { host },
    }
    const signed = await signer.presign(request, { expiresIn, signingDate })
    return `${server.url}/?${new URLSearchParams(signed.query as Record<string, string>)}`
  }
  const good = await fetch(await presign(60))
  assert.equal(good.status, 200)
  assert.match(await good.text(), /<Arn>arn:aws:iam::000000000000:root<\/Arn>/)

  const minutesAgo = (minutes: number) => new Date(server.house.clock.now().getTime() - minutes * 60_000)
  assert.equal((await fetch(await presign(60, minutesAgo(14)))).status, 200)
  const expired = await fetch(await presign(3600, minutesAgo(16)))
  assert.equal(expired.status, 403)
  assert.match(await expired.text(), /<Code>SignatureDoesNotMatch<\/Code><Message>Signature expired: .* - 15 min\.\)/)
})

// ---------------------------------------------------------------------------------------------------------------------
// REST-JSON has no service here yet, so a small one stands in.

const things = new ServiceModel('things', {
  metadata: {
    apiVersion: '2026-01-01',
    endpointPrefix: 'things',
    protocol: 'rest-json',
    serviceFullName: 'Things',
    serviceId: 'Things',
  },
  operations: {
    PutThing: {
      http: { method: 'PUT', requestUri: '/things/{Name}', responseCode: 201 },
      input: 'PutThingRequest',
      output: 'PutThingResponse',
    },
  },
  shapes: {
    Text: { type: 'string' },
    Number: { type: 'integer' },
    Time: { type: 'timestamp' },
    ThingTaken: { type: 'structure', exception: true, members: { Message: { shape: 'Text' } } },
    PutThingRequest: {
      type: 'structure',
      required: ['Name'],
      members: {
        Name: { shape: 'Text', location: 'uri', locationName: 'Name' },
        Limit: { shape: 'Number', location: 'querystring', locationName: 'limit' },
        Token: { shape: 'Text', location: 'header', locationName: 'X-Token' },
        Note: { shape: 'Text' },
      },
    },
    PutThingResponse: {
      type: 'structure',
      members: {
        ETag: { shape: 'Text', location: 'header', locationName: 'ETag' },
        Note: { shape: 'Text' },
        Made: { shape: 'Time' },
      },
    },
  },
})

const PutThing = things.operation('PutThing')!
const asked = { service: things, operationName: 'PutThing', operation: PutThing, protocol: restJson }

function restRequest(more: Partial<HttpRequest>): HttpRequest {
  const { signal } = new AbortController()
  return {
    method: 'PUT',
    path: '/things/a',
    query: '',
    headers: {},
    body: Buffer.alloc(0),
    sourceIp: '',
    secure: false,
    signal,
    ...more,
  }
}

test('X-02 REST-JSON reads its input from path, query, headers and body', () => {
  const parse = (more: Partial<HttpRequest>) => restJson.parse(asked, PutThing, restRequest(more))
  assert.deepEqual(
    parse({
      path: '/things/a%20b%2Fc',
      query: 'limit=5&other=1',
      headers: { 'x-token': 't' },
      body: Buffer.from('{"Note":"n"}'),
    }),
    { Name: 'a b/c', Limit: 5, Token: 't', Note: 'n' },
  )
  assert.deepEqual(parse({}), { Name: 'a' })
  assert.throws(() => parse({ body: Buffer.from('{') }), { name: 'ApiError', code: 'SerializationException' })
  assert.throws(() => parse({ path: '/elsewhere' }), { name: 'ApiError', code: 'UnknownOperationException' })
})

test('X-02 REST-JSON answers with the model’s status, headers and body, X-07 times as modelled', () => {
  const output = { ETag: 'e', Note: 'n', Made: new Date('2026-11-21T00:00:00.250Z') }
  const { status, headers, body } = restJson.render(PutThing, output, 'id')
  assert.equal(status, 201)
  assert.deepEqual({ ...headers }, { 'content-type': 'application/json', etag: 'e', 'x-amzn-requestid': 'id' })
  assert.deepEqual(JSON.parse(body as string), { Note: 'n', Made: 1795219200.25 })
})

test('X-05 REST-JSON names its errors in a header', () => {
  const error = new ApiError('ThingNotFound', 'There is none.')
  const { status, headers, body } = restJson.renderError(error, 404, { asked, requestId: 'id' })
  assert.equal(status, 404)
  assert.equal(headers['x-amzn-errortype'], 'ThingNotFound')
  assert.equal(body, '{"message":"There is none."}')
})

test('X-05 in REST-JSON too the error’s message is in the member that the model says, for which some SDKs look alone', () => {
  const rendered = (code: string, service: ServiceModel) =>
    restJson.renderError(new ApiError(code, 'No.'), 400, { asked: { ...asked, service }, requestId: 'id' }).body
  assert.equal(rendered('ThingTaken', things), '{"Message":"No."}')
  assert.equal(rendered('ValidationException', things), '{"message":"No."}')
  // Told as BadRequestException there, which has it so.
  assert.equal(rendered('ValidationException', loadService('resource-groups')), '{"Message":"No."}')
})
