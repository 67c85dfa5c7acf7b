import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WriterTurns } from './writer-turns.ts'

/** Lets promises that are ready go on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

test('as many write at once as may, the others in the order in which they came', async () => {
  const turns = new WriterTurns(2)
  const began: number[] = []
  for (let writer = 1; writer <= 4; writer++) void turns.take(false).then(() => began.push(writer))
  await turn()
  assert.deepEqual(began, [1, 2])
  turns.give()
  await turn()
  assert.deepEqual(began, [1, 2, 3])
  turns.give()
  turns.give()
  turns.give()
  await turn()
  assert.deepEqual(began, [1, 2, 3, 4])
})

test('one that wants to be alone waits for those who write, and those who wait wait for it', async () => {
  const turns = new WriterTurns(2)
  const began: string[] = []
  const take = (name: string, alone = false) => void turns.take(alone).then(() => began.push(name))
  take('a')
  take('b')
  take('c')
  take('alone', true)
  await turn()
  turns.give()
  await turn()
  assert.deepEqual(began, ['a', 'b'])
  turns.give()
  take('d')
  await turn()
  assert.deepEqual(began, ['a', 'b', 'alone'])
  turns.give()
  await turn()
  assert.deepEqual(began, ['a', 'b', 'alone', 'c', 'd'])
})
