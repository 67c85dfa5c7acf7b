import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '#kernel/api-error.ts'
import { documentContent } from './content.ts'
import { type SuppliedParameters, typedParameters } from './parameters.ts'

function declared(parameters: Record<string, unknown>) {
  const mainSteps = [{ action: 'aws:runShellScript', name: 'shell', inputs: {} }]
  return documentContent('Command', 'JSON', JSON.stringify({ schemaVersion: '2.2', parameters, mainSteps })).parameters
}

const PARAMETERS = declared({
  commands: { type: 'StringList', minItems: 1, maxItems: 3 },
  message: { type: 'String', default: 'hello', allowedPattern: '[a-z]+', minChars: 2, maxChars: 5 },
  action: { type: 'String', default: 'Install', allowedValues: ['Install', 'Uninstall'] },
  sure: { type: 'String', default: 'true', allowedValues: [true, false] },
  info: { type: 'StringMap', default: {} },
  maps: { type: 'MapList', default: [] },
  count: { type: 'Integer', default: 1 },
  flag: { type: 'Boolean', default: false },
})

const typed = (supplied: SuppliedParameters) => typedParameters('MyDoc', PARAMETERS, { commands: ['x'], ...supplied })

test('values reach the agent in the type that the document declares', () => {
  const supplied = {
    commands: ['echo a', ''],
    message: ['hey'],
    sure: ['True'],
    info: ['{"path":"https://example.com/x","deep":{"n":1}}'],
    maps: ['{"a":"1"}', '{"b":"2"}'],
    count: ['-42'],
    flag: ['TRUE'],
  }
  assert.deepEqual(typed(supplied), {
    commands: ['echo a', ''],
    message: 'hey',
    sure: 'True',
    info: { path: 'https://example.com/x', deep: { n: 1 } },
    maps: [{ a: '1' }, { b: '2' }],
    count: -42,
    flag: true,
  })
  assert.deepEqual(typed({ maps: ['[{"a":"1"}]'] }), { commands: ['x'], maps: [{ a: '1' }] })
})

test('defaults are left to the agent', () => {
  assert.deepEqual(typed({}), { commands: ['x'] })
})

const REFUSED: [supplied: SuppliedParameters, reason: string][] = [
  [{ runAs: ['root'] }, 'Parameter "runAs" is not defined in the document.'],
  [{ toString: ['x'] }, 'Parameter "toString" is not defined in the document.'],
  [{ commands: [] }, 'Parameter "commands" requires at least 1 items, got 0.'],
  [{ commands: ['1', '2', '3', '4'] }, 'Parameter "commands" allows at most 3 items, got 4.'],
  [{ message: [] }, 'Parameter "message" requires exactly one value, got 0.'],
  [{ message: ['ab', 'cd'] }, 'Parameter "message" requires exactly one value, got 2.'],
  [{ message: ['ab1'] }, 'Parameter "message" has value "ab1" that does not match [a-z]+.'],
  [{ message: ['a'] }, 'Parameter "message" requires at least 2 characters, got 1.'],
  [{ message: ['abcdef'] }, 'Parameter "message" allows at most 5 characters, got 6.'],
  [{ action: ['install'] }, 'Parameter "action" has value "install" not found in [Install, Uninstall].'],
  [{ info: ['path=x'] }, 'Parameter "info" has value "path=x" that is not of type StringMap.'],
  [{ info: ['[]'] }, 'Parameter "info" has value "[]" that is not of type StringMap.'],
  [{ maps: ['1'] }, 'Parameter "maps" is not a list of maps.'],
  [{ count: ['1.5'] }, 'Parameter "count" has value "1.5" that is not of type Integer.'],
  [{ flag: ['yes'] }, 'Parameter "flag" has value "yes" that is not of type Boolean.'],
]

for (const [supplied, reason] of REFUSED) {
  test(`RC-06 refused and named: ${reason}`, () => {
    assert.throws(() => typed(supplied), {
      code: 'InvalidParameters',
      message: `Parameters provided in document are invalid or not supported. ${reason}`,
    })
  })
}

test('DOC-08 a parameter without a default has to be given', () => {
  assert.throws(() => typedParameters('MyDoc', PARAMETERS, {}), {
    code: 'InvalidParameters',
    message: 'Parameters provided in document are invalid or not supported. Parameter "commands" requires a value.',
  })
})

test('DOC-08 a document without parameters takes none', () => {
  for (const none of [undefined, []]) {
    assert.deepEqual(typedParameters('MyDoc', none, {}), {})
    assert.throws(() => typedParameters('MyDoc', none, { a: ['1'] }), {
      code: 'InvalidParameters',
      message: 'document MyDoc does not support parameters.',
    })
  }
})

test('DOC-09 what Parameter Store will say is not checked before it is known', () => {
  const supplied = { message: ['{{ ssm:greeting }}'], action: ['{{ssm:/what/to/do:3}}'], count: ['{{ ssm:n }}'] }
  assert.deepEqual(typed(supplied), {
    commands: ['x'],
    message: '{{ ssm:greeting }}',
    action: '{{ssm:/what/to/do:3}}',
    count: '{{ ssm:n }}',
  })
})

test('Java expressions: an inline flag is understood, what JavaScript cannot compile is left to the agent', () => {
  const parameters = declared({
    word: { type: 'String', default: '', allowedPattern: '(?i)yes' },
    odd: { type: 'String', default: '', allowedPattern: 'a*+b' },
  })
  assert.deepEqual(typedParameters('D', parameters, { word: ['YES'], odd: ['zzz'] }), { word: 'YES', odd: 'zzz' })
  assert.throws(() => typedParameters('D', parameters, { word: ['no'] }), { code: 'InvalidParameters' })
})

test('whatever is supplied is typed or refused with an error of ours', () => {
  const name = fc.constantFrom('commands', 'message', 'action', 'info', 'maps', 'count', 'flag', '__proto__', 'other')
  const value = fc.oneof(fc.string(), fc.json(), fc.constantFrom('true', '1', '{}', '[{}]', '{{ ssm:x }}'))
  fc.assert(
    fc.property(fc.dictionary(name, fc.array(value, { maxLength: 3 })), (supplied) => {
      try {
        typedParameters('MyDoc', PARAMETERS, supplied)
      } catch (error) {
        assert.ok(error instanceof ApiError, String(error))
        assert.equal(error.code, 'InvalidParameters')
      }
    }),
  )
})
