import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lanes } from './lanes.ts'

test('EVT-04 a lane takes ten at once; one that keeps failing is only probed until it delivers again', async () => {
  const lanes = new Lanes()
  const waiting = Promise.withResolvers<'failed'>()
  for (let at = 0; at < 10; at++) lanes.begin(`a${at}`, 'a', waiting.promise)
  assert.equal(lanes.room('a'), 0)
  assert.equal(lanes.room('b'), 10)
  assert.ok(!lanes.mayBegin('a0'))
  waiting.resolve('failed')
  await lanes.allEnded()
  assert.ok(lanes.isIdle)
  assert.equal(lanes.room('a'), 1)
  // The table was read before it ended.
  assert.ok(!lanes.mayBegin('a0'))
  lanes.beginLook()
  assert.ok(lanes.mayBegin('a0'))
  lanes.begin('a0', 'a', Promise.resolve('delivered'))
  await lanes.someEnded()
  assert.equal(lanes.room('a'), 10)
})

test('a delivery whose outcome could not be written down is not made again at once', async () => {
  const lanes = new Lanes()
  lanes.begin('a', 'lane', Promise.resolve('unknown'))
  await lanes.allEnded()
  lanes.beginLook()
  assert.ok(!lanes.mayBegin('a'))
  assert.ok(lanes.mayBegin('b'))
})
