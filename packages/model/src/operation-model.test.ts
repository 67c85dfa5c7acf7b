import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { loadService } from './index.ts'
import { arbitraryOf } from './testing/shape-arbitraries.ts'

const ssm = loadService('ssm')
const RUNS = { numRuns: 8 }

/** An operation that is known to exist. */
function operation(name: string) {
  const found = ssm.operation(name)
  assert.ok(found, name)
  return found
}

/** What a client sends for a value: JSON has no dates and no bytes. */
function toWire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(toWire)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toWire(field)]))
}

describe('reading input', () => {
  test('X-06 every input that a model allows is read back as it was and breaks no constraint', () => {
    for (const name of ssm.operations) {
      const model = operation(name)
      if (!model.inputShape) continue
      fc.assert(
        fc.property(arbitraryOf(ssm.shapes, model.inputShape), (input) => {
          const verdict = model.validateInput(JSON.parse(JSON.stringify(toWire(input))))
          assert.deepEqual(verdict, { value: input, violations: [] }, name)
        }),
        RUNS,
      )
    }
  })

  test('no JSON whatever makes reading fail in an unforeseen way', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ssm.operations), fc.jsonValue(), fc.string(), (name, json, text) => {
        const model = operation(name)
        const members = Object.keys(ssm.shapes[model.inputShape ?? '']?.members ?? {})
        for (const raw of [json, Object.fromEntries(members.map((member) => [member, json])), text]) {
          const { violations, typeError } = model.validateInput(raw)
          assert.ok(typeError === undefined || violations.length === 0)
          assert.ok(violations.length <= 10)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('an input without dates, nulls and unknown members is not copied', () => {
    const raw = { DocumentName: 'AWS-RunShellScript', Parameters: { commands: ['true'] } }
    assert.equal(operation('SendCommand').validateInput(raw).value, raw)
  })

  test('unknown members and nulls are dropped at every depth', () => {
    const raw = { DocumentName: 'Doc', Comment: null, Nope: 1, Targets: [{ Key: 'tag:a', Nope: 2, Values: ['b'] }] }
    assert.deepEqual(operation('SendCommand').validateInput(raw), {
      value: { DocumentName: 'Doc', Targets: [{ Key: 'tag:a', Values: ['b'] }] },
      violations: [],
    })
  })

  test('a map key named __proto__ is an ordinary key', () => {
    const raw = JSON.parse('{"DocumentName": "Doc", "Parameters": {"__proto__": ["x"]}, "__proto__": {"Comment": "y"}}')
    const { value } = operation('SendCommand').validateInput(raw)
    assert.deepEqual(Object.keys(value), ['DocumentName', 'Parameters'])
    assert.deepEqual(Object.keys(value.Parameters as object), ['__proto__'])
    assert.equal(value.Comment, undefined)
  })

  test('epoch seconds with a fraction become a date to the millisecond', () => {
    const raw = {
      AssociationId: '8dfe3659-4309-493a-8755-0123456789ab',
      InstanceId: 'mi-0123456789abcdef0',
      ExecutionResult: { Status: 'Pending', ExecutionDate: 1795229951.602, ExecutionSummary: '' },
    }
    const { value } = operation('UpdateInstanceAssociationStatus').validateInput(raw)
    assert.deepEqual((value.ExecutionResult as { ExecutionDate: Date }).ExecutionDate, new Date(1795229951602))
  })
})

describe('values of the wrong type are refused as AWS does', () => {
  const cases: [string, object, string][] = [
    ['SendCommand', { DocumentName: 5 }, 'NUMBER_VALUE cannot be converted to String'],
    ['SendCommand', { DocumentName: 0.5 }, 'DECIMAL_VALUE cannot be converted to String'],
    ['SendCommand', { DocumentName: true }, 'TRUE_VALUE cannot be converted to String'],
    ['SendCommand', { DocumentName: false }, 'FALSE_VALUE cannot be converted to String'],
    ['SendCommand', { DocumentName: ['a'] }, 'Unrecognized collection type class java.lang.String'],
    ['SendCommand', { DocumentName: { a: 1 } }, 'Start of structure or map found where not expected'],
    ['SendCommand', { TimeoutSeconds: '60' }, 'STRING_VALUE cannot be converted to Integer'],
    ['SendCommand', { TimeoutSeconds: true }, 'TRUE_VALUE cannot be converted to Integer'],
    ['SendCommand', { InstanceIds: 'i-12345678' }, 'Unexpected field type'],
    ['SendCommand', { InstanceIds: { a: 1 } }, 'Start of structure or map found where not expected'],
    ['SendCommand', { Parameters: ['a'] }, 'Start of list found where not expected'],
    ['SendCommand', { Parameters: { commands: 'ls' } }, 'Unexpected field type'],
    ['SendCommand', { NotificationConfig: 'x' }, 'Unexpected field type'],
    ['PutParameter', { Overwrite: 1 }, 'NUMBER_VALUE cannot be converted to Boolean'],
    ['PutParameter', { Overwrite: 'maybe' }, 'Unexpected token received from parser'],
    ['CreateActivation', { ExpirationDate: 'soon' }, 'STRING_VALUE can not be converted to milliseconds since epoch'],
    ['CreateActivation', { ExpirationDate: [] }, 'Start of list found where not expected'],
  ]
  for (const [name, raw, message] of cases) {
    test(`${JSON.stringify(raw)} is a SerializationException: ${message}`, () => {
      assert.deepEqual(operation(name).validateInput(raw), { value: {}, violations: [], typeError: message })
    })
  }

  test('an input that is no object is refused too', () => {
    assert.equal(operation('SendCommand').validateInput([]).typeError, 'Start of list found where not expected')
    assert.equal(operation('SendCommand').validateInput('x').typeError, 'Unexpected field type')
  })

  test('input nested without end is refused, not an error of ours', () => {
    const depth = 100_000
    const raw = JSON.parse(`${'{"Aggregators":['.repeat(depth)}${']}'.repeat(depth)}`)
    assert.equal(operation('GetInventory').validateInput(raw).typeError, 'Nesting is too deep')
  })

  test('whole numbers lose their fraction and are held within 32 bits, booleans may be words', () => {
    const { value } = operation('SendCommand').validateInput({ DocumentName: 'Doc', TimeoutSeconds: 60.9 })
    assert.equal(value.TimeoutSeconds, 60)
    const { violations } = operation('SendCommand').validateInput({ DocumentName: 'Doc', TimeoutSeconds: 1e12 })
    assert.match(violations[0]!, /^Value '2147483647' at 'timeoutSeconds'/)
    assert.equal(operation('PutParameter').validateInput({ Overwrite: 'TRUE' }).value.Overwrite, true)
  })
})

describe('writing output', () => {
  test('dates are epoch seconds, unknown and undefined members are left out', () => {
    const body = operation('SendCommand').renderOutput({
      Command: { CommandId: 'c', RequestedDateTime: new Date(1700000000123), Comment: undefined, Mine: 1 },
      Mine: 2,
    })
    assert.equal(body, '{"Command":{"CommandId":"c","RequestedDateTime":1700000000.123}}')
  })

  test('an operation without output answers an empty object', () => {
    assert.equal(operation('UpdateInstanceInformation').renderOutput({}), '{}')
  })

  test('a handler that returns what the model does not allow is told so', () => {
    const output = { Command: { CommandId: 3, Status: 'Lost', RequestedDateTime: 'now', Mine: 1 }, Mine: null }
    assert.deepEqual(operation('SendCommand').checkOutput(output), [
      'SendCommandResult.Command.CommandId must be a string, not number 3',
      'SendCommandResult.Command.Status must not be "Lost": not in the enumeration',
      'SendCommandResult.Command.RequestedDateTime must be a valid Date, not string now',
      'SendCommandResult.Command.Mine is not in the model',
      'SendCommandResult.Mine is not in the model',
    ])
  })

  test('every output that a model allows passes the check of outputs', () => {
    for (const name of ssm.operations) {
      const model = operation(name)
      if (!model.outputShape) continue
      fc.assert(
        fc.property(arbitraryOf(ssm.shapes, model.outputShape), (output) =>
          assert.deepEqual(model.checkOutput(output), []),
        ),
        { numRuns: 5 },
      )
    }
  })
})

test('declared errors carry the status of the model, faults of the server 500', () => {
  const errors = new Map(operation('SendCommand').errors.map(({ code, httpStatus }) => [code, httpStatus]))
  assert.equal(errors.get('InvalidDocument'), 400)
  assert.equal(errors.get('InternalServerError'), 500)
  assert.equal(operation('SendCommand').declares('InvalidDocument'), true)
  assert.equal(operation('SendCommand').declares('ParameterNotFound'), false)
})

test('paths of sensitive input lead through lists and maps', () => {
  assert.deepEqual(operation('SendCommand').sensitiveInputPaths, ['Parameters'])
  assert.deepEqual(operation('PutParameter').sensitiveInputPaths, ['Value'])
  assert.deepEqual(operation('UpdatePatchBaseline').sensitiveInputPaths, ['Sources[].Configuration'])
})

test('an answer with a member that was written before is the answer without', () => {
  const model = loadService('ssm')!.operation('DescribeInstanceInformation')!
  const InstanceInformationList = [
    { InstanceId: 'mi-00000000000000001', Name: 'Büro', LastPingDateTime: new Date(1_000_500) },
  ]
  const written = model.written('InstanceInformationList', InstanceInformationList)
  const rendered = (output: object) => JSON.parse(Buffer.from(model.renderOutput(output) as string).toString())
  for (const others of [{}, { NextToken: 'nächste' }, { NextToken: undefined }]) {
    assert.deepEqual(
      rendered({ ...others, InstanceInformationList: written }),
      rendered({ ...others, InstanceInformationList }),
    )
  }
  assert.deepEqual(model.checkOutput({ InstanceInformationList: written }), [])
  const wrong = model.written('InstanceInformationList', [
    { InstanceId: 1 },
  ] as unknown as typeof InstanceInformationList)
  assert.notDeepEqual(model.checkOutput({ InstanceInformationList: wrong }), [])
})
