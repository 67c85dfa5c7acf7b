import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as sdk from '@aws-sdk/client-ssm'
import * as fc from 'fast-check'
import { findByTargetPrefix, findServices, loadService, SERVICE_NAMES, type ServiceModel } from './index.ts'
import { compilePattern } from './java-pattern.ts'
import type { ShapeTable } from './service-table.ts'

const services = SERVICE_NAMES.map((name) => loadService(name))
const ssm = loadService('ssm')

describe('finding services', () => {
  test('by target prefix, as JSON clients name them', () => {
    assert.equal(findByTargetPrefix('AmazonSSM')?.name, 'ssm')
    assert.equal(findByTargetPrefix('EC2WindowsMessageDeliveryService')?.name, 'ec2messages')
    assert.equal(findByTargetPrefix('Steward')?.name, 'steward')
    assert.equal(findByTargetPrefix('amazonssm'), undefined)
  })

  test('by signing name, as signatures name them', () => {
    assert.deepEqual(
      findServices('sts').map(({ name, protocol }) => [name, protocol]),
      [['sts', 'query']],
    )
    assert.deepEqual(findServices('nothing'), [])
  })

  test('a service or operation that does not exist is undefined, also with a name of JavaScript', () => {
    assert.equal(loadService('nothing'), undefined)
    assert.equal(ssm.operation('constructor'), undefined)
    assert.equal(ssm.operation('toString'), undefined)
  })

  test('a service is loaded once, an operation compiled once', () => {
    assert.equal(loadService('ssm'), ssm)
    assert.equal(ssm.operation('SendCommand'), ssm.operation('SendCommand'))
  })
})

describe('tables', () => {
  test('every operation of every service compiles', () => {
    for (const service of services)
      for (const name of service.operations) assert.equal(service.operation(name)?.name, name)
  })

  test('operations that only agents call are marked', () => {
    const internal = ssm.operations.filter((name) => ssm.operation(name)!.internal)
    assert.deepEqual(internal, [
      'GetManifest',
      'ListInstanceAssociations',
      'PutConfigurePackageResult',
      'RegisterManagedInstance',
      'RequestManagedInstanceRoleToken',
      'UpdateInstanceAssociationStatus',
      'UpdateInstanceInformation',
      'UpdateManagedInstancePublicKey',
    ])
    assert.ok(
      loadService('ec2messages').operations.every((name) => loadService('ec2messages').operation(name)!.internal),
    )
  })

  test('pages are described by the members that exist', () => {
    for (const service of services) {
      for (const name of service.operations) {
        const { pagination, inputShape, outputShape } = service.operation(name)!
        if (!pagination) continue
        const input = Object.keys(service.shapes[inputShape!]!.members!)
        const output = Object.keys(service.shapes[outputShape!]!.members!)
        assert.ok(input.includes(pagination.inputToken), name)
        assert.ok(output.includes(pagination.outputToken), name)
        assert.ok(pagination.limitKey === undefined || input.includes(pagination.limitKey), name)
        for (const key of pagination.resultKeys) assert.ok(output.includes(key), name)
      }
    }
  })

  test('errors know their status and where their message goes', () => {
    assert.equal(ssm.errorStatus('InternalServerError'), 500)
    assert.equal(ssm.errorStatus('ParameterNotFound'), 400)
    assert.equal(ssm.errorStatus('NeverHeardOf'), 400)
    assert.equal(loadService('sts').errorStatus('IDPCommunicationError'), 400)
    assert.equal(ssm.errorMessageMember('InvalidDocument'), 'Message')
    assert.equal(ssm.errorMessageMember('ParameterNotFound'), 'message')
    assert.equal(ssm.errorMessageMember('InvalidCommandId'), undefined)
  })

  test('an error code of its own wins over the name of its shape', () => {
    assert.ok(loadService('sts').errorCodes.includes('PackedPolicyTooLarge'))
    assert.ok(!loadService('sts').errorCodes.includes('PackedPolicyTooLargeException'))
  })
})

