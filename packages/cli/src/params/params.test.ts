import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromJson } from '#commands/params-import.ts'
import { formatEnvFile, parseEnvFile, variableName } from './env-file.ts'
import { lineDiff } from './line-diff.ts'
import { parameterTree } from './parameter-tree.ts'

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
    { name: '/p/a', value: '1', type: undefined },
    { name: '/b', value: '2', type: 'SecureString' },
  ])
  for (const bad of ['[]', 'x', '{"a": 1}', '{"a": {"value": "v", "type": "Text"}}', '{"a": null}']) {
    assert.throws(() => fromJson(bad, '/'), { name: 'UsageFault' })
  }
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
