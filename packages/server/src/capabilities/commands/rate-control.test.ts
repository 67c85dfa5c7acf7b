import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { concurrencyLimit, errorLimit, room } from './rate-control.ts'

test('T-09 a share of the targets is rounded down, and is at least one', () => {
  assert.equal(concurrencyLimit('10%', 55), 5)
  assert.equal(concurrencyLimit('1%', 20), 1)
  assert.equal(concurrencyLimit('100%', 7), 7)
  assert.equal(concurrencyLimit('3', 2), 3)
})

test('T-10 the error limit may be nought, as a number or a share', () => {
  assert.equal(errorLimit('0', 50), 0)
  assert.equal(errorLimit('10%', 50), 5)
  assert.equal(errorLimit('0%', 50), 0)
})

test('T-13 dispatch goes to one node, and each answer lets two more begin', () => {
  const at = (started: number, answered: number) => room({ limit: 100, inFlight: started, started, answered })
  assert.equal(at(0, 0), 1)
  assert.equal(at(1, 0), 0)
  assert.equal(at(1, 1), 2)
  assert.equal(at(3, 3), 4)
  assert.equal(at(7, 7), 8)
})

test('T-09 T-13 never more than the limit run at once, and every target gets its turn', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 200 }),
      fc.infiniteStream(fc.boolean()),
      (limit, targets, coin) => {
        let [started, answered, ended] = [0, 0, 0]
        while (ended < targets) {
          const more = Math.min(targets - started, room({ limit, inFlight: started - ended, started, answered }))
          started += more
          assert.ok(started - ended <= limit)
          if (answered < started && (coin.next().value || ended === answered)) answered++
          else if (ended < answered) ended++
          else assert.fail('nothing can move')
        }
      },
    ),
  )
})
