import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCastLine } from '@steward/protocol/recording/cast.ts'
import { CAST_GENESIS, castHash } from '@steward/protocol/recording/cast-chain.ts'
import { losslessBytes } from '@steward/protocol/recording/lossless-text.ts'
import { DATABASES } from '@steward/testkit/databases.ts'
import { Recorder } from './recorder.ts'
import { findRecording } from './store.ts'
import { aSession, HERE, openRecordingHouse, START } from './testing/recording-house.ts'

const { sessionId } = aSession()
const OUTPUT = 1

function shown(lines: readonly string[]): Buffer {
  const events = lines.flatMap((line) => parseCastLine(line) ?? [])
  return Buffer.concat(events.filter(({ code }) => code === 'o').map(({ data }) => losslessBytes(data)))
}

for (const kind of DATABASES) {
  test(`SM-12 a recording is the bytes that were shown, with their times and sizes, sealed at the end (${kind})`, async () => {
    await using house = await openRecordingHouse(kind)
    const recorder = new Recorder(house.parts)
    const recording = recorder.begin(aSession())!
    recording.resize(120, 40, START + 5)
    recording.output(0, 7, Buffer.from('{}'), START + 6)
    recording.output(1, OUTPUT, Buffer.from('$ caf\xc3', 'latin1'), START + 10)
    recording.output(2, OUTPUT, Buffer.from('\xa9\xff\x1b[0m\r\n', 'latin1'), START + 20)
    recording.resize(80, 24, START + 1500)
    recording.output(3, 11, Buffer.from('oh\n'), START + 1400)
    recording.output(4, 12, Buffer.from('EXIT_CODE: 4'), START + 2000)
    await recording.end(START + 3000)

    const lines = await house.lines(sessionId)
    const header = JSON.parse(lines[0]!)
    assert.deepEqual([header.version, header.width, header.height, header.timestamp], [2, 120, 40, START / 1000])
    assert.deepEqual(
      lines.slice(1).map((line) => JSON.parse(line)),
      [
        [0.01, 'o', '$ caf'],
        [0.02, 'o', 'é\udcff\x1b[0m\r\n'],
        [1.5, 'r', '80x24'],
        [1.5, 'o', 'oh\n'],
        [2, 'x', '4'],
      ],
    )
    assert.deepEqual(shown(lines), Buffer.from('$ caf\xc3\xa9\xff\x1b[0m\r\noh\n', 'latin1'))
    const row = await house.database.read((reader) => findRecording(reader, HERE, sessionId))
    const hash = lines.reduce(castHash, CAST_GENESIS)
    assert.deepEqual([row!.hash, row!.lines, row!.bytes, row!.cut], [hash, 6, 17, 0])
    assert.equal(house.records.length, 1)
    assert.equal(house.records[0]!.eventName, 'SealSessionRecording')
    assert.equal(house.records[0]!.eventID, row!.audit_event_id)
    assert.equal(house.records[0]!.additionalEventData!.hash, hash)
  })

  test(`SM-12 of a command without a terminal the first megabytes are recorded, and the rest is counted (${kind})`, async () => {
    await using house = await openRecordingHouse(kind)
    const recorder = new Recorder(house.parts)
    const recording = recorder.begin({ ...aSession(), sessionType: 'NonInteractiveCommands' })!
    const megabyte = Buffer.alloc(1 << 20, 'a line of output\n')
    for (let frame = 1; frame <= 12; frame++) recording.output(frame, OUTPUT, megabyte, START + frame)
    recording.output(13, 12, Buffer.from('EXIT_CODE: 0'), START + 20)
    await recording.end(START + 30)
    const lines = await house.lines(sessionId)
    assert.equal(shown(lines).length, 9 << 20)
    assert.deepEqual(
      lines.slice(-2).map((line) => JSON.parse(line)),
      [
        [0.02, 'x', '0'],
        [0.03, 'm', `${3 << 20} bytes of output that followed are not recorded.`],
      ],
    )
  })

  test(`SM-12 a recording goes on after a restart, and frames that are told again are in it once (${kind})`, async () => {
    await using house = await openRecordingHouse(kind)
    const before = new Recorder(house.parts)
    const first = before.begin(aSession())!
    first.output(0, OUTPUT, Buffer.from('one '), START + 10)
    first.output(1, OUTPUT, Buffer.from('two \xc3', 'latin1'), START + 20)
    await before.stop()
    const after = new Recorder(house.parts)
    const second = after.begin(aSession())!
    second.output(1, OUTPUT, Buffer.from('two '), START + 30)
    second.output(4, OUTPUT, Buffer.from('\xa9 three', 'latin1'), START + 40)
    await second.end(START + 50)
    const lines = await house.lines(sessionId)
    assert.equal(shown(lines).toString(), 'one two é three')
    assert.deepEqual(JSON.parse(lines[4]!), [0.04, 'm', 'The server was restarted; 2 pieces of output were lost.'])
    const row = await house.database.read((reader) => findRecording(reader, HERE, sessionId))
    assert.equal(row!.hash, lines.reduce(castHash, CAST_GENESIS))
  })
}

