import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedShares, type Share } from './sharing.ts'

const A = '111111111111'
const B = '222222222222'
const share = (sharedWith: string, sharedVersion = '$DEFAULT'): Share => ({ sharedWith, sharedVersion })

test('DOC-15 adding a known account replaces its versions, and one both added and removed is removed', () => {
  assert.deepEqual(changedShares([share(A)], [A], [], '$LATEST'), [share(A, '$LATEST')])
  assert.deepEqual(changedShares([share(A)], [A, B], [A], '$ALL'), [share(B, '$ALL')])
})

test('DOC-15 everyone and named accounts exclude each other', () => {
  const refused = { code: 'DocumentPermissionLimit', message: 'Accounts can either be all or a group of AWS accounts' }
  assert.throws(() => changedShares([], ['All', A], [], '$ALL'), refused)
  assert.throws(() => changedShares([share(A)], [], ['All', A], '$ALL'), refused)
  assert.throws(() => changedShares([share(A)], ['All'], [], '$ALL'), refused)
  assert.throws(() => changedShares([share('All')], [A], [], '$ALL'), refused)
  assert.deepEqual(changedShares([share(A)], ['all'], [A], '$DEFAULT'), [share('all', '$ALL')])
  assert.deepEqual(changedShares([share('all')], ['ALL'], [], '$DEFAULT'), [share('All', '$ALL')])
})

test('DOC-22 taking away everyone where only accounts are named changes nothing', () => {
  assert.deepEqual(changedShares([share(A, '$ALL')], [], ['All'], '$DEFAULT'), [share(A, '$ALL')])
})

test('DOC-15 a document is shared with at most 1000 accounts', () => {
  const accounts = Array.from({ length: 1001 }, (_, i) => String(100_000_000_000 + i))
  assert.equal(changedShares([], accounts.slice(1), [], '$DEFAULT').length, 1000)
  assert.throws(() => changedShares([], accounts, [], '$DEFAULT'), { code: 'DocumentPermissionLimit' })
})
