import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Change, ChangeFeed } from './changes.ts'

const change = (id: number): Change => ({ kind: 'nodes', ids: [String(id)] })

test('EVT-07 who comes late is told what was missed, or that it is not known', async () => {
  const feed = new ChangeFeed()
  const beforeFeed = performance.now() - 1_000
  await new Promise((resolve) => setTimeout(resolve, 5))
  const began = performance.now()
  const told: Change[] = []
  feed.tell([change(1), () => [change(2), change(3)]])
  const stop = feed.listen((changes) => told.push(...changes))
  feed.tell([change(4)])
  stop()
  const missed = () => feed.since(began)?.map(({ change: { ids } }) => ids[0])
  assert.deepEqual(missed(), ['1', '2', '3', '4'])
  assert.deepEqual(told, [change(4)])
  assert.equal(feed.since(beforeFeed), undefined)

  for (let id = 5; id < 2_000; id++) feed.tell([change(id)])
  assert.equal(missed(), undefined)
})
