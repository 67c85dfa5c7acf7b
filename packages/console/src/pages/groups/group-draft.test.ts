import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { beforeLast, textOf, valuesOf } from './group-draft.ts'

test('RG-15 values are separated by commas; those within a value stay', () => {
  assert.deepEqual(valuesOf(' a,b , ,c d,'), ['a', 'b', 'c d'])
  assert.equal(textOf(['a, x64', 'C:\\dir']), 'a\\, x64, C:\\\\dir')
  assert.deepEqual(valuesOf('a\\, x64, C:\\\\dir'), ['a, x64', 'C:\\dir'])
  const value = fc.string({ minLength: 1 }).filter((text) => text.trim() === text)
  fc.assert(fc.property(fc.array(value), (values) => assert.deepEqual(valuesOf(textOf(values)), values)))
  assert.deepEqual(['', 'a', 'a,', 'a, b', 'a\\, b', 'a, b\\, c'].map(beforeLast), ['', '', 'a,', 'a,', '', 'a,'])
})
