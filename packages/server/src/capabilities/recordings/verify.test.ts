import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Tx, tables } from '#db/database.ts'
import { keyOf, openedChunks } from './reading.ts'
import { Recorder } from './recorder.ts'
import { search as searchRecordings } from './search.ts'
import { findRecording } from './store.ts'
import type { RecordingTables } from './tables.ts'
import { aSession, HERE, openRecordingHouse, type RecordingHouse, START } from './testing/recording-house.ts'
import { type Fault, verifyStretch, WALK_BEGIN } from './verify.ts'

const { sessionId } = aSession()

/** A sealed recording of five chunks, one line each behind the header. */
async function recorded(house: RecordingHouse): Promise<void> {
  for (let frame = 0; frame < 5; frame++) {
    const recorder = new Recorder(house.parts)
    const recording = recorder.begin(aSession())!
    recording.output(frame, 1, Buffer.from(`line ${frame}\r\n`), START + frame)
    await recorder.stop()
  }
  await new Recorder(house.parts).begin(aSession())!.end(START + 10)
}

async function verdict({ database, parts }: RecordingHouse): Promise<{ lines: number; fault: Fault | undefined }> {
  return database.read(async (reader) => {
    const row = (await findRecording(reader, HERE, sessionId))!
    for (let walk = WALK_BEGIN; ; ) {
      const stretch = await verifyStretch(reader, row, keyOf(parts.vault, row), walk, parts.audit.proof)
      walk = stretch.walk
      if (stretch.complete) return { lines: walk.lines, fault: stretch.fault }
    }
  })
}

test('SM-12 a recording that is as it was is said to be whole', async () => {
  await using house = await openRecordingHouse('sqlite')
  await recorded(house)
  // The header, five lines, and a remark for each of the four restarts that something came after.
  assert.deepEqual(await verdict(house), { lines: 10, fault: undefined })
})

const chunks = (tx: Tx) => tables<RecordingTables>(tx)
const damages: Record<string, { line: number; damage(tx: Tx): Promise<unknown> }> = {
  'a chunk that was taken out': {
    line: 5,
    damage: (tx) => chunks(tx).deleteFrom('session_recording_chunk').where('number', '=', 3).execute(),
  },
  'the end that was cut off': {
    line: 8,
    damage: (tx) => chunks(tx).deleteFrom('session_recording_chunk').where('number', '>=', 5).execute(),
  },
  'a chunk in the place of another': {
    line: 3,
    damage: async (tx) => {
      const other = await chunks(tx)
        .selectFrom('session_recording_chunk')
        .select('data')
        .where('number', '=', 3)
        .executeTakeFirstOrThrow()
      await chunks(tx).updateTable('session_recording_chunk').set(other).where('number', '=', 2).execute()
    },
  },
  'the name of another owner': {
    line: 10,
    damage: (tx) => chunks(tx).updateTable('session_recording').set({ owner_arn: 'arn:aws:iam::1:user/eve' }).execute(),
  },
  'an end that was made anew': {
    line: 8,
    damage: async (tx) => {
      await chunks(tx).deleteFrom('session_recording_chunk').where('number', '>=', 5).execute()
      const last = await chunks(tx)
        .selectFrom('session_recording_chunk')
        .select(['lines', 'hash'])
        .where('number', '=', 4)
        .executeTakeFirstOrThrow()
      await chunks(tx).updateTable('session_recording').set(last).execute()
    },
  },
}

for (const [what, { line, damage }] of Object.entries(damages)) {
  test(`SM-12 verifying finds ${what}`, async () => {
    await using house = await openRecordingHouse('sqlite')
    await recorded(house)
    await house.database.write(damage)
    assert.equal((await verdict(house)).fault?.line, line)
  })
}

test('SM-12 reading stops with an error at what is not as it was', async () => {
  await using house = await openRecordingHouse('sqlite')
  await recorded(house)
  await house.database.write(damages['a chunk in the place of another']!.damage)
  const read = house.database.read.bind(house.database)
  const row = (await read((reader) => findRecording(reader, HERE, sessionId)))!
  const opened: number[] = []
  await assert.rejects(
    async () => {
      for await (const { number } of openedChunks(read, keyOf(house.parts.vault, row), 0)) opened.push(number)
    },
    { code: 'SessionRecordingDamaged' },
  )
  assert.deepEqual(opened, [1])
  const search = { scope: HERE, filter: {}, query: 'line', limit: 10 }
  const parts = { read, vault: house.parts.vault, signal: new AbortController().signal }
  const { matches, next } = await searchRecordings(parts, search, undefined)
  assert.deepEqual([matches.map(({ text }) => text), next], [['line 0'], undefined])
})
