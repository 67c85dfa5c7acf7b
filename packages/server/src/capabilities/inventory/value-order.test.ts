import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareValues, compareVersions } from './value-order.ts'

const SORTED = [
  '0.9',
  '1.0~rc1',
  '1.0',
  '1.0a',
  '1.0+b1',
  '1.0-1',
  '1.0-1.2',
  '1.0.1',
  '1.9',
  '1.10',
  '2.36-9+deb12u4',
  '2.36-9+deb12u10',
  '1:0.5',
]

test('INV-13 versions are in the order of package managers', () => {
  for (const [i, a] of SORTED.entries()) {
    for (const [j, b] of SORTED.entries()) assert.equal(Math.sign(compareVersions(a, b)), Math.sign(i - j), `${a} ${b}`)
  }
  assert.equal(compareVersions('1.02', '1.2'), 0)
})

test('INV-13 numbers are compared as numbers, other text by its characters', () => {
  assert.ok(compareValues('number', '9', '10') < 0)
  assert.ok(compareValues('number', '', '0') < 0)
  assert.ok(compareValues('text', '9', '10') > 0)
  assert.equal(compareValues('text', 'a', 'a'), 0)
})

test('INV-13 the order of versions is an order', () => {
  const version = fc.stringMatching(/^(\d:)?[0-9a-z.+~-]{0,8}$/)
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      assert.equal(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a)), 0)
      assert.equal(compareVersions(a, a), 0)
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) assert.ok(compareVersions(a, c) <= 0)
    }),
  )
})
