import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DATABASES, openTestDatabase } from '@steward/testkit'
import { eventsCapability } from '#capabilities/events/index.ts'
import { type Database, tables } from '#db/database.ts'
import { type AuditRecord, eventId } from '#kernel/audit-record.ts'
import type { TaskContext } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { silentLogger } from '#kernel/logger.ts'
import { expireRecords } from './expire-records.ts'
import { search } from './lookup.ts'
import { audit0001 } from './migrations/0001-audit.ts'
import type { AuditTables } from './tables.ts'
import { Trail } from './trail.ts'
import { verifyStretch, type Walk } from './verify.ts'

/** Rounds tell rules of calls. */
const migrations = { ...eventsCapability.migrations, 'audit-0001': audit0001 }
const DAY_MS = 86_400_000
const start = Date.parse('2026-01-01T00:00:00Z')

function recordOf(day: number): AuditRecord {
  const at = new Date(start + day * DAY_MS)
  return { eventID: eventId(at, randomIds.uuid()), eventTime: at.toISOString(), eventName: `day ${day}` } as AuditRecord
}

async function trailOfDays(database: Database, days: readonly number[]): Promise<Trail> {
  const parts = { database, log: silentLogger, key: Buffer.alloc(32), witness: undefined }
  const trail = new Trail(parts)
  for (const day of days) {
    const record = { ...recordOf(day), userIdentity: { type: 'Root' }, readOnly: true, eventSource: 's' } as AuditRecord
    trail.push(record)
  }
  await trail.flush()
  return trail
}

/** Runs the task with a clock that shows a day. */
function expire(database: Database, audit: Trail, day: number, auditDays: number): Promise<unknown> {
  const context = {
    read: (work: never) => database.read(work),
    write: (work: never) => database.write(work),
    now: () => new Date(start + day * DAY_MS),
    retention: { commandDays: 1, auditDays },
    signal: new AbortController().signal,
    audit,
  }
  return expireRecords.run(context as unknown as TaskContext)
}

async function names(database: Database): Promise<string[]> {
  const wanted = { attribute: undefined, from: 0, to: Number.MAX_SAFE_INTEGER, isVisible: () => true, limit: 1000 }
  const { records } = await search((work) => database.read(work), wanted, undefined)
  return records.map(({ eventName }) => eventName).reverse()
}

async function verified(database: Database, trail: Trail): Promise<{ first: number; last: number; fault?: unknown }> {
  for (let walk: Walk | undefined; ; ) {
    const stretch = await database.read((reader) => verifyStretch(reader, walk, trail.proof, undefined))
    walk = stretch.walk
    const fault = stretch.fault ? { fault: stretch.fault } : {}
    if (stretch.complete) return { first: walk.first, last: walk.head.records, ...fault }
  }
}

const days = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

for (const kind of DATABASES) {
  test(`X-28 the oldest records expire, and what is left of the chain is still verified (${kind})`, async () => {
    await using database = await openTestDatabase(kind, migrations)
    const trail = await trailOfDays(database, days(0, 9))
    for (let run = 0; run < 6; run++) await expire(database, trail, 10, 7)
    assert.deepEqual(
      await names(database),
      days(3, 9).map((day) => `day ${day}`),
    )
    assert.deepEqual(await verified(database, trail), { first: 4, last: 10 })
    // All marks of what expired are gone too.
    const marks = await database.read((reader) =>
      tables<AuditTables>(reader).selectFrom('audit_mark').select('sequence').distinct().orderBy('sequence').execute(),
    )
    assert.deepEqual(
      marks.map(({ sequence }) => sequence),
      days(4, 10),
    )
    const later = { ...recordOf(10), userIdentity: { type: 'Root' } } as AuditRecord
    trail.push(later)
    await trail.flush()
    assert.deepEqual(await verified(database, trail), { first: 4, last: 11 })
    await trail.stop()
  })
}

test('X-28 a clock that jumps ahead does not empty the trail at once', async () => {
  await using database = await openTestDatabase('sqlite', migrations)
  const trail = await trailOfDays(database, days(0, 9))
  await expire(database, trail, 100_000, 7)
  assert.deepEqual(
    await names(database),
    days(1, 9).map((day) => `day ${day}`),
  )
  await trail.stop()
})

test('X-28 a younger record holds back what was chained after it, so the chain stays one piece', async () => {
  await using database = await openTestDatabase('sqlite', migrations)
  const trail = await trailOfDays(database, [0, 50, 1, 2])
  for (let run = 0; run < 5; run++) await expire(database, trail, 51, 7)
  assert.deepEqual((await verified(database, trail)).first, 2)
  await trail.stop()
})

test('X-20 the beginning cannot be cut off in the way that records expire', async () => {
  await using database = await openTestDatabase('sqlite', migrations)
  const trail = await trailOfDays(database, days(0, 4))
  await database.write(async (tx) => {
    const db = tables<AuditTables>(tx)
    const second = await db.selectFrom('audit_seal').selectAll().where('sequence', '=', 2).executeTakeFirstOrThrow()
    await db.deleteFrom('audit_seal').where('sequence', '<=', 2).execute()
    const anchor = { id: 1, sequence: 2, records: 2, hash: second.hashes, seal: 'forged' }
    await db.insertInto('audit_anchor').values(anchor).execute()
  })
  const { fault } = await verified(database, trail)
  assert.match(JSON.stringify(fault), /no seal of this installation/)
  await trail.stop()
})
