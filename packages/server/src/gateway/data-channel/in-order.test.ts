import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { InOrder } from './in-order.ts'

function ordered(next = 0) {
  const seen: number[] = []
  const inOrder = new InOrder(next, ({ sequence }) => seen.push(sequence))
  const take = (sequence: number, at = 0, payload = new Uint8Array(1)) =>
    inOrder.take({ sequence, payloadType: 1, payload, at })
  return { inOrder, seen, take }
}

test('SM-12 frames are seen once and in order, however they come', () => {
  const numbers = Array.from({ length: 30 }, (_, index) => index)
  const arrivals = fc
    .array(fc.constantFrom(...numbers), { maxLength: 40 })
    .chain((again) => fc.shuffledSubarray([...numbers, ...again], { minLength: 30 + again.length }))
  fc.assert(
    fc.property(arrivals, (sequences) => {
      const { seen, take } = ordered()
      for (const sequence of sequences) take(sequence)
      assert.deepEqual(seen, numbers)
    }),
  )
})

test('SM-12 a gap that does not close is passed over after a while, or when too much waits behind it', () => {
  const { inOrder, seen, take } = ordered(5)
  take(4)
  take(7, 1000)
  take(8, 2000)
  take(10, 3500)
  inOrder.look(3999)
  assert.deepEqual(seen, [])
  inOrder.look(4000)
  assert.deepEqual(seen, [7, 8])
  take(9, 4001)
  take(5, 4002)
  assert.deepEqual(seen, [7, 8, 9, 10])

  take(12, 5000, new Uint8Array(600 * 1024))
  take(13, 5000, new Uint8Array(600 * 1024))
  assert.deepEqual(seen.slice(4), [12, 13])
  take(20)
  inOrder.end()
  assert.equal(seen.at(-1), 20)
})

test('SM-12 a frame that waits is not a view of a buffer that is used again', () => {
  const payloads: string[] = []
  const inOrder = new InOrder(0, ({ payload }) => payloads.push(Buffer.from(payload).toString()))
  const buffer = Buffer.from('later')
  inOrder.take({ sequence: 1, payloadType: 1, payload: buffer, at: 0 })
  buffer.fill('x')
  inOrder.take({ sequence: 0, payloadType: 1, payload: Buffer.from('first'), at: 0 })
  assert.deepEqual(payloads, ['first', 'later'])
})
