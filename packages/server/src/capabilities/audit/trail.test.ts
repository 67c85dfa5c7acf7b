import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, type DatabaseKind, openTestDatabase } from '@steward/testkit'
import { eventsCapability } from '#capabilities/events/index.ts'
import { type Database, type Tx, tables } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import { type AuditRecord, eventId } from '#kernel/audit-record.ts'
import type { AuditWitness } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { silentLogger } from '#kernel/logger.ts'
import { exportSome } from './export.ts'
import { audit0001 } from './migrations/0001-audit.ts'
import { readHead } from './store.ts'
import type { AuditTables } from './tables.ts'
import { Trail } from './trail.ts'
import { verifyStretch, type Walk } from './verify.ts'

/** Rounds tell rules of calls. */
const migrations = { ...eventsCapability.migrations, 'audit-0001': audit0001 }
const start = Date.parse('2026-11-21T10:00:00.000Z')

/** A record of its own for each name; `seconds` after the start. */
function recordOf(eventName: string, seconds = 0): AuditRecord {
  const at = new Date(start + seconds * 1000)
  return {
    eventVersion: '1.11',
    userIdentity: { type: 'Root', accountId: '1', accessKeyId: 'K' },
    eventTime: at.toISOString(),
    eventSource: 'ssm.amazonaws.com',
    eventName,
    awsRegion: 'r',
    sourceIPAddress: '::1',
    requestParameters: null,
    responseElements: null,
    eventID: eventId(at, randomIds.uuid()),
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '1',
    eventCategory: 'Management',
  }
}

function trailOn(database: Database, noted: { witness?: AuditWitness } = {}): Trail {
  const witness = {
    read: () => noted.witness,
    write: (one: AuditWitness) => {
      noted.witness = one
    },
  }
  return new Trail({ database, log: silentLogger, key: Buffer.alloc(32, 7), witness })
}

/** A database that commits, but whose connection is gone before anybody hears of it, as long as it `isLost`. */
function breaking(database: Database, connection: { isLost: boolean }): Database {
  return {
    ...database,
    read: (work) => database.read(work),
    async write(work) {
      const result = await database.write(work)
      if (connection.isLost) throw new Error('The connection broke after the commit.')
      return result
    },
  }
}

/** The names of the recorded events in the order of the chain. */
async function names(database: Database): Promise<string[]> {
  const all = { after: 0, last: Number.MAX_SAFE_INTEGER }
  const { records } = await database.read((reader) => exportSome(reader, all, undefined))
  return records.map(({ Event }) => JSON.parse(Event).eventName)
}

/** The number of the first bad record; undefined if the trail is whole. */
async function firstBad(database: Database, trail: Trail): Promise<number | undefined> {
  const witness = trail.proof.witness()
  for (let walk: Walk | undefined; ; ) {
    const stretch = await database.read((reader) => verifyStretch(reader, walk, trail.proof, witness))
    if (stretch.complete) return stretch.fault?.record
    walk = stretch.walk
  }
}

function tableTest(name: string, body: (database: Database, kind: DatabaseKind) => Promise<void>): void {
  for (const kind of DATABASES) {
    test(`${name} (${kind})`, async () => {
      await using database = await openTestDatabase(kind, migrations)
      await body(database, kind)
    })
  }
}

tableTest('X-19 the record of a write is there exactly if the write is; all join one chain', async (database) => {
  const trail = trailOn(database)
  await database.write((tx) => trail.add(tx, recordOf('kept')))
  trail.added()
  await assert.rejects(
    database.write(async (tx) => {
      await trail.add(tx, recordOf('undone'))
      throw new Error('changed my mind')
    }),
  )
  for (let index = 0; index < 700; index++) trail.push(recordOf(`read ${index}`, 1 + index / 1000))
  await trail.flush()
  assert.deepEqual(await names(database), ['kept', ...Array.from({ length: 700 }, (_, index) => `read ${index}`)])
  assert.equal(await firstBad(database, trail), undefined)
  await trail.stop()
})

tableTest('X-19 a record that must be durable first is there before it joins the chain', async (database) => {
  const round = Promise.withResolvers<void>()
  const trail = trailOn({
    ...database,
    write: (work) => database.write(work),
    read: (work) => round.promise.then(() => database.read(work)),
  })
  trail.push(recordOf('some time'))
  await Promise.all(['one', 'two'].map((name, index) => trail.write(recordOf(name, index))))
  assert.deepEqual(await names(database), [])
  const entries = await database.read((reader) =>
    tables<AuditTables>(reader).selectFrom('audit_entry').select('records').execute(),
  )
  assert.match(entries.map(({ records }) => records).join('\n'), /one.*\n.*two/)
  round.resolve()
  await trail.flush()
  assert.deepEqual((await names(database)).sort(), ['one', 'some time', 'two'])
  assert.equal(await firstBad(database, trail), undefined)
  await trail.stop()
})

