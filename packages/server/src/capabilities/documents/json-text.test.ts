import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '#kernel/api-error.ts'
import { readJson, writeJson, writePrettyJson } from './json-text.ts'
import { isMap, type Tree } from './tree.ts'

const MALFORMED: [text: string, line: number, column: number, why: string][] = [
  ['{', 1, 2, 'recorded: the text ends early'],
  ['https://example.com', 1, 6, 'recorded: a word that is none'],
  ['', 1, 1, 'nothing at all'],
  ['{"a": 1,}', 1, 9, 'a comma too many'],
  ['{"a" 1}', 1, 6, 'no colon'],
  ['{\n  "a": [1 2]\n}', 2, 11, 'no comma'],
  ['{"a": tru}', 1, 10, 'half a word'],
  ['{"a": 01}', 1, 9, 'a leading zero'],
  ['{"a": 1e999}', 1, 12, 'a number that is none'],
  ['{} {}', 1, 4, 'two values'],
  ['{"a": "x\n"}', 1, 7, 'a line break in a string'],
  ['{a: 1}', 1, 2, 'a name without quotes'],
]

for (const [text, line, column, why] of MALFORMED) {
  test(`DOC-22 malformed JSON is told with its place: ${why}`, () => {
    assert.throws(() => readJson(text), {
      code: 'InvalidDocumentContent',
      message: `JSON not well-formed. at Line: ${line}, Column: ${column}`,
    })
  })
}

test('DOC-02 members keep their order, also number-like ones, and __proto__ is a name like any other', () => {
  const text = '{"b":1,"2":{"__proto__":[]},"1":null,"a":"\\u00e9\\n"}'
  const { root } = readJson(text)
  assert.ok(isMap(root))
  assert.deepEqual([...root.keys()], ['b', '2', '1', 'a'])
  assert.equal(writeJson(root), '{"b":1,"2":{"__proto__":[]},"1":null,"a":"é\\n"}')
})

test('DOC-13 an integer that a double cannot hold stays as it was written', () => {
  const text = '{"a":9007199254740991,"b":12345678901234567890,"c":-9007199254740993,"d":1.5e3}'
  const kept = '{"a":9007199254740991,"b":"12345678901234567890","c":"-9007199254740993","d":1500}'
  assert.equal(writeJson(readJson(text).root), kept)
})

test('a repeated member wins over the earlier one', () => {
  assert.equal(writeJson(readJson('{"a":1,"a":2}').root), '{"a":2}')
})

test('a mapping knows the place of its closing brace', () => {
  const { root, placeOf } = readJson('{\n  "a": {\n  }\n}')
  assert.ok(isMap(root))
  const inner = root.get('a')
  assert.ok(isMap(inner))
  assert.deepEqual(placeOf(inner), { line: 3, column: 3 })
})

test('DOC-22 pretty JSON is laid out as recorded', () => {
  const text = '{"a":"x","list":[{"k":["v",1]},{"k":[]}],"empty":{},"n":null}'
  const pretty = `{
  "a" : "x",
  "list" : [ {
    "k" : [ "v", 1 ]
  }, {
    "k" : [ ]
  } ],
  "empty" : { },
  "n" : null
}`
  assert.equal(writePrettyJson(readJson(text).root), pretty)
  assert.equal(writeJson(readJson(pretty).root), text)
})

test('any text is either JSON for JSON.parse too, or refused as malformed', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((text) => text.slice(0, -1)),
  )
  // What a double cannot hold, which stays text.
  const exact = (_: string, value: unknown, context?: { source?: string }) => {
    const literal = context?.source ?? ''
    const isInteger = typeof value === 'number' && /^-?\d+$/.test(literal)
    return isInteger && String(BigInt(literal)) !== String(value) ? literal : value
  }
  fc.assert(
    fc.property(texts, (text) => {
      let tree: Tree
      try {
        tree = readJson(text).root
      } catch (error) {
        assert.ok(error instanceof ApiError)
        assert.equal(error.code, 'InvalidDocumentContent')
        assert.throws(() => JSON.parse(text))
        return
      }
      assert.deepEqual(JSON.parse(writeJson(tree)), JSON.parse(text, exact))
    }),
  )
})

test('text made to exhaust the reader is refused, quickly', () => {
  const hostile = ['['.repeat(65_536), '{"a":'.repeat(13_000), `"${'\\'.repeat(65_535)}`, `"${'a'.repeat(65_535)}`]
  const before = performance.now()
  for (const text of hostile) assert.throws(() => readJson(text), { code: 'InvalidDocumentContent' })
  assert.ok(performance.now() - before < 5000)
})
