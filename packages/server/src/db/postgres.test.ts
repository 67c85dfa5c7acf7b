import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDatabase, openTestDatabase, startPostgres } from '@steward/testkit'
import { tables } from './database.ts'
import { openPostgres } from './postgres.ts'
import { type EventTable, eventIds, eventMigrations, insertEvent } from './testing/events.ts'

const unavailable = { name: 'ApiError', code: 'ServiceUnavailable' }

test('work that loses a race runs again from the start, and its writes count once', async () => {
  await using database = await openTestDatabase('postgres', eventMigrations)
  let runs = 0
  const appendNext = () =>
    database.write(async (tx) => {
      runs++
      const ids = await eventIds(tx)
      await insertEvent(tx, { id: ids.length, text: '' })
    })
  await Promise.all(Array.from({ length: 20 }, appendNext))
  assert.deepEqual(await database.read(eventIds), [...Array(20).keys()])
  assert.ok(runs > 20, 'races were lost')
})

test('a piece of work that takes long is done in the end, however many quick ones get in its way', async () => {
  await using database = await openTestDatabase('postgres', eventMigrations)
  let done = false
  let id = 0
  const quick = async () => {
    while (!done) {
      await database.write(async (tx) => {
        await eventIds(tx)
        await insertEvent(tx, { id: id++, text: '' })
      })
    }
  }
  const slow = database.write(async (tx) => {
    for (let look = 0; look < 30; look++) await eventIds(tx)
    await insertEvent(tx, { id: -1, text: 'slow' })
  })
  await Promise.all([slow.then(() => (done = true)), ...Array.from({ length: 8 }, quick)])
  assert.equal((await database.read(eventIds))[0], -1)
})

test('what a caller did wrong is no trouble of the database', async () => {
  await using database = await openTestDatabase('postgres', eventMigrations)
  await database.write((tx) => insertEvent(tx, { id: 1, text: '' }))
  await assert.rejects(
    database.write((tx) => insertEvent(tx, { id: 1, text: '' })),
    { code: '23505' },
  )
  await assert.rejects(
    database.read((reader) =>
      tables<EventTable>(reader)
        .selectFrom('nowhere' as 'event')
        .selectAll()
        .execute(),
    ),
    { code: '42P01' },
  )
})

test('a text with NUL, which PostgreSQL cannot keep, is the caller’s mistake', async () => {
  await using database = await openTestDatabase('postgres', eventMigrations)
  await assert.rejects(
    database.write((tx) => insertEvent(tx, { id: 1, text: 'a\0b' })),
    { name: 'ApiError', code: 'ValidationException', message: /the character NUL/ },
  )
  assert.deepEqual(await database.read(eventIds), [])
})

test('a PostgreSQL that died is ServiceUnavailable at once, and used again when it is back', async () => {
  const server = await startPostgres()
  try {
    const { url } = await createDatabase(server.url)
    const database = openPostgres(url)
    await database.migrate(eventMigrations)
    await database.write((tx) => insertEvent(tx, { id: 1, text: '' }))
    const interrupted = database.write(async (tx) => {
      await insertEvent(tx, { id: 2, text: '' })
      await server.crash()
      await insertEvent(tx, { id: 3, text: '' })
    })
    await assert.rejects(interrupted, unavailable)
    await assert.rejects(database.read(eventIds), unavailable)
    await assert.rejects(database.check(), unavailable)
    await server.restart()
    assert.deepEqual(await database.read(eventIds), [1])
    await database.write((tx) => insertEvent(tx, { id: 4, text: '' }))
    await database.check()
    assert.deepEqual(await database.read(eventIds), [1, 4])
    await database.close()
  } finally {
    await server.stop()
  }
})