tableTest('X-20 writes at the same time as rounds break nothing', async (database) => {
  const trail = trailOn(database)
  const write = async (index: number) => {
    await database.write((tx) => trail.add(tx, recordOf(`write ${index}`, index)))
    trail.added()
    trail.push(recordOf(`read ${index}`, index))
    await trail.flush()
  }
  await Promise.all(Array.from({ length: 40 }, (_, index) => write(index)))
  assert.equal(new Set(await names(database)).size, 80)
  assert.equal(await firstBad(database, trail), undefined)
  await trail.stop()
})

test('X-20 what an earlier process left joins the chain after the next start', async () => {
  await using database = await openTestDatabase('sqlite', migrations)
  const first = trailOn(database)
  first.push(recordOf('one'))
  await first.stop()
  await database.write((tx) => first.add(tx, recordOf('two', 1)))
  // That process was killed here.
  const second = trailOn(database)
  await second.flush()
  assert.deepEqual(await names(database), ['one', 'two'])
  assert.equal(await firstBad(database, second), undefined)
  await second.stop()
})

test('X-20 there is one round at a time, whenever rounds are asked for', async () => {
  await using database = await openTestDatabase('sqlite', migrations)
  const trail = trailOn(database)
  const ask = async (index: number) => {
    for (let round = 0; round < 20; round++) {
      trail.push(recordOf(`${index}.${round}`))
      const flushed = trail.flush()
      // Some wait, some ask again at once, some in the very moment in which a round ends.
      if (index % 3 === 0) await flushed
      else if (index % 3 === 1) flushed.catch(assert.fail)
      else await Promise.race([flushed, trail.flush()])
    }
  }
  await Promise.all(Array.from({ length: 9 }, (_, index) => ask(index)))
  await trail.flush()
  assert.equal(new Set(await names(database)).size, 180)
  assert.equal(await firstBad(database, trail), undefined)
  await trail.stop()
})

test('X-20 records whose times are far apart do not share a link, whichever way the clock jumped', async () => {
  await using database = await openTestDatabase('sqlite', migrations)
  const trail = trailOn(database)
  for (const seconds of [0, 10, 86_400, 86_401, 5, 6]) trail.push(recordOf(`at ${seconds}`, seconds))
  await trail.flush()
  const links = await database.read((reader) =>
    tables<AuditTables>(reader).selectFrom('audit_seal').select(['records']).orderBy('sequence').execute(),
  )
  assert.deepEqual(
    links.map(({ records }) => records),
    [2, 2, 2],
  )
  assert.equal(await firstBad(database, trail), undefined)
  await trail.stop()
})

tableTest('X-20 nor do those that were written first, though one transaction had them all', async (database) => {
  const trail = trailOn(database)
  await Promise.all([0, 10, 86_400, 86_401, 5, 6].map((seconds) => trail.write(recordOf(`at ${seconds}`, seconds))))
  await trail.flush()
  const links = await database.read((reader) =>
    tables<AuditTables>(reader).selectFrom('audit_seal').select(['first_at', 'last_at', 'records']).execute(),
  )
  for (const { first_at, last_at } of links) assert.ok(Date.parse(last_at) - Date.parse(first_at) <= 60_000, last_at)
  assert.equal(
    links.reduce((sum, { records }) => sum + records, 0),
    6,
  )
  assert.equal(await firstBad(database, trail), undefined)
  await trail.stop()
})

test('X-20 an end that was cut off is missed, as far as it was noted outside of the database', async () => {
  await using database = await openTestDatabase('sqlite', migrations)
  const noted: { witness?: AuditWitness } = {}
  const trail = trailOn(database, noted)
  for (const name of ['one', 'two', 'three']) {
    trail.push(recordOf(name))
    await trail.flush()
  }
  await trail.stop()
  assert.equal(noted.witness?.records, 3)
  assert.equal(await firstBad(database, trail), undefined)
  await database.write((tx) => tables<AuditTables>(tx).deleteFrom('audit_seal').where('sequence', '=', 3).execute())
  assert.equal(await firstBad(database, trail), 3)
  // Whoever writes another record in its place does not have what was noted.
  const other = trailOn(database)
  other.push(recordOf('forged'))
  await other.stop()
  assert.equal(await firstBad(database, trail), 3)
})

test('X-20 a start with a trail that was cut off leaves what was noted as it is, until somebody takes it away', async () => {
  await using database = await openTestDatabase('sqlite', migrations)
  const noted: { witness?: AuditWitness } = {}
  const write = async (...names: string[]) => {
    const trail = trailOn(database, noted)
    for (const name of names) {
      trail.push(recordOf(name))
      await trail.flush()
    }
    await trail.stop()
    return firstBad(database, trail)
  }
  assert.equal(await write('one', 'two', 'three'), undefined)
  assert.equal(await write('four'), undefined)
  for (const table of ['audit_seal', 'audit_mark'] as const)
    await database.write((tx) => tables<AuditTables>(tx).deleteFrom(table).where('sequence', '>', 2).execute())
  assert.equal(await write('forged'), 4)
  assert.equal(await write('forged, too', 'and again'), 4)
  assert.equal(noted.witness?.records, 4)
  delete noted.witness
  assert.equal(await write('from here on'), undefined)
  assert.equal(noted.witness!.records, 6)
})

