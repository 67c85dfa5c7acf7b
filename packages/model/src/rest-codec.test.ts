import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GetRoleCredentialsCommand, SSOClient } from '@aws-sdk/nested-clients/sso'
import { loadService, matchRestOperation, parseRestInput, renderRestOutput, ServiceModel } from './index.ts'
import type { OperationTable, ShapeTable } from './service-table.ts'
import { captive, type WireRequest } from './testing/captive-client.ts'

/** A REST service made up for the test. */
function restService(operations: Record<string, OperationTable>, shapes: Record<string, ShapeTable>): ServiceModel {
  const scalars = {
    String: { type: 'string' },
    Integer: { type: 'integer' },
    Boolean: { type: 'boolean' },
    Time: { type: 'timestamp' },
    IsoTime: { type: 'timestamp', timestampFormat: 'iso8601' },
    Blob: { type: 'blob' },
    Strings: { type: 'list', member: { shape: 'String' } },
  } satisfies Record<string, ShapeTable>
  const metadata = { ...loadService('steward').metadata, protocol: 'rest-json' as const }
  return new ServiceModel('rest', { metadata, operations, shapes: { ...scalars, ...shapes } })
}

const things = restService(
  {
    GetThing: { http: { method: 'GET', requestUri: '/things/{Id}' }, input: 'ThingRequest', output: 'Thing' },
    GetDefault: { http: { method: 'GET', requestUri: '/things/default' } },
    PutThing: {
      http: { method: 'PUT', requestUri: '/things/{Id}/parts/{Part}', responseCode: 201 },
      input: 'ThingRequest',
      output: 'Thing',
    },
    Untag: { http: { method: 'DELETE', requestUri: '/tags/{Arn}', responseCode: 204 }, input: 'UntagRequest' },
    PutFile: { http: { method: 'PUT', requestUri: '/files/{Name}' }, input: 'File', output: 'File' },
  },
  {
    ThingRequest: {
      type: 'structure',
      required: ['Id'],
      members: {
        Id: { shape: 'String', location: 'uri', locationName: 'Id' },
        Part: { shape: 'Integer', location: 'uri', locationName: 'Part' },
        MaxResults: { shape: 'Integer', location: 'querystring', locationName: 'max_results' },
        Since: { shape: 'Time', location: 'querystring', locationName: 'since' },
        Force: { shape: 'Boolean', location: 'header', locationName: 'X-Force' },
        Name: { shape: 'String' },
        When: { shape: 'Time' },
        Seen: { shape: 'IsoTime' },
      },
    },
    Thing: {
      type: 'structure',
      members: {
        Version: { shape: 'Integer', location: 'header', locationName: 'Version-Number' },
        Changed: { shape: 'Time', location: 'header', locationName: 'Last-Modified' },
        Name: { shape: 'String' },
        When: { shape: 'Time' },
        Seen: { shape: 'IsoTime' },
      },
    },
    UntagRequest: {
      type: 'structure',
      required: ['Arn', 'Keys'],
      members: {
        Arn: { shape: 'String', location: 'uri', locationName: 'Arn' },
        Keys: { shape: 'Strings', location: 'querystring', locationName: 'tagKeys' },
      },
    },
    File: {
      type: 'structure',
      payload: 'Content',
      members: {
        Name: { shape: 'String', location: 'uri', locationName: 'Name' },
        Type: { shape: 'String', location: 'header', locationName: 'Content-Type' },
        Content: { shape: 'Blob' },
      },
    },
  },
)

/** The verdict on a request to the made-up service. */
function read(
  method: string,
  path: string,
  more: { query?: string; headers?: Record<string, string>; body?: unknown } = {},
) {
  const match = matchRestOperation(things, method, path)
  assert.ok(match, `${method} ${path}`)
  const { operation, labels } = match
  const { headers = {}, body } = more
  const input = parseRestInput(operation, { labels, query: new URLSearchParams(more.query), headers, body })
  return { name: operation.name, ...operation.validateInput(input) }
}

describe('routes', () => {
  test('a path is matched by method and segments, its labels decoded', () => {
    assert.deepEqual(matchRestOperation(things, 'GET', '/things/a%2Fb%20c')?.labels, { Id: 'a/b c' })
    assert.equal(matchRestOperation(things, 'PUT', '/things/a/parts/1')?.operation.name, 'PutThing')
    assert.equal(matchRestOperation(things, 'POST', '/things/a'), undefined)
    assert.equal(matchRestOperation(things, 'GET', '/things'), undefined)
    assert.equal(matchRestOperation(things, 'GET', '/things/a/b'), undefined)
  })

  test('a literal segment wins over a label, a bad encoding is taken as it stands', () => {
    assert.equal(matchRestOperation(things, 'GET', '/things/default')?.operation.name, 'GetDefault')
    assert.deepEqual(matchRestOperation(things, 'GET', '/things/%zz')?.labels, { Id: '%zz' })
  })
})

