import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mustWait } from './failed-attempts.ts'

const at = (seconds: number) => new Date(seconds * 1000)

test('five wrong ones cost nothing, each further one doubles the pause up to a quarter of an hour', () => {
  assert.equal(mustWait({ failures: 4, failedAt: at(0) }, at(0)), false)
  const pauses: [number, number][] = [
    [5, 1],
    [6, 2],
    [9, 16],
    [40, 900],
  ]
  for (const [failures, seconds] of pauses) {
    assert.equal(mustWait({ failures, failedAt: at(0) }, at(seconds - 0.5)), true)
    assert.equal(mustWait({ failures, failedAt: at(0) }, at(seconds)), false)
  }
})

test('a clock that was set back locks nobody out', () => {
  assert.equal(mustWait({ failures: 50, failedAt: at(1000) }, at(0)), false)
})
