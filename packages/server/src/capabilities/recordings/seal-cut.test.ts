import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CAST_GENESIS, castHash } from '@steward/protocol/recording/cast-chain.ts'
import { type Tx, tables } from '#db/database.ts'
import type { TaskContext } from '#kernel/declare.ts'
import { expireRecordings } from './expire-recordings.ts'
import { Recorder } from './recorder.ts'
import { sealCutRecordings } from './seal-cut.ts'
import { findRecording } from './store.ts'
import type { RecordingTables } from './tables.ts'
import { aSession, HERE, openRecordingHouse, type RecordingHouse, START } from './testing/recording-house.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const { sessionId } = aSession()

function contextOf({ database, parts }: RecordingHouse, now: number): TaskContext {
  return {
    read: database.read.bind(database),
    write: database.write.bind(database),
    now: () => new Date(now),
    clockIsSteady: () => true,
    retention: { recordingDays: 90 },
    signal: new AbortController().signal,
    audit: parts.audit,
    ids: parts.ids,
    log: parts.log,
  } as Partial<Record<keyof TaskContext, unknown>> as TaskContext
}

/** A recording that a server left which was killed. */
async function left(house: RecordingHouse): Promise<void> {
  const recorder = new Recorder(house.parts)
  recorder.begin(aSession())!.output(0, 1, Buffer.from('the last words\r\n'), START + 500)
  await recorder.stop()
}

/** What of a session's row must not be null. */
async function goesOn(tx: Tx): Promise<void> {
  const texts = ['account', 'region', 'node_id', 'owner_arn', 'owner_id', 'owner_name', 'document_name', 'session_type']
  const row = Object.fromEntries([...texts, 'status', 'started_at', 'policy', 'acknowledged'].map((name) => [name, '']))
  const session = { ...row, id: sessionId, idle_ms: 0, encrypted: 0 }
  await tables<{ session: Record<string, string | number> }>(tx).insertInto('session').values(session).execute()
}

const found = ({ database }: RecordingHouse) => database.read((reader) => findRecording(reader, HERE, sessionId))

test('SM-12 a recording whose session was over when the server came back is sealed as cut', async () => {
  await using house = await openRecordingHouse('sqlite')
  await left(house)
  assert.deepEqual(await sealCutRecordings.run(contextOf(house, START + MINUTE_MS)), { cut: 0 })
  assert.deepEqual(await sealCutRecordings.run(contextOf(house, START + 2 * MINUTE_MS)), { cut: 0 })
  assert.deepEqual(await sealCutRecordings.run(contextOf(house, START + 3 * MINUTE_MS)), { cut: 1 })
  const hash = (await house.lines(sessionId)).reduce(castHash, CAST_GENESIS)
  const row = (await found(house))!
  assert.deepEqual([row.cut, row.lines, row.hash, row.ended_at], [1, 2, hash, '2026-11-21T10:00:00.500Z'])
  assert.deepEqual(
    [house.records[0]!.additionalEventData!.cut, house.records[0]!.additionalEventData!.hash],
    [true, hash],
  )
  assert.deepEqual(await sealCutRecordings.run(contextOf(house, START + 9 * MINUTE_MS)), { cut: 0 })
})

test('SM-12 a recording that was sealed as cut takes nothing more', async () => {
  await using house = await openRecordingHouse('sqlite')
  await left(house)
  const late = new Recorder(house.parts)
  const recording = late.begin(aSession())!
  for (const minutes of [1, 4]) await sealCutRecordings.run(contextOf(house, START + minutes * MINUTE_MS))
  const sealed = await house.lines(sessionId)
  recording.output(1, 1, Buffer.from('too late'), START + 600)
  await recording.end(START + 700)
  assert.deepEqual(await house.lines(sessionId), sealed)
  assert.equal(house.records.length, 1)
})

test('SM-12 a session that goes on keeps its recording open', async () => {
  await using house = await openRecordingHouse('sqlite')
  await left(house)
  await house.database.write(goesOn)
  for (const minutes of [1, 9])
    assert.deepEqual(await sealCutRecordings.run(contextOf(house, START + minutes * MINUTE_MS)), { cut: 0 })
  assert.equal((await found(house))!.ended_at, null)
})

test('SM-12 recordings expire, and the trail says so', async () => {
  await using house = await openRecordingHouse('sqlite')
  await new Recorder(house.parts).begin(aSession())!.end(START + 10)
  const row = (await found(house))!
  assert.deepEqual(await expireRecordings.run(contextOf(house, START + 89 * DAY_MS)), { expired: 0 })
  assert.deepEqual(await expireRecordings.run(contextOf(house, START + 91 * DAY_MS)), { expired: 1 })
  assert.equal(await found(house), undefined)
  const left = await house.database.read((reader) =>
    tables<RecordingTables>(reader).selectFrom('session_recording_chunk').select('number').execute(),
  )
  assert.deepEqual(left, [])
  const { eventName, additionalEventData } = house.records.at(-1)!
  assert.deepEqual([eventName, additionalEventData!.hash], ['ExpireSessionRecording', row.hash])
})