test('SM-12 a recording that was told nothing new takes what comes after', async () => {
  await using house = await openRecordingHouse('sqlite')
  const before = new Recorder(house.parts)
  before.begin(aSession())!.output(0, OUTPUT, Buffer.from('one'), START + 10)
  await before.stop()
  const after = new Recorder(house.parts)
  const recording = after.begin(aSession())!
  await after.settled()
  recording.output(0, OUTPUT, Buffer.from('one'), START + 20)
  await after.settled()
  recording.output(1, OUTPUT, Buffer.from(' two'), START + 30)
  await recording.end(START + 40)
  assert.equal(shown(await house.lines(sessionId)).toString(), 'one two')
})

test('SM-12 of ports and of encrypted sessions only what is known of them is recorded', async () => {
  await using house = await openRecordingHouse('sqlite')
  const recorder = new Recorder(house.parts)
  const port = recorder.begin(
    aSession({
      sessionId: 'port',
      sessionType: 'Port',
      documentName: 'AWS-StartPortForwardingSession',
      destination: 'localhost:80',
    }),
  )!
  port.output(0, OUTPUT, Buffer.from('secret'), START + 1)
  port.transferred(10, 20)
  port.transferred(100, 2000)
  const encrypted = recorder.begin(aSession({ sessionId: 'encrypted', encrypted: true }))!
  encrypted.output(0, OUTPUT, Buffer.from('secret'), START + 1)
  await Promise.all([port.end(START + 1000), encrypted.end(START + 1000)])
  const lines = await house.lines('port')
  assert.equal(JSON.parse(lines[0]!).steward.destination, 'localhost:80')
  assert.deepEqual(lines.slice(1), ['[1.000, "m", "100 bytes went to the node, 2000 came from it."]'])
  assert.equal((await house.lines('encrypted')).length, 1)
  const data = house.records.map(({ additionalEventData }) => additionalEventData!)
  assert.deepEqual(
    data.map(({ sessionId, content, toNode, fromNode }) => [sessionId, content, toNode, fromNode]),
    [
      ['port', 'none', 100, 2000],
      ['encrypted', 'encrypted', undefined, undefined],
    ],
  )
})

test('SM-12 a database that fails makes the relay wait, and nothing of the recording is lost', async () => {
  await using house = await openRecordingHouse('sqlite')
  let fails = true
  const database = {
    ...house.database,
    read: house.database.read.bind(house.database),
    write: ((work) =>
      fails ? Promise.reject(new Error('disk full')) : house.database.write(work)) as typeof house.database.write,
  }
  const recorder = new Recorder({ ...house.parts, database })
  const recording = recorder.begin(aSession())!
  const bytes = Buffer.alloc(64 * 1024, `${'x'.repeat(99)}\n`)
  let frames = 0
  while (!recording.behind) recording.output(frames, OUTPUT, bytes, START + frames++)
  assert.ok(frames * bytes.length < 5 * 1024 * 1024)
  fails = false
  await recording.drained()
  assert.equal(recording.behind, false)
  await recording.end(START + 5000)
  assert.equal(shown(await house.lines(sessionId)).length, frames * bytes.length)
})

test('SM-12 nothing that was shown is in the database in clear', async () => {
  await using house = await openRecordingHouse('sqlite')
  const recording = new Recorder(house.parts).begin(aSession())!
  recording.output(0, OUTPUT, Buffer.from('a secret word '.repeat(20)), START + 1)
  await recording.end(START + 2)
  const lines = await house.lines(sessionId)
  assert.match(lines[1]!, /a secret word/)
  const rows = await house.database.read((reader) => findRecording(reader, HERE, sessionId))
  assert.doesNotMatch(JSON.stringify(rows), /secret word/)
})