test('X-19 records wait while the database cannot be written, and are all there afterwards', async () => {
  await using database = await openTestDatabase('sqlite', migrations)
  let away = true
  const unreliable: Database = {
    ...database,
    read: (work) => database.read(work),
    write: (work) => (away ? Promise.reject(new ApiError('ServiceUnavailable', 'away')) : database.write(work)),
  }
  const trail = trailOn(unreliable)
  for (const name of ['one', 'two']) trail.push(recordOf(name))
  await assert.rejects(trail.flush(), { code: 'ServiceUnavailable' })
  trail.push(recordOf('three'))
  away = false
  await trail.flush()
  assert.deepEqual(await names(database), ['one', 'two', 'three'])
  await trail.stop()
})

test('X-19 a round that was written although nobody heard of it is not written twice', async () => {
  await using database = await openTestDatabase('sqlite', migrations)
  const connection = { isLost: true }
  const trail = trailOn(breaking(database, connection))
  for (const record of [recordOf('one'), recordOf('two')]) trail.push(record)
  await assert.rejects(trail.flush())
  connection.isLost = false
  trail.push(recordOf('three'))
  await trail.flush()
  assert.deepEqual(await names(database), ['one', 'two', 'three'])
  assert.equal(await firstBad(database, trail), undefined)
  await trail.stop()
})

tableTest('X-20 a round in the middle of which test mode empties the database begins a new chain', async (database) => {
  let emptied = true
  const resetting: Database = {
    ...database,
    read: (work) => database.read(work),
    async write(work) {
      if (!emptied) await database.empty()
      emptied = true
      return database.write(work)
    },
  }
  const trail = trailOn(resetting)
  await trail.write(recordOf('one'))
  await trail.flush()
  await trail.write(recordOf('two', 1))
  trail.push(recordOf('three', 2))
  emptied = false
  await trail.flush()
  assert.deepEqual(await names(database), ['three'])
  assert.equal(await firstBad(database, trail), undefined)
  await trail.stop()
})

tableTest('X-19 what was written first although nobody heard of it is found, and is there once', async (database) => {
  const connection = { isLost: false }
  const trail = trailOn(breaking(database, connection))
  await trail.write(recordOf('before'))
  trail.push(recordOf('some time', 1))
  await trail.flush()
  connection.isLost = true
  const written = Array.from({ length: 3 }, (_, index) => trail.write(recordOf(`${index}`, 2 + index)))
  trail.push(recordOf('later', 6))
  for (const { status } of await Promise.allSettled(written)) assert.equal(status, 'rejected')
  connection.isLost = false
  await trail.flush()
  assert.deepEqual((await names(database)).sort(), ['0', '1', '2', 'before', 'later', 'some time'])
  assert.equal(await firstBad(database, trail), undefined)
  await trail.stop()
})

test('X-19 what was written although nobody heard of it takes no other record with it', async () => {
  await using database = await openTestDatabase('sqlite', migrations)
  const connection = { isLost: true }
  const trail = trailOn(breaking(database, connection))
  const write = (tx: Tx) => trail.add(tx, recordOf('another'))
  const [first] = await Promise.allSettled([trail.write(recordOf('first')), database.write(write)])
  assert.equal(first?.status, 'rejected')
  trail.push(recordOf('later'))
  connection.isLost = false
  await trail.flush()
  assert.deepEqual((await names(database)).sort(), ['another', 'first', 'later'])
  assert.equal(await firstBad(database, trail), undefined)
  await trail.stop()
})

test('X-19 a full queue makes calls wait; when it cannot be written they are refused, and nothing is dropped', async () => {
  await using database = await openTestDatabase('sqlite', migrations)
  let away = true
  const unreliable: Database = {
    ...database,
    read: (work) => database.read(work),
    write: (work) => (away ? Promise.reject(new ApiError('ServiceUnavailable', 'away')) : database.write(work)),
  }
  const trail = trailOn(unreliable)
  const megabyte = 1024 * 1024
  let taken = 0
  for (; ; taken++) {
    const room = trail.push(recordOf('some'.padEnd(megabyte)))
    if (room === undefined) continue
    await assert.rejects(room, { code: 'ServiceUnavailable' })
    if (taken > 200) break
  }
  away = false
  await trail.flush()
  const { records } = await database.read(readHead)
  assert.ok(records >= 32 && records <= 65, `${records}`)
  await trail.stop()
})
