import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { eventually } from '@steward/testkit'
import { Checkpoints } from './checkpoints.ts'
import { openSqlite } from './sqlite.ts'
import { eventIds, eventMigrations, insertEvent } from './testing/events.ts'

const TEXT = 'x'.repeat(3_000)
const PAGES = 40

async function onDisk() {
  const folder = mkdtempSync(join(tmpdir(), 'steward-checkpoints-'))
  const path = join(folder, 'steward.db')
  const database = openSqlite(path, { checkpointPages: PAGES })
  await database.migrate(eventMigrations)
  const other = new DatabaseSync(path)
  const look = other.prepare('pragma wal_checkpoint(noop)')
  return {
    database,
    other,
    write: (id: number) => database.write((tx) => insertEvent(tx, { id, text: TEXT })),
    log: () => look.get() as { log: number; checkpointed: number },
    async [Symbol.asyncDispose]() {
      other.close()
      await database.close()
      rmSync(folder, { recursive: true })
    },
  }
}

test('the log is taken into the database beside the writes, and begins anew', async () => {
  await using disk = await onDisk()
  let id = 0
  for (let round = 0; round < 3; round++) {
    while (disk.log().log - disk.log().checkpointed < PAGES) await disk.write(id++)
    const { log } = disk.log()
    // Far from where SQLite would do it itself.
    assert.ok(log < 2 * PAGES, String(log))
    await eventually(() => disk.log().checkpointed === disk.log().log)
    await disk.write(id++)
    assert.ok(disk.log().log < PAGES)
  }
})

test('of all that is written while the log is taken in nothing is lost', async () => {
  await using disk = await onDisk()
  const ids = Array.from({ length: 3_000 }, (_, id) => id)
  for (let at = 0; at < ids.length; at += 20) await Promise.all(ids.slice(at, at + 20).map((id) => disk.write(id)))
  assert.deepEqual(await disk.database.read(eventIds), ids)
  await eventually(() => disk.log().log - disk.log().checkpointed < PAGES)
  assert.deepEqual({ ...disk.other.prepare('pragma integrity_check').get() }, { integrity_check: 'ok' })
})

test('who holds a snapshot of old keeps the log, and nobody from writing', async () => {
  await using disk = await onDisk()
  await disk.write(0)
  disk.other.exec('begin; select count(*) from event')
  for (let id = 1; id <= 3 * PAGES; id++) await disk.write(id)
  disk.other.exec('commit')
  for (let id = 1000; disk.log().log > PAGES; id++) await disk.write(id)
})

test('what fails is told, and tried again when the log has grown as much once more', async () => {
  const told: Error[] = []
  let pages = 0
  const looks: number[] = []
  const checkpoints = new Checkpoints({
    path: join(tmpdir(), 'steward-nowhere', 'steward.db'),
    every: 10,
    pagesInLog() {
      looks.push(pages)
      return pages
    },
    failed: (error) => told.push(error),
  })
  for (const [now, failures] of [
    [9, 0],
    [10, 1],
    [19, 1],
    [20, 2],
  ] as const) {
    pages = now
    checkpoints.committed()
    await eventually(() => looks.at(-1) === now && told.length === failures)
    assert.equal(checkpoints.pause, undefined)
  }
  await checkpoints.close()
})
