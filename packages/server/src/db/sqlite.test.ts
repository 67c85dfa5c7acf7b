import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { noteChange } from './changes.ts'
import { type Database, tables } from './database.ts'
import { LogSync } from './log-sync.ts'
import { openSqlite } from './sqlite.ts'
import { eventIds, eventMigrations, insertEvent } from './testing/events.ts'

const WRITER = fileURLToPath(new URL('./testing/acknowledging-writer.ts', import.meta.url))
const unavailable = { name: 'ApiError', code: 'ServiceUnavailable' }

async function onDisk(times: Parameters<typeof openSqlite>[1] = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'steward-sqlite-'))
  const path = join(folder, 'steward.db')
  const database = openSqlite(path, { batchMs: 1000, ...times })
  await database.migrate(eventMigrations)
  return {
    path,
    database,
    async [Symbol.asyncDispose]() {
      await database.close()
      rmSync(folder, { recursive: true })
    },
  }
}

const write = (database: Database, id: number, text = '') => database.write((tx) => insertEvent(tx, { id, text }))

test('what was acknowledged survives kill -9 at any moment', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-kill-'))
  const path = join(folder, 'steward.db')
  const acknowledged: number[] = []
  for (let round = 0; round < 4; round++) {
    const child = spawn(process.execPath, [WRITER, path, String(round * 1_000_000)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = once(child, 'exit')
    const killAfter = Math.round(Math.random() * 2000)
    let lines = 0
    for await (const line of createInterface(child.stdout)) {
      acknowledged.push(Number(line))
      if (lines++ === killAfter) child.kill('SIGKILL')
    }
    assert.deepEqual(await exited, [null, 'SIGKILL'])
  }
  const database = openSqlite(path)
  const kept = new Set(await database.read(eventIds))
  assert.deepEqual(
    acknowledged.filter((id) => !kept.has(id)),
    [],
  )
  const [check] = await database.read(
    async (reader) => (await sql`pragma integrity_check`.execute(tables(reader) as never)).rows,
  )
  assert.deepEqual({ ...(check as object) }, { integrity_check: 'ok' })
  await database.close()
  rmSync(folder, { recursive: true })
})

test('a reader sees every write from the moment it is acknowledged, however often it asked before', async () => {
  await using file = await onDisk()
  for (let id = 1; id <= 20; id++) {
    await write(file.database, id)
    for (let again = 0; again < 2; again++) {
      const ids = await file.database.read(eventIds)
      assert.equal(ids.at(-1), id)
    }
  }
})

test('a log that could not be synced fails what waits for it and everything after, though the disk may work again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-sync-'))
  const path = join(folder, 'steward.db')
  const log = new LogSync(path)
  // There is no log yet, which is as bad as a disk that does not write.
  const early = [log.durable(), log.durable()]
  for (const { status } of await Promise.allSettled(early)) assert.equal(status, 'rejected')
  const database = openSqlite(path)
  await database.migrate(eventMigrations)
  await assert.rejects(log.durable())
  log.close()
  await database.close()
  rmSync(folder, { recursive: true })
})

test('one failing piece of a batch takes nothing of the others with it', async () => {
  await using file = await onDisk()
  const results = await Promise.allSettled([
    write(file.database, 1),
    file.database.write(async (tx) => {
      await insertEvent(tx, { id: 2, text: '' })
      throw new Error('after its write')
    }),
    write(file.database, 1),
    write(file.database, 3),
  ])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(await file.database.read(eventIds), [1, 3])
})

test('when a piece throws its batch runs again, and what the others note is told once; soon after, no batch does', async () => {
  await using file = await onDisk()
  const runs: number[] = []
  const told: (readonly string[])[] = []
  file.database.changes.listen((changes) => void told.push(...changes.map(({ ids }) => ids)))
  const piece = (id: number, fails = false) =>
    file.database.write(async (tx) => {
      runs.push(id)
      noteChange(tx, { kind: 'event', ids: [String(id)] })
      await insertEvent(tx, { id, text: '' })
      if (fails) throw new Error('after its write')
    })
  const settled = (pieces: readonly Promise<void>[]) =>
    Promise.allSettled(pieces).then((results) => results.map(({ status }) => status))
  assert.deepEqual(await settled([piece(1), piece(2, true), piece(3)]), ['fulfilled', 'rejected', 'fulfilled'])
  assert.deepEqual(runs, [1, 2, 1, 2, 3])
  assert.deepEqual(await settled([piece(4), piece(5, true), piece(6)]), ['fulfilled', 'rejected', 'fulfilled'])
  assert.deepEqual(runs.slice(5), [4, 5, 6])
  assert.deepEqual(told, [['1'], ['3'], ['4'], ['6']])
  assert.deepEqual(await file.database.read(eventIds), [1, 3, 4, 6])
})

