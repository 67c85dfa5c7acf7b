import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { objectMaker } from './object-maker.ts'

test('an object has the members that were named, with the values in their order', () => {
  const names = fc.uniqueArray(
    fc.string({ unit: 'binary' }).filter((name) => name !== '__proto__'),
    { maxLength: 40 },
  )
  const property = fc.property(names, fc.array(fc.anything(), { maxLength: 40 }), (names, values) => {
    const expected = Object.fromEntries(names.map((name, index) => [name, values[index]]))
    assert.deepStrictEqual(objectMaker(names)(values), expected)
  })
  fc.assert(property, { numRuns: 500 })
})
