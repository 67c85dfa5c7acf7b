import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { CorruptJournal, Journal } from '#commands/journal.ts'
import type { JournalRecord } from '#commands/journal-record.ts'
import { Detached } from '#stop-reason.ts'

const accepted: JournalRecord = {
  type: 'accepted',
  jobId: 'aws.ssm.c.n',
  topic: 't',
  content: 'ä\n"',
  order: 1,
  at: 'now',
}

async function directory() {
  const root = await mkdtemp(join(tmpdir(), 'steward-journal-'))
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) }
}

test('what was written is read again', async () => {
  await using here = await directory()
  const path = join(here.root, 'c')
  const journal = await Journal.create(path, accepted)
  await journal.append({ type: 'began', replyId: 'r1', at: 'now' })
  await journal.append({ type: 'cancelled', at: 'now' }, 'durable')
  await journal.append({ type: 'acknowledged', replyId: 'r1' })
  await journal.close()
  const again = await Journal.open(path)
  assert.deepEqual(again?.state, journal.state)
  assert.equal(again?.state.accepted?.content, 'ä\n"')
  assert.equal(again?.state.unacknowledged.size, 0)
  await again?.close()
})

test('a journal is begun once, and closed it takes nothing', async () => {
  await using here = await directory()
  const journal = await Journal.create(join(here.root, 'c'), accepted)
  await assert.rejects(Journal.create(join(here.root, 'c'), accepted), { code: 'EEXIST' })
  await journal.close()
  await assert.rejects(journal.append({ type: 'cancelled', at: '' }), Detached)
})

test('a journal cut off at any byte is what it was before the last record, and goes on', async () => {
  await using here = await directory()
  const path = join(here.root, 'c')
  const journal = await Journal.create(path, accepted)
  await journal.append({ type: 'cancelled', at: 'now' })
  await journal.close()
  const whole = await readFile(path)
  const firstLine = whole.indexOf('\n') + 1
  for (let length = 0; length < whole.length; length += 1) {
    await writeFile(path, whole.subarray(0, length))
    const cut = await Journal.open(path)
    assert.equal(cut !== undefined, length >= firstLine)
    assert.notEqual(cut?.state.cancelled, true)
    await cut?.append({ type: 'began', replyId: 'r', at: '' })
    await cut?.close()
    if (cut) assert.equal((await Journal.open(path).then(closed))?.state.began?.replyId, 'r')
  }
})

async function closed(journal: Journal | undefined): Promise<Journal | undefined> {
  await journal?.close()
  return journal
}

test('damage to any byte is noticed', async () => {
  await using here = await directory()
  const path = join(here.root, 'c')
  const journal = await Journal.create(path, accepted)
  await journal.append({ type: 'cancelled', at: 'now' })
  await journal.close()
  const whole = await readFile(path)
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: whole.length - 2 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const damaged = Buffer.from(whole)
      damaged[at] = damaged[at]! ^ change
      await writeFile(path, damaged)
      await assert.rejects(Journal.open(path).then(closed), CorruptJournal)
    }),
  )
})
