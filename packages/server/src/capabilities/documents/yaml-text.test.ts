import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '#kernel/api-error.ts'
import { readJson, writeJson } from './json-text.ts'
import { readYaml, writeYaml } from './yaml-text.ts'

const json = (text: string) => writeJson(readYaml(text).root)

test('DOC-22 YAML is written as recorded: a document start, quoted strings, plain keys, lists not indented', () => {
  const content =
    '{"schemaVersion":"2.2","parameters":{"commands":{"type":"StringList","default":["printf \'two\\\\n\'"],"minItems":1}},' +
    '"mainSteps":[{"action":"aws:runShellScript","name":"runShell","inputs":{"runCommand":"{{ commands }}","empty":{}}}]}'
  assert.equal(
    writeYaml(readJson(content).root),
    `---
schemaVersion: "2.2"
parameters:
  commands:
    type: "StringList"
    default:
    - "printf 'two\\\\n'"
    minItems: 1
mainSteps:
- action: "aws:runShellScript"
  name: "runShell"
  inputs:
    runCommand: "{{ commands }}"
    empty: {}
`,
  )
})

test('what readers of YAML refuse or take for the end of a line is written as an escape, in keys too', () => {
  const content = JSON.stringify({ 'a\u2028b': 'DEL \x7f NEL \x85 LS \u2028 PS \u2029 BOM \ufeff, ü 日 😀' })
  const yaml = writeYaml(readJson(content).root)
  assert.equal(yaml, '---\n"a\\u2028b": "DEL \\u007f NEL \\u0085 LS \\u2028 PS \\u2029 BOM \\ufeff, ü 日 😀"\n')
  assert.deepEqual(JSON.parse(json(yaml)), JSON.parse(content))
})

test('YAML 1.2 scalars: yes is a word, 010 is ten, 0x10 is sixteen', () => {
  assert.equal(
    json('a: yes\nb: 010\nc: 0x10\nd: true\ne: ~\nf:\ng: 2020-01-01'),
    '{"a":"yes","b":10,"c":16,"d":true,"e":null,"f":null,"g":"2020-01-01"}',
  )
})

test('numbers that JSON cannot say stay text, and keys are as they were written', () => {
  assert.equal(json('a: 12345678901234567890\nb: 0x1F\nc: +7'), '{"a":"12345678901234567890","b":31,"c":7}')
  assert.equal(json('1.0: .inf\n2: .nan\n"3": x'), '{"1.0":".inf","2":".nan","3":"x"}')
})

test('anchors are resolved, and a merge key is a key', () => {
  assert.equal(json('a: &x {k: [1]}\nb: *x\n<<: *x'), '{"a":{"k":[1]},"b":{"k":[1]},"<<":{"k":[1]}}')
})

const MALFORMED: [text: string, line: number, column: number][] = [
  ['a: [1', 1, 6],
  ['a: 1\n\tb: 2', 2, 1],
  ['- a\nb: 1', 2, 1],
  ['---\na: 1\n---\nb: 2', 3, 1],
  ['a: *nobody', 1, 4],
  ['? [a]\n: 1', 1, 3],
]

for (const [text, line, column] of MALFORMED) {
  test(`DOC-22 malformed YAML is told with its place: ${JSON.stringify(text)}`, () => {
    assert.throws(() => readYaml(text), {
      code: 'InvalidDocumentContent',
      message: `YAML not well-formed. at Line: ${line}, Column: ${column}`,
    })
  })
}

test('aliases that multiply, that contain themselves, and bottomless nesting are refused, quickly', () => {
  const levels = Array.from({ length: 9 }, (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`)
  const hostile = [
    ['a0: &a0 [x]', ...levels].join('\n'),
    'a: &a [*a]',
    '['.repeat(60_000),
    `a: &a 1\nb: [${'*a,'.repeat(20_000)}]\nc: [${'*a,'.repeat(20_000)}]\nd: [${'*a,'.repeat(20_000)}]\ne: [${'*a,'.repeat(10_000)}]`,
  ]
  const before = performance.now()
  for (const text of hostile) assert.throws(() => readYaml(text), { code: 'InvalidDocumentContent' })
  assert.ok(performance.now() - before < 5000)
})

test('any text is either read or refused as content', () => {
  const line = fc.constantFrom(
    'a: 1',
    '- x',
    '  b: &q [1, 2]',
    '? k',
    ': v',
    '*q',
    '|',
    '  text',
    '"',
    "'",
    '{',
    '}',
    '%TAG',
    '---',
    '!!map',
    '\t',
  )
  const texts = fc.oneof(
    fc.string(),
    fc.array(line).map((lines) => lines.join('\n')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      try {
        readYaml(text)
      } catch (error) {
        assert.ok(error instanceof ApiError, String(error))
        assert.equal(error.code, 'InvalidDocumentContent')
      }
    }),
  )
})

test('DOC-02 JSON to YAML and back keeps order and values', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary', maxDepth: 5 }), (text) => {
      const tree = readJson(text).root
      assert.equal(json(writeYaml(tree)), writeJson(tree))
    }),
  )
})
