import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countCommit, newCommitCounts, SeenCommits } from './commit-counts.ts'

const tables = fc.uniqueArray(fc.stringMatching(/^[a-z_]{1,20}$/), { minLength: 1, maxLength: 30 })

test('whoever looks hears of every table that changed since it looked last, and of nothing if nothing was committed', () => {
  const commits = tables.chain((names) =>
    fc.record({
      names: fc.constant(names),
      commits: fc.array(fc.array(fc.subarray(names), { maxLength: 3 }), { maxLength: 20 }),
    }),
  )
  fc.assert(
    fc.property(commits, ({ names, commits }) => {
      const counts = newCommitCounts()
      const seen = new SeenCommits(counts)
      for (const between of commits) {
        for (const changed of between) countCommit(counts, changed)
        const heard = seen.changed(names)
        if (between.length === 0) assert.equal(heard, undefined)
        for (const name of between.flat()) assert.ok(heard?.includes(name))
      }
      assert.equal(seen.changed(names), undefined)
    }),
  )
})

test('after a commit that may have changed anything, everything may have changed', () => {
  const counts = newCommitCounts()
  const seen = new SeenCommits(counts)
  countCommit(counts, undefined)
  assert.deepEqual(seen.changed(['node', 'command']), ['node', 'command'])
  assert.equal(seen.changed(['node', 'command']), undefined)
})

test('a table that did not change is not taken for one that did, but for a few that share a number', () => {
  const counts = newCommitCounts()
  const names = Array.from({ length: 100 }, (_, index) => `table_${index}`)
  const seen = new SeenCommits(counts)
  countCommit(counts, ['audit_entry'])
  assert.ok(seen.changed(names)!.length <= 2)
})
