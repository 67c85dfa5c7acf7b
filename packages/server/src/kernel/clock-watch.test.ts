import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClockWatch } from './clock-watch.ts'
import { silentLogger } from './logger.ts'

const MINUTE = 60_000

function watched(lastSeen?: number) {
  let [wall, steady] = [1_000_000, 0]
  const watch = new ClockWatch(silentLogger, lastSeen, { wall: () => wall, steady: () => steady })
  return {
    isSteady: () => watch.isSteady(),
    pass(minutes: number, jump = 0) {
      steady += minutes * MINUTE
      wall += (minutes + jump) * MINUTE
    },
  }
}

test('a clock that goes as time does is steady, and small corrections and steps back are no jumps', () => {
  const clock = watched()
  for (const jump of [0, 0, 5, -5, 9, -600]) {
    assert.ok(clock.isSteady())
    clock.pass(10, jump)
  }
  assert.ok(clock.isSteady())
})

test('after a jump ahead the clock is not steady for an hour, counted in time that really passed', () => {
  const clock = watched()
  clock.pass(1, 60 * 24 * 365)
  assert.equal(clock.isSteady(), false)
  clock.pass(59)
  assert.equal(clock.isSteady(), false)
  clock.pass(1)
  assert.equal(clock.isSteady(), true)
  clock.pass(1, 30)
  clock.pass(10, 100)
  assert.equal(clock.isSteady(), false)
})

test('a clock that is far ahead of the last time that a server ran is not steady for an hour', () => {
  assert.ok(watched(1_000_000 - 60 * MINUTE).isSteady())
  assert.ok(watched(1_000_000 + 24 * 60 * MINUTE).isSteady(), 'a step back is no jump')
  const clock = watched(1_000_000 - 24 * 60 * MINUTE)
  assert.equal(clock.isSteady(), false)
  clock.pass(59)
  assert.equal(clock.isSteady(), false)
  clock.pass(1)
  assert.ok(clock.isSteady())
})