test('when the commit fails all of its batch is rejected with that, and nothing of it remains', async () => {
  await using file = await onDisk()
  const results = await Promise.allSettled([
    write(file.database, 1),
    // Refused because of what the first has written: to say so would be wrong, since that will not have been.
    write(file.database, 1),
    file.database.write(async (tx) => {
      // A foreign key that points nowhere is refused by the commit, not before.
      const run = (text: string) => sql.raw(text).execute(tables(tx))
      await run('create table child (parent integer references event (id) deferrable initially deferred)')
      await run('insert into child values (99)')
    }),
  ])
  for (const result of results)
    assert.match(String((result as PromiseRejectedResult).reason), /FOREIGN KEY constraint failed/)
  assert.deepEqual(await file.database.read(eventIds), [])
  await write(file.database, 2)
  assert.deepEqual(await file.database.read(eventIds), [2])
})

for (const memory of [false, true]) {
  test(`a full disk is ServiceUnavailable for all that was written with it, and no reader notices (${memory ? 'memory' : 'file'})`, async () => {
    await using file = await onDisk()
    const database = memory ? openSqlite(':memory:', { batchMs: 1000 }) : file.database
    if (memory) await database.migrate(eventMigrations)
    await write(database, 1)
    const limitPages = (pages: number) =>
      database.write(async (tx) => void (await sql.raw(`pragma max_page_count = ${pages}`).execute(tables(tx))))
    await limitPages(20)
    const results = await Promise.allSettled([
      write(database, 2),
      write(database, 3, 'x'.repeat(200_000)),
      write(database, 4),
    ])
    for (const { reason } of results.slice(0, 2) as PromiseRejectedResult[]) {
      assert.equal(reason.code, 'ServiceUnavailable')
      assert.match(String(reason.cause), /database or disk is full/)
    }
    // What was not begun then, and needs no more room, is another batch.
    assert.equal(results[2].status, 'fulfilled')
    assert.deepEqual(await database.read(eventIds), [1, 4])
    await limitPages(1_000_000)
    await write(database, 5)
    assert.deepEqual(await database.read(eventIds), [1, 4, 5])
    if (memory) await database.close()
  })
}

test('writes wait while another process holds the lock, and reads go on', async () => {
  await using file = await onDisk()
  await write(file.database, 1)
  const other = new DatabaseSync(file.path)
  other.exec('begin immediate')
  const waiting = write(file.database, 2)
  assert.deepEqual(await file.database.read(eventIds), [1])
  // A few turns of waiting, in which the event loop is free.
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 10))
  other.exec("insert into event values (3, ''); commit")
  await waiting
  assert.deepEqual(await file.database.read(eventIds), [1, 2, 3])
  other.close()
})

test('a lock that is held too long is ServiceUnavailable for those who wait, not for those who come later', async () => {
  await using file = await onDisk({ patienceMs: 50 })
  const other = new DatabaseSync(file.path)
  other.exec('begin immediate')
  const results = await Promise.allSettled([write(file.database, 1), file.database.check()])
  for (const result of results) assert.equal((result as PromiseRejectedResult).reason.code, 'ServiceUnavailable')
  other.exec('rollback')
  other.close()
  await write(file.database, 2)
})

test('files can be read by their owner only, and a closed database says so', async () => {
  await using file = await onDisk()
  await write(file.database, 1)
  for (const suffix of ['', '-wal', '-shm']) assert.equal(statSync(file.path + suffix).mode & 0o777, 0o600, suffix)
  await file.database.close()
  await assert.rejects(write(file.database, 2), unavailable)
  // Closed again when the test ends.
  Object.assign(file.database, { close: async () => {} })
})

test('a reader of a database in memory never sees half of a batch', async () => {
  const database = openSqlite(':memory:')
  await database.migrate(eventMigrations)
  const odd: Promise<boolean>[] = []
  const pieces = Array.from({ length: 20 }, (_, piece) =>
    database.write(async (tx) => {
      await insertEvent(tx, { id: 2 * piece, text: '' })
      odd.push(database.read(eventIds).then((ids) => ids.length % 2 === 1))
      await insertEvent(tx, { id: 2 * piece + 1, text: '' })
    }),
  )
  await Promise.all(pieces)
  assert.deepEqual(new Set(await Promise.all(odd)), new Set([false]))
  await database.close()
})
