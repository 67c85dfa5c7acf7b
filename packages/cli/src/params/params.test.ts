import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatEnvFile, parseEnvFile, variableName } from './env-file.ts'
import { lineDiff } from './line-diff.ts'
import { type Attributes, fromJson, toJson } from './parameter-file.ts'
import { parameterTree } from './parameter-tree.ts'
import { badName, badValue } from './unwritable.ts'

test('PS-21 parameters are drawn as a tree', () => {
  const leaf = (name: string, ...cells: string[]) => ({ name, cells })
  const tree = parameterTree([
    leaf('/shop', 'String', 'v1'),
    leaf('/shop/db/password', 'SecureString', 'v12'),
    leaf('/shop/db/user', 'String', 'v1'),
    leaf('/shop/url', 'String', 'v3'),
    leaf('plain', 'StringList', 'v1'),
  ])
  assert.equal(
    tree,
    [
      '/plain            StringList    v1',
      '/shop             String        v1',
      '├── db',
      '│   ├── password  SecureString  v12',
      '│   └── user      String        v1',
      '└── url           String        v3',
      '',
    ].join('\n'),
  )
})

test('PS-21 .env files are read as shells read them', () => {
  const text = [
    '# a comment',
    '',
    'PLAIN=a b  # not part of it',
    'export QUOTED="a # b\\nc"',
    "SINGLE='$HOME \\n'",
    'EMPTY=',
    'LINES="first',
    'second"',
    'EQUALS=a=b',
  ].join('\n')
  assert.deepEqual(Object.fromEntries(parseEnvFile(text).map(({ name, value }) => [name, value])), {
    PLAIN: 'a b',
    QUOTED: 'a # b\nc',
    SINGLE: '$HOME \\n',
    EMPTY: '',
    LINES: 'first\nsecond',
    EQUALS: 'a=b',
  })
  assert.throws(() => parseEnvFile('A=1\nnonsense'), { message: 'Line 2 is not NAME=VALUE.' })
})

test('PS-21 what is exported is read back as it was', () => {
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('"', "'", '\\', '$', '`', '\n', '\r', '#', ' ', 'a', 'n') }),
  )
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), (values) => {
      const variables = values.map((text, index) => ({ name: `V${index}`, value: text }))
      assert.deepEqual(parseEnvFile(formatEnvFile(variables)), variables)
    }),
  )
  assert.equal(variableName('/shop', '/shop/db/pass-word'), 'DB_PASS_WORD')
  assert.equal(variableName('/', '/9lives'), '_9LIVES')
})

test('PS-21 JSON files name values, or values with types', () => {
  assert.deepEqual(fromJson('{"a": "1", "/b": {"type": "SecureString", "value": "2"}}', '/p'), [
    { name: '/p/a', value: '1', type: undefined, more: {} },
    { name: '/b', value: '2', type: 'SecureString', more: {} },
  ])
  for (const bad of ['[]', 'x', '{"a": 1}', '{"a": {"value": "v", "type": "Text"}}', '{"a": null}']) {
    assert.throws(() => fromJson(bad, '/'), { name: 'UsageFault' })
  }
})

test('PS-21 JSON files say what else parameters have, and nothing that would be lost', () => {
  const more = {
    KeyId: 'alias/shop',
    Description: 'for the till',
    Tier: 'Advanced',
    AllowedPattern: '^v',
    DataType: 'aws:ssm:integration',
  } as const
  const parameters = [
    { Name: '/a', Type: 'SecureString', Value: 'v', DataType: more.DataType },
    { Name: '/b', Type: 'SecureString', Value: 'v', DataType: 'text' },
  ] as const
  const plain = { KeyId: 'alias/aws/ssm', Tier: 'Standard' } as const
  const known = new Map<string, Attributes>(Object.entries({ '/a': more, '/b': plain }))
  const text = toJson(parameters, known)
  assert.deepEqual(fromJson(text, '/'), [
    { name: '/a', value: 'v', type: 'SecureString', more },
    { name: '/b', value: 'v', type: 'SecureString', more: {} },
  ])
  for (const [bad, message] of [
    [
      '{"a": {"value": "v", "keyid": "x"}}',
      /^a has 'keyid', which is not known\. An entry may have type, value, keyId,/,
    ],
    ['{"a": {"value": "v", "tier": "Big"}}', /^The tier of a is 'Big', which is none of Standard, Advanced,/],
    ['{"a": {"value": "v", "description": 1}}', /^The description of a is not a string\.$/],
  ] as const) {
    assert.throws(() => fromJson(bad, '/'), { name: 'UsageFault', message })
  }
})

test('PS-21 what the server would refuse is known by its name or its value', () => {
  for (const name of ['plain', '/a/b.c-d_e', '/a'.repeat(15)]) assert.equal(badName(name), undefined, name)
  for (const name of ['/aws/x', 'ssmthing', 'a/b', '/a b', '/a//b', '/a/', '', '/a'.repeat(16)]) {
    assert.notEqual(badName(name), undefined, name)
  }
  for (const value of ['v', '{{', '}} {{', 'ü'.repeat(4096)]) assert.equal(badValue(value), undefined)
  for (const value of ['', 'a{{b\n}}', 'ü'.repeat(4097)]) assert.notEqual(badValue(value), undefined)
})

test('PS-21 a diff says which lines went and came, and undoing it gives both texts', () => {
  assert.deepEqual(lineDiff('a\nb\nc', 'a\nc\nd'), [' a', '-b', ' c', '+d'])
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }).map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDiff(before, after)
      const side = (mark: string) =>
        lines.filter((line) => ' '.concat(mark).includes(line[0]!)).map((line) => line.slice(1))
      assert.equal(side('-').join('\n'), before)
      assert.equal(side('+').join('\n'), after)
    }),
  )
})
