import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileForeign, matchesForeign } from '#foreign-pattern.ts'

const whole = (pattern: string, text: string) => matchesForeign(compileForeign(pattern)!, text)

test('the whole text must match, with Java’s leading flags', () => {
  assert.ok(whole('[a-z]+', 'abc'))
  assert.ok(!whole('[a-z]+', 'abc1'))
  assert.ok(whole('(?i)abc', 'ABC'))
  assert.ok(whole('a|bc', 'bc'))
  assert.ok(!whole('a|bc', 'ac'))
  assert.equal(compileForeign('(?<'), undefined)
  assert.equal(compileForeign('[\\p'), undefined)
})

test('a pattern that would backtrack for ever is given up, and the server goes on', () => {
  for (const pattern of ['(a+)+b', 'a*a*a*a*a*a*a*a*a*b']) {
    assert.throws(() => whole(pattern, 'a'.repeat(3_000)), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' }, pattern)
  }
})

/** `undefined`: nothing that JavaScript could say, so nobody is told that it matches or does not. */
const JAVA: [pattern: string, text: string, matches: boolean | undefined][] = [
  ['\\p{L}+', 'é', true],
  ['\\p{L}', 'p{L}', false],
  ['\\pL+', 'äb', true],
  ['\\p{IsLatin}+', 'aé', true],
  ['\\p{Alpha}+', 'abc', true],
  ['\\p{Alpha}+', 'é', false],
  ['[\\p{Alpha}_]+', 'a_', true],
  ['\\P{Alpha}+', '12', true],
  ['\\p{javaLowerCase}', 'a', undefined],
  ['\\A\\d{4}\\z', '2024', true],
  ['\\Qa.b\\E', 'a.b', true],
  ['\\Qa.b\\E', 'axb', false],
  ['.', '😀', true],
  ['^[\\x{41}]$', 'A', true],
  ['\\0101', 'A', true],
  ['[\\w-.]+', 'a-.b', true],
  ['[\\w\\-\\_@]+', 'a-_@', true],
  ['\\/x\\@', '/x@', true],
  ['[]a]+', ']a', true],
  ['[.*+?^$()|{}]+', '.*{}|', true],
  ['\\s+', '\u00a0', false],
  ['(?i:a)b', 'Ab', true],
  ['(?<y>\\d+)-\\k<y>', '1-1', true],
  ['^(?!aws:).*$', 'aws:x', false],
  ['a{2,3}?b', 'aab', true],
  ['a++', 'a', undefined],
  ['(?>a+)', 'a', undefined],
  ['[a-z&&[^b]]+', 'ac', undefined],
  ['[a-z[0-9]]', 'a', undefined],
  ['a)|(?:b', 'a', undefined],
  ['{.*}', '{}', undefined],
  ['\\G', '', undefined],
  ['(?x) a', 'a', undefined],
]

test('what Java means is what is matched, or nothing', () => {
  for (const [pattern, text, expected] of JAVA) {
    const expression = compileForeign(pattern)
    assert.equal(expression && matchesForeign(expression, text), expected, pattern)
  }
})

test('quoted text matches itself, and nothing makes the reader fail', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      if (!text.includes('\\E')) assert.ok(whole(`\\Q${text}\\E`, text))
    }),
  )
  const piece = fc.constantFrom(
    'a',
    '[',
    ']',
    '(',
    ')',
    '\\',
    '{',
    '}',
    '2',
    '-',
    '&&',
    '*',
    '?',
    '+',
    '|',
    '^',
    '$',
    'Q',
    'p',
  )
  fc.assert(
    fc.property(fc.array(piece), (pieces) => void compileForeign(pieces.join(''))),
    { numRuns: 2_000 },
  )
})

test('a pattern that is matched without a limit needs little time for any text', () => {
  const sign = fc.constantFrom('*', '+', '{2,}', '?', '', '', '', '*?')
  const piece = fc.tuple(fc.constantFrom('a', '.', '[ab]', '\\d', '[^a]'), sign).map((both) => both.join(''))
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const pattern = pieces.join('')
      const began = performance.now()
      try {
        whole(pattern, 'a'.repeat(4_000))
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      }
      assert.ok(performance.now() - began < 900, pattern)
    }),
  )
  assert.throws(() => whole(`${'a?'.repeat(32)}b`, `${'a'.repeat(16)}c`), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' })
})
