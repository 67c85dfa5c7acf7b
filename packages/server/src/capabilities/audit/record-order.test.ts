import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AuditRecord, eventId } from '#kernel/audit-record.ts'
import { NEWEST_FIRST, OLDEST_FIRST, SortedRecords } from './record-order.ts'

const START = Date.UTC(2030, 0, 1)
const at = (seconds: number) => new Date(START + seconds * 1000)
const record = (seconds: number) =>
  ({ eventID: eventId(at(seconds), '12345678-1234-4123-8123-123456789abc') }) as AuditRecord

for (const [name, order, known] of [
  ['newest', NEWEST_FIRST, [200, 100]],
  ['oldest', OLDEST_FIRST, [0, 20]],
] as const) {
  test(`CON-07 the ${name} first: only records that no other link can come before are passed on`, () => {
    const found = new SortedRecords(order)
    found.add([record(100), record(0), record(200), record(20)])
    const frontier = order.frontier(at(90).toISOString())
    const { records, next } = found.soFar(frontier)
    assert.deepEqual(
      records.map(({ eventID }) => eventID),
      known.map((seconds) => record(seconds).eventID),
    )
    // The rest, and what happened at the very frontier, is still to come.
    const rest = [0, 20, 100, 200].filter((seconds) => order.isAfter(record(seconds).eventID, next!))
    assert.equal(rest.length, 2)
    assert.ok(order.isAfter(eventId(new Date(frontier), '12345678-1234-4123-8123-123456789abc'), next!))
  })
}
