import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as sdk from '@aws-sdk/client-sts'
import * as fc from 'fast-check'
import {
  loadService,
  parseQueryInput,
  renderQueryError,
  renderQueryErrorJson,
  renderQueryJson,
  renderQueryOutput,
  ServiceModel,
} from './index.ts'
import { captive, type WireResponse } from './testing/captive-client.ts'
import { arbitraryOf } from './testing/shape-arbitraries.ts'

const sts = loadService('sts')

/** Sends an input through AWS's own client and gives the form it sent and what it made of the answer. */
async function send(
  name: string,
  input: object,
  answer: WireResponse,
): Promise<{ form: URLSearchParams; output: object }> {
  let form = new URLSearchParams()
  const client = new sdk.STSClient(
    captive((request) => {
      form = new URLSearchParams(request.body)
      return answer
    }),
  )
  const Command = (sdk as unknown as Record<string, new (input: object) => sdk.GetCallerIdentityCommand>)[
    `${name}Command`
  ]!
  const { $metadata, ...output } = await client.send(new Command(input))
  return { form, output }
}

/** A form cannot say that a list or structure is there but empty. */
function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return value
  const isEmpty = (field: unknown) => typeof field === 'object' && field !== null && Object.keys(field).length === 0
  if (Array.isArray(value)) return value.map(withoutEmpty).filter((element) => !isEmpty(element))
  const fields = Object.entries(value).map(([name, field]): [string, unknown] => [name, withoutEmpty(field)])
  return Object.fromEntries(fields.filter(([, field]) => !isEmpty(field)))
}

/** As answers tell dates. */
function inWholeSeconds(value: unknown): unknown {
  if (value instanceof Date) return new Date(Math.floor(value.getTime() / 1000) * 1000)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(inWholeSeconds)
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, inWholeSeconds(field)]))
}

test('the form the SDK sends for any valid input is read as that input', async () => {
  for (const name of sts.operations) {
    const model = sts.operation(name)!
    const empty = { status: 200, body: renderQueryOutput(model, {}, 'r') }
    await fc.assert(
      fc.asyncProperty(arbitraryOf(sts.shapes, model.inputShape!), async (input) => {
        const { form } = await send(name, input as object, empty)
        assert.equal(form.get('Action'), name)
        assert.equal(form.get('Version'), sts.metadata.apiVersion)
        const { value, typeError } = model.validateInput(parseQueryInput(model, form))
        assert.equal(typeError, undefined)
        assert.deepEqual(withoutEmpty(value), withoutEmpty(input), name)
      }),
      { numRuns: 20 },
    )
  }
})

test('the XML we write for any valid output is read by the SDK as that output', async () => {
  for (const name of sts.operations) {
    const model = sts.operation(name)!
    await fc.assert(
      fc.asyncProperty(arbitraryOf(sts.shapes, model.outputShape!), async (output) => {
        const answer = { status: 200, body: renderQueryOutput(model, output as object, 'request-1') }
        const read = await send(name, {}, answer)
        assert.deepEqual(read.output, inWholeSeconds(output), name)
      }),
      { numRuns: 20 },
    )
  }
})

test('an answer has the result in its wrapper and the request id beside it', () => {
  const xml = renderQueryOutput(sts.operation('GetCallerIdentity')!, { Account: '1', Arn: 'a<b>&"c"' }, 'request-1')
  assert.equal(
    xml,
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>1</Account>' +
      '<Arn>a&lt;b&gt;&amp;&quot;c&quot;</Arn></GetCallerIdentityResult><ResponseMetadata><RequestId>request-1</RequestId>' +
      '</ResponseMetadata></GetCallerIdentityResponse>',
  )
})

test('dates are ISO 8601 in XML and epoch seconds in JSON, without fractions', () => {
  const output = { Credentials: { Expiration: new Date('2026-11-21T10:00:00.999Z') } }
  const model = sts.operation('AssumeRole')!
  assert.match(renderQueryOutput(model, output, 'r'), /<Expiration>2026-11-21T10:00:00Z<\/Expiration>/)
  assert.equal(
    renderQueryJson(model, output, 'r'),
    '{"AssumeRoleResponse":{"AssumeRoleResult":{"Credentials":{"Expiration":1795255200}},"ResponseMetadata":{"RequestId":"r"}}}',
  )
})

