import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Change, ChangeFeed } from './changes.ts'

const change = (kind: string, more: Partial<Change> = {}): Change => ({ kind, ids: ['1'], ...more })

test('EVT-07 who comes late is told of which kinds something was missed, or that it is not known', async () => {
  const feed = new ChangeFeed()
  const beforeFeed = performance.now() - 1_000
  const kindsSince = (ms: number) => feed.since(ms)?.map(({ kind }) => kind)
  feed.tell([change('nodes'), change('commands', { againAfterMs: 60_000 })])
  await new Promise((resolve) => setTimeout(resolve, 5))
  const began = performance.now()
  const told: Change[] = []
  const stop = feed.listen((changes) => told.push(...changes))
  feed.tell([change('iam'), { kinds: [{ kind: 'parameters' }], changes: () => [change('parameters')] }])
  stop()
  feed.tell([change('iam')])
  assert.deepEqual(told, [change('iam'), change('parameters')])
  assert.deepEqual(kindsSince(began), ['commands', 'iam', 'parameters'])
  const again = feed.since(began)?.[0]?.againAfterMs
  assert.equal(again! > 50_000 && again! < 60_000, true)
  assert.equal(kindsSince(beforeFeed), undefined)
  assert.deepEqual(kindsSince(performance.now() + 1_000), ['commands'])
})
