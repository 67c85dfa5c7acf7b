import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileForeign, matchesForeign } from './foreign-pattern.ts'

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

test('a pattern that is matched without a limit needs little time for any text', () => {
  const piece = fc.constantFrom('a', '.', '[ab]', '\\d', '[^a]')
  const pattern = fc
    .tuple(fc.array(piece, { maxLength: 4 }), piece, fc.constantFrom('*', '+', '{2,}', '?', '', '*?'), fc.array(piece))
    .map(([before, repeated, sign, after]) => [...before, repeated, sign, ...after].join(''))
  fc.assert(
    fc.property(pattern, (pattern) => {
      const began = performance.now()
      whole(pattern, 'a'.repeat(4_000))
      assert.ok(performance.now() - began < 900, pattern)
    }),
  )
})