test('an answer without members is its metadata in JSON, an error its code and whose fault it is', () => {
  const empty = renderQueryJson(loadService('iam').operation('DeleteUser')!, {}, 'r')
  assert.equal(empty, '{"DeleteUserResponse":{"ResponseMetadata":{"RequestId":"r"}}}')
  const error = { code: 'NoSuchEntity', message: 'No "ann".', status: 404 }
  assert.deepEqual(JSON.parse(renderQueryErrorJson(error, 'r')), {
    Error: { Code: 'NoSuchEntity', Message: 'No "ann".', Type: 'Sender' },
    RequestId: 'r',
  })
})

test('an error reaches the SDK with code, message and status', async () => {
  for (const status of [403, 500]) {
    const body = renderQueryError(sts, { code: 'AccessDenied', message: 'No <way>.', status }, 'request-1')
    await assert.rejects(send('GetCallerIdentity', {}, { status, body }), (error: sdk.STSServiceException) => {
      assert.equal(error.name, 'AccessDenied')
      assert.equal(error.message, 'No <way>.')
      assert.equal(error.$metadata.httpStatusCode, status)
      return true
    })
  }
  assert.match(renderQueryError(undefined, { code: 'X', message: '', status: 500 }, 'r'), /<Type>Receiver<\/Type>/)
})

describe('forms', () => {
  const model = sts.operation('AssumeRole')!

  test('elements are ordered by their number, fields of no member are ignored', () => {
    const form = new URLSearchParams(
      'Tags.member.10.Key=c&Tags.member.2.Key=b&Tags.member.1.Key=a&Tags.member.x.Key=z&RoleArn.More=1&__proto__.a=1&Action=AssumeRole',
    )
    assert.deepEqual(parseQueryInput(model, form), {
      RoleArn: '',
      Tags: [{ Key: 'a' }, { Key: 'b' }, { Key: 'c' }],
    })
  })

  test('a number that is none is refused', () => {
    const input = parseQueryInput(model, new URLSearchParams('DurationSeconds=soon'))
    assert.equal(model.validateInput(input).typeError, 'STRING_VALUE cannot be converted to Integer')
  })

  test('any form can be read', () => {
    const step = fc.oneof(fc.constantFrom('Tags', 'member', 'entry', '1', 'Key', 'RoleArn', ''), fc.string())
    const key = fc.array(step, { maxLength: 6 }).map((steps) => steps.join('.'))
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.string())), (fields) => {
        model.validateInput(parseQueryInput(model, new URLSearchParams(fields)))
      }),
    )
  })

  test('flattened lists, and maps with names of their own for keys and values', () => {
    const service = new ServiceModel('recorded', {
      metadata: sts.metadata,
      operations: { Op: { http: { method: 'POST', requestUri: '/' }, input: 'In', output: 'In' } },
      shapes: {
        In: {
          type: 'structure',
          members: { Ids: { shape: 'Ids' }, Attributes: { shape: 'Map' }, Flat: { shape: 'FlatMap' } },
        },
        Ids: { type: 'list', member: { shape: 'Text' }, flattened: true },
        Map: {
          type: 'map',
          key: { shape: 'Text', locationName: 'Name' },
          value: { shape: 'Text', locationName: 'Value' },
        },
        FlatMap: { type: 'map', key: { shape: 'Text' }, value: { shape: 'Text' }, flattened: true },
        Text: { type: 'string' },
      },
    })
    const op = service.operation('Op')!
    const form = 'Ids.1=a&Ids.2=b&Attributes.entry.1.Name=n&Attributes.entry.1.Value=v&Flat.1.key=k&Flat.1.value=w'
    const value = { Ids: ['a', 'b'], Attributes: { n: 'v' }, Flat: { k: 'w' } }
    assert.deepEqual(parseQueryInput(op, new URLSearchParams(form)), value)
    assert.match(
      renderQueryOutput(op, value, 'r'),
      /<OpResult><Ids>a<\/Ids><Ids>b<\/Ids><Attributes><entry><Name>n<\/Name><Value>v<\/Value><\/entry><\/Attributes><Flat><key>k<\/key><value>w<\/value><\/Flat><\/OpResult>/,
    )
  })
})
