import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fleetScreen, NOTHING_YET, type Progress, progressLine } from './fleet-screen.ts'

function aProgress(more: Partial<Progress>): Progress {
  return { ...NOTHING_YET, status: 'InProgress', total: 20, ...more }
}

test('the bar is full only when all nodes are done', () => {
  const bar = (progress: Progress) => progressLine(progress, 0).slice(0, 32)
  assert.equal(bar(aProgress({})), `[${'-'.repeat(30)}]`)
  assert.equal(bar(aProgress({ done: 10 })), `[${'#'.repeat(15)}${'-'.repeat(15)}]`)
  assert.equal(bar(aProgress({ total: 10_000, done: 9999 })), `[${'#'.repeat(29)}-]`)
  assert.equal(bar(aProgress({ done: 20 })), `[${'#'.repeat(30)}]`)
})

test('the counters say what is worth saying', () => {
  const words = (progress: Progress) => progressLine(progress, 7).slice(33)
  assert.equal(words(aProgress({ total: 0 })), 'looking for the targets, InProgress, 7 s')
  assert.equal(words(aProgress({ total: 1, done: 1 })), '1 of 1 node, InProgress, 7 s')
  assert.equal(
    words(aProgress({ done: 5, failed: 2, undelivered: 1 })),
    '5 of 20 nodes, 2 failed, 1 not delivered in time, InProgress, 7 s',
  )
})

test('the screen is the newest lines above the bar, each within the width', () => {
  const recent = Array.from({ length: 12 }, (_, index) => ({
    nodeId: 'mi-1',
    stream: 'stdout' as const,
    text: `line ${index}`,
  }))
  const screen = fleetScreen({ progress: aProgress({}), recent, seconds: 0 }, 20)
  assert.equal(screen.length, 9)
  assert.equal(screen[0], 'mi-1 line 4')
  assert.ok(screen.every((line) => line.length < 20))
})
