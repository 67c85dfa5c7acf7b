import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Slots } from './slots.ts'

test('each value has a slot of its own while it is there, and a free one is given again', () => {
  const step = fc.oneof(fc.constant('take' as const), fc.nat({ max: 20 }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const slots = new Slots<object>()
      const taken = new Map<number, object>()
      let most = 0
      for (const one of steps) {
        if (one === 'take') {
          const value = {}
          const slot = slots.take(value)
          assert.equal(taken.has(slot), false)
          taken.set(slot, value)
        } else {
          slots.free(one, taken.get(one) ?? {})
          taken.delete(one)
        }
        most = Math.max(most, taken.size)
        assert.equal(slots.size, taken.size)
        assert.deepEqual(new Map(slots), taken)
        for (const [slot, value] of taken) assert.equal(slot < most && slots.get(slot) === value, true)
      }
    }),
  )
})

test('who frees a slot twice does not free it for whoever has it then', () => {
  const slots = new Slots<object>()
  const [first, second] = [{}, {}]
  const slot = slots.take(first)
  slots.free(slot, first)
  assert.equal(slots.take(second), slot)
  slots.free(slot, first)
  assert.equal(slots.get(slot), second)
})