describe('requests', () => {
  test('input is gathered from path, query, headers and body', () => {
    const verdict = read('PUT', '/things/a/parts/7', {
      query: 'max_results=5&since=2026-11-21T10%3A00%3A00Z',
      headers: { 'x-force': 'true' },
      body: { Name: 'n', When: 1.5, Seen: '2026-11-21T10:00:00Z', Id: 'not from here', Unknown: 1 },
    })
    assert.deepEqual(verdict, {
      name: 'PutThing',
      violations: [],
      value: {
        Name: 'n',
        When: new Date(1500),
        Seen: new Date('2026-11-21T10:00:00Z'),
        Id: 'a',
        Part: 7,
        MaxResults: 5,
        Since: new Date('2026-11-21T10:00:00Z'),
        Force: true,
      },
    })
  })

  test('a list in the query repeats its name', () => {
    const { value } = read('DELETE', '/tags/arn%3Aaws%3Assm%3A%3A%3Adocument%2Fd', { query: 'tagKeys=a&tagKeys=b%20c' })
    assert.deepEqual(value, { Arn: 'arn:aws:ssm:::document/d', Keys: ['a', 'b c'] })
  })

  test('a body may be bytes', () => {
    const body = Buffer.from([0, 255])
    const { value } = read('PUT', '/files/f', { headers: { 'content-type': 'image/png' }, body })
    assert.deepEqual(value, { Content: body, Name: 'f', Type: 'image/png' })
    assert.equal(things.operation('PutFile')!.hasPayloadBlob, true)
    assert.equal(things.operation('PutThing')!.hasPayloadBlob, false)
  })

  test('a value or body of the wrong type is refused', () => {
    assert.equal(
      read('GET', '/things/a', { query: 'max_results=x' }).typeError,
      'STRING_VALUE cannot be converted to Integer',
    )
    assert.equal(read('GET', '/things/a', { body: ['x'] }).typeError, 'Start of list found where not expected')
  })
})

describe('answers', () => {
  test('bound members become headers, the rest JSON, the status is the model’s', () => {
    const time = new Date('2026-11-21T10:00:00Z')
    const answer = renderRestOutput(things.operation('PutThing')!, {
      Version: 3,
      Changed: time,
      Name: 'n',
      When: time,
      Seen: time,
    })
    assert.deepEqual(answer, {
      status: 201,
      headers: { 'version-number': '3', 'last-modified': 'Sat, 21 Nov 2026 10:00:00 GMT' },
      body: `{"Name":"n","When":${time.getTime() / 1000},"Seen":"2026-11-21T10:00:00Z"}`,
    })
  })

  test('without output there is an empty object, or nothing with status 204', () => {
    assert.deepEqual(renderRestOutput(things.operation('GetDefault')!, {}), { status: 200, headers: {}, body: '{}' })
    assert.deepEqual(renderRestOutput(things.operation('Untag')!, {}), { status: 204, headers: {}, body: '' })
  })

  test('bytes are the body', () => {
    const Content = new Uint8Array([1, 2])
    const answer = renderRestOutput(things.operation('PutFile')!, { Name: 'n', Type: 'image/png', Content })
    assert.deepEqual([answer.headers['content-type'], answer.body], ['image/png', Content])
  })
})

test('a client of the SDK is understood and understands the answer', async () => {
  const sso = restService(
    {
      GetRoleCredentials: {
        http: { method: 'GET', requestUri: '/federation/credentials' },
        input: 'Request',
        output: 'Response',
      },
    },
    {
      Request: {
        type: 'structure',
        required: ['roleName', 'accountId', 'accessToken'],
        members: {
          roleName: { shape: 'String', location: 'querystring', locationName: 'role_name' },
          accountId: { shape: 'String', location: 'querystring', locationName: 'account_id' },
          accessToken: { shape: 'String', location: 'header', locationName: 'x-amz-sso_bearer_token' },
        },
      },
      Response: { type: 'structure', members: { roleCredentials: { shape: 'Credentials' } } },
      Credentials: {
        type: 'structure',
        members: { accessKeyId: { shape: 'String' }, expiration: { shape: 'Integer' } },
      },
    },
  )
  const operation = sso.operation('GetRoleCredentials')!
  const output = { roleCredentials: { accessKeyId: 'AKID', expiration: 5 } }
  let seen: WireRequest | undefined
  const client = new SSOClient(
    captive((request) => {
      seen = request
      return renderRestOutput(operation, output)
    }),
  )
  const input = { roleName: 'a role', accountId: '1', accessToken: 't' }
  const answer = await client.send(new GetRoleCredentialsCommand(input))
  assert.deepEqual(answer.roleCredentials, output.roleCredentials)
  const query = new URLSearchParams(seen!.query as Record<string, string>)
  const match = matchRestOperation(sso, seen!.method, seen!.path)!
  const parsed = parseRestInput(match.operation, {
    labels: match.labels,
    query,
    headers: seen!.headers,
    body: undefined,
  })
  assert.deepEqual(match.operation.validateInput(parsed), { value: input, violations: [] })
})
