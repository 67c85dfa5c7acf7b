import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDatabase, emptyDatabase, openTestDatabase, startPostgres } from '@steward/testkit'
import { sql } from 'kysely'
import pg from 'pg'
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

test('what an administrator of PostgreSQL does is ServiceUnavailable until it is undone: no log-in, time limits, no database', async () => {
  const { url, drop } = await emptyDatabase('postgres')
  const administrator = new pg.Client({ connectionString: url })
  await administrator.connect()
  try {
    const role = `r${crypto.randomUUID().replaceAll('-', '')}`
    await administrator.query(`create role ${role} login; create schema own authorization ${role}`)
    await administrator.query(`alter role ${role} set search_path = own`)
    const asRole = new URL(url)
    asRole.username = role
    const lacking = new URL(asRole)
    lacking.pathname = '/nowhere'
    const opened = () => openPostgres(asRole.href)
    const first = opened()
    await first.migrate(eventMigrations)
    await first.write((tx) => insertEvent(tx, { id: 1, text: '' }))
    await first.close()

    const refused = async (
      database: ReturnType<typeof opened>,
      work: () => Promise<unknown> = () => database.read(eventIds),
    ) => {
      await assert.rejects(work(), unavailable)
      await database.close()
    }
    await refused(openPostgres(lacking.href))
    await administrator.query(`alter role ${role} nologin`)
    await refused(opened())
    await administrator.query(`alter role ${role} login; alter role ${role} set lock_timeout = 20`)
    await administrator.query('begin; lock table own.event in access exclusive mode')
    await refused(opened())
    await administrator.query(`commit; alter role ${role} set lock_timeout = 0`)
    await administrator.query(`alter role ${role} set statement_timeout = 20`)
    const slow = opened()
    await refused(slow, () =>
      slow.read((reader) =>
        tables<EventTable>(reader).selectFrom('event').select(sql`pg_sleep(5)`.as('nothing')).execute(),
      ),
    )

    const last = opened()
    assert.deepEqual(await last.read(eventIds), [1])
    await last.close()
  } finally {
    await administrator.end()
    await drop()
  }
})