describe('patterns', () => {
  const patterned = services.flatMap((service) =>
    Object.entries(service.shapes)
      .filter(([, shape]) => shape.pattern !== undefined)
      .map(([name, shape]): [string, ShapeTable] => [`${service.name} ${name}`, shape]),
  )

  test('the whole text must match, as in Java', () => {
    assert.equal(compilePattern('a|b')('ab'), false)
    assert.equal(compilePattern('^a$|b')('b'), true)
    assert.equal(compilePattern('a')('a\n'), false)
    assert.equal(compilePattern('(?i)all|[0-9]{12}')('ALL'), true)
    assert.equal(compilePattern('(?s).*')('a\nb'), true)
    assert.equal(compilePattern('(?m)^a$')('a\nb'), false)
    assert.equal(compilePattern('[\\p{L}]+')('ä'), true)
  })

  test('patterns that were written anew match the same texts', () => {
    const slow = patterned.filter(([, { pattern }]) => pattern!.startsWith('^[ \\t]*['))
    assert.equal(new Set(slow.map(([, { pattern }]) => pattern)).size, 2)
    const text = fc.string({
      unit: fc.constantFrom(' ', '\t', 'a', ':', '\n', '\u007f', '~', '\u0001', 'ä'),
      maxLength: 8,
    })
    for (const [name, { pattern }] of slow) {
      const whole = new RegExp(`^(?:${pattern})$`)
      const matches = compilePattern(pattern!)
      fc.assert(fc.property(text, (text) => assert.equal(matches(text), whole.test(text), name)))
    }
  })

  test('no text keeps a pattern busy', () => {
    const pieces = [
      'a',
      '0',
      '-',
      '_',
      '/',
      ':',
      '.',
      ' ',
      '"',
      'a.',
      'a/',
      'a-',
      'a b',
      '0.',
      '00:',
      's3://',
      'arn:aws:',
      'aA0',
      '\n',
    ]
    const ends = ['', '!', '\u0001', '/', '\n']
    for (const [name, shape] of patterned) {
      const matches = compilePattern(shape.pattern!)
      const length = Math.min(shape.max ?? 20_000, 20_000)
      for (const start of ['', 's3://a/', 'arn:aws:ssm:', 'https://', 'i-']) {
        for (const piece of pieces) {
          for (const end of ends) {
            const text = start + piece.repeat(Math.ceil(length / piece.length)) + end
            const begun = performance.now()
            matches(text)
            assert.ok(
              performance.now() - begun < 1000,
              `${name}: ${shape.pattern} on ${JSON.stringify(piece)} repeated`,
            )
          }
        }
      }
    }
  })
})

/** What the SDK's own schemas say of a structure: its members, of which the first so many are required. */
function sdkStructure(schema: unknown): { members: string[]; required: string[] } {
  const [, , , , members, , required = 0] = schema as [number, string, string, unknown, string[], unknown[], number?]
  return { members: members.toSorted(), required: members.slice(0, required).toSorted() }
}

function ourStructure(service: ServiceModel, shapeName: string): { members: string[]; required: string[] } {
  const shape = service.shapes[shapeName]!
  return { members: Object.keys(shape.members ?? {}).sort(), required: (shape.required ?? []).toSorted() }
}

describe('our tables of ssm and those of the SDK', () => {
  const schemas = sdk as unknown as Record<string, unknown>

  test('have the same operations', () => {
    const theirs = Object.keys(schemas).filter((name) => name.endsWith('Command') && name !== '$Command')
    const ours = ssm.operations.filter((name) => !ssm.operation(name)!.internal).map((name) => `${name}Command`)
    assert.deepEqual(ours.toSorted(), theirs.toSorted())
  })

  test('have the same members in every structure, errors included, and require the same', () => {
    const structures = Object.keys(ssm.shapes).filter((name) => ssm.shapes[name]!.type === 'structure')
    const common = structures.filter((name) => Array.isArray(schemas[`${name}$`]))
    assert.ok(common.length > 500)
    for (const name of common) {
      assert.deepEqual({ name, ...ourStructure(ssm, name) }, { name, ...sdkStructure(schemas[`${name}$`]) })
    }
  })

  test('have the same values in every enumeration', () => {
    const enums = Object.entries(ssm.shapes).filter(([, shape]) => shape.enum)
    const missing = enums.filter(([name]) => typeof schemas[name] !== 'object').map(([name]) => name)
    assert.deepEqual(missing, [])
    for (const [name, shape] of enums) {
      assert.deepEqual(
        { name, values: shape.enum!.toSorted() },
        { name, values: Object.values(schemas[name] as object).sort() },
      )
    }
  })
})
