import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { packNumbers, packOwn, splitEntry, unpackNumbers, unpackOwn } from './entry-codec.ts'

test('numbers of entries come back as they were, in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 ** 31 - 1 })), (numbers) => {
      assert.deepEqual(unpackNumbers(packNumbers(numbers)), numbers)
    }),
  )
  assert.deepEqual(unpackNumbers(packNumbers([2 ** 52, 0, 2 ** 52 - 1])), [2 ** 52, 0, 2 ** 52 - 1])
  assert.equal(packNumbers(Array.from({ length: 600 }, (_, index) => 5000 + index)).length, 601)
})

test('an entry is the same whatever the order of its attributes, apart from those of the node alone', () => {
  const own = new Set(['InstalledTime'])
  const one = splitEntry('x', { Name: 'bash', Version: '5', InstalledTime: '2026' }, own)
  const other = splitEntry('x', { Version: '5', InstalledTime: '2025', Name: 'bash' }, own)
  assert.deepEqual(one.shared, other.shared)
  assert.deepEqual([one.own, other.own], [{ InstalledTime: '2026' }, { InstalledTime: '2025' }])
  assert.notEqual(splitEntry('y', { Name: 'bash', Version: '5' }, own).shared.hash, one.shared.hash)
  assert.deepEqual(unpackOwn(packOwn([one.own, 0])), [{ InstalledTime: '2026' }, 0])
  assert.equal(packOwn([0, 0]), null)
})
