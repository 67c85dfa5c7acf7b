import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SequenceSet } from '#session/sequence-set.ts'

test('a sequence set holds exactly what was added, also after it was stored', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60)), (numbers) => {
      const set = new SequenceSet()
      for (const number of numbers) set.add(number)
      const again = new SequenceSet(JSON.parse(JSON.stringify(set)))
      for (let number = 0; number < 70; number += 1) {
        assert.equal(set.has(number), numbers.includes(number))
        assert.equal(again.has(number), numbers.includes(number))
      }
    }),
  )
})

test('numbers that close the gap are kept as one', () => {
  const set = new SequenceSet()
  for (const number of [3, 1, 0, 2]) set.add(number)
  assert.deepEqual(set.toJSON(), { below: 4, above: [] })
})

test('numbers far above the gap are not remembered', () => {
  const set = new SequenceSet({ below: 5, above: [] }, 10)
  for (const number of [14, 15, 4, -1]) set.add(number)
  assert.deepEqual(set.toJSON(), { below: 5, above: [14] })
  assert.equal(set.has(-1), false)
})
