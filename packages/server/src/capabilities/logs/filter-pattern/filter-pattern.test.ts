import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileFilter } from './filter-pattern.ts'
import { simpleExpression } from './simple-expression.ts'

const line = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html?a=b HTTP/1.0" 404 1534'
const json = JSON.stringify({
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
  errors: 12,
  'a.b': { '': 'odd' },
})

for (const [pattern, message, wanted] of [
  ['', 'anything', true],
  ['  ', 'anything', true],
  ['ERROR', '[ERROR] A fatal exception', true],
  ['ERROR', 'Exiting with ERRORCODE: -1', true],
  ['ERROR', 'error', false],
  ['ERROR Exception', '[ERROR] Caught IllegalArgumentException', true],
  ['ERROR Exception', '[ERROR] nothing', false],
  ['"Failed to process request"', '[ERROR] Failed to process request', true],
  ['"Failed to process request"', '[ERROR] Unable to process request', false],
  ['"say \\"hello\\""', 'they say "hello"', true],
  ['ERROR -Exiting', '[ERROR] Exiting', false],
  ['ERROR -Exiting', '[ERROR] Staying', true],
  ['-DEBUG', 'INFO', true],
  ['?ERROR ?WARN', 'WARN here', true],
  ['?ERROR ?WARN', 'INFO here', false],
  ['?ERROR ?WARN -here', 'WARN here', false],
  ['INFO ?ERROR', 'INFO only', true],
  ['%AUTHORIZED|FORBIDDEN%', 'UNAUTHORIZED', true],
  ['%4\\d{2}$%', 'status 404', true],
  ['%4\\d{2}$%', 'status 404 later', false],
  ['%^[a-f]+%', 'cafe', true],
  ['%^[a-f]+%', 'x cafe', false],
  ['{ $.eventType = "UpdateTrail" }', json, true],
  ['{ $.eventType = UpdateTrail }', json, true],
  ['{ $.eventType = "updatetrail" }', json, false],
  ['{ $.eventType != "DeleteTrail" }', json, true],
  ['{ $.sourceIPAddress != 123.123.* }', json, true],
  ['{ $.sourceIPAddress = 111.111.* }', json, true],
  ['{ $.arrayKey[0] = "value" }', json, true],
  ['{ $.objectList[1].id = 2 }', json, true],
  ['{ $.objectList[*].name = "b" }', json, true],
  ['{ $.objectList[7].id = 2 }', json, false],
  ['{ $.SomeObject IS NULL }', json, true],
  ['{ $.SomeOtherObject IS NULL }', json, false],
  ['{ $.SomeOtherObject NOT EXISTS }', json, true],
  ['{ $.SomeOtherObject != "x" }', json, false],
  ['{ $.ThisFlag IS TRUE }', json, true],
  ['{ $.ThisFlag IS FALSE }', json, false],
  ['{ $.errors > 10 && $.errors <= 12 }', json, true],
  ['{ $.errors >= 1e2 || $.errors < -1 }', json, false],
  ['{ ($.errors = 1 || $.errors = 12) && $.ThisFlag IS TRUE }', json, true],
  ['{ $.errors = 1 || $.errors = 12 && $.ThisFlag IS FALSE }', json, false],
  ['{ $.eventType = %Upd.*l$% }', json, true],
  ["{ $['a.b'][''] = odd }", json, true],
  ['{ $.a = 1 }', 'no json', false],
  ['{ $.a = 1 }', '{"a":', false],
  ['[ip, id, user, timestamp, request, status_code, size]', line, true],
  ['[ip, id, user, timestamp, request, status_code]', line, false],
  ['[ip, id, user, timestamp, request, status_code = 4*, size > 1000]', line, true],
  ['[ip, id, user, timestamp, request, status_code = 5*, size]', line, false],
  ['[..., request = *html*, status_code, size]', line, true],
  ['[ip = %127\\.0%, ..., size = 1534]', line, true],
  ['[ip, ..., size = 1 || size = 1534]', line, true],
  ['[, , user = "frank", ...]', line, true],
] as const) {
  test(`the pattern ${pattern} ${wanted ? 'matches' : 'does not match'} ${message.slice(0, 40)}`, () => {
    const filter = compileFilter(pattern)
    assert.equal(filter.matches(message), wanted)
    assert.equal(filter.extract(message) !== undefined, wanted)
  })
}

for (const pattern of [
  'foo-bar',
  '"open',
  '%(group)%',
  '%[%',
  '{ $.a }',
  '{ $.a = }',
  '{ $.a = 1',
  '{ a = 1 }',
  '{ $.a = 1 && }',
  '{ ($.a = 1 }',
  '{ $.a > "x" }',
  '{ $.a IS MAYBE }',
  '[a, b',
  '[..., a, ...]',
  '[a = 1 || b = 2]',
]) {
  test(`the pattern ${pattern} is refused`, () => {
    assert.throws(() => compileFilter(pattern), { code: 'InvalidParameterException' })
  })
}

test('what a pattern looked at is shown by its names', () => {
  assert.deepEqual(compileFilter('{ $.errors > 1 && $.eventType = U* }').extract(json), {
    '$.errors': '12',
    '$.eventType': 'UpdateTrail',
  })
  assert.deepEqual(compileFilter('[a, ..., b]').extract('1 2 3 4'), { $a: '1', $b: '4' })
})

test('simple expressions find what the language’s own find', () => {
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\.')
  const piece = fc
    .tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,2}', '{1,}'))
    .map((parts) => parts.join(''))
  const sequence = fc.tuple(fc.constantFrom('', '^'), fc.array(piece, { maxLength: 4 }), fc.constantFrom('', '$'))
  const alternatives = fc.array(
    sequence.map(([start, pieces, end]) => start + pieces.join('') + end),
    { minLength: 1, maxLength: 3 },
  )
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', '.'), maxLength: 8 })
  fc.assert(
    fc.property(alternatives, text, (parts, given) => {
      const source = parts.join('|')
      assert.equal(simpleExpression(source)(given), new RegExp(source, 'su').test(given), `${source} on ${given}`)
    }),
    { numRuns: 2_000 },
  )
})

test('no expression keeps the server busy', () => {
  const started = performance.now()
  assert.equal(simpleExpression('a*a*a*a*a*b')('a'.repeat(100_000)), false)
  assert.ok(performance.now() - started < 2_000)
})

test('no pattern breaks anything but itself', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '$.a',
    '=',
    '"',
    'x',
    '&&',
    '(',
    ')',
    '%',
    '...',
    ',',
    '-',
    '?',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.string(), (pieces, message) => {
      try {
        compileFilter(pieces.join('')).matches(message)
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'InvalidParameterException')
      }
    }),
    { numRuns: 2_000 },
  )
})
