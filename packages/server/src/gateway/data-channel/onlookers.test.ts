import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseChannelClosed, parseTerminalSize, payloadType } from '@steward/protocol/session/index.ts'
import type { SessionRecorder } from '#kernel/declare.ts'
import { aSession, DataChannelLab } from '../testing/data-channel-lab.ts'

/** A recorder that remembers what it was told, and says that it is behind when a test wants it. */
function aRecorder() {
  const told: unknown[][] = []
  const state = { behind: false, catchUp: () => {} }
  const recorder: SessionRecorder = {
    begin: () => ({
      output: (sequence, type, payload) => told.push(['output', sequence, type, Buffer.from(payload).toString()]),
      resize: (columns, rows) => told.push(['resize', columns, rows]),
      transferred: (toNode, fromNode) => told.push(['transferred', toNode, fromNode]),
      get behind() {
        return state.behind
      },
      drained: () => new Promise((resolve) => (state.catchUp = resolve)),
      end: async () => void told.push(['end']),
    }),
    stop: async () => {},
  }
  return { recorder, told, state }
}

const policy = (more: object) => ({ readOnly: false, forbiddenPatterns: [], endOnMatch: false, ...more })

test('SM-12 a recording is given what the terminal shows, in order and once, and its sizes; and is ended', async () => {
  const { recorder, told } = aRecorder()
  await using lab = await DataChannelLab.start({ recorder })
  const session = aSession()
  const [agent, client] = [await lab.join(session, 'agent'), await lab.join(session, 'client')]
  client.input(0, '{"cols":100,"rows":30}', payloadType.size)
  client.input(0, '{"cols":100,"rows":30}', payloadType.size)
  client.input(1, 'secret')
  await client.roundTrip()
  agent.output(0, 'a')
  agent.output(2, 'c', payloadType.stdErr)
  agent.output(1, '{}', payloadType.handshakeComplete)
  agent.output(0, 'a')
  await agent.roundTrip()
  lab.channels.end(session.sessionId, '')
  for (const sequence of [0, 1, 2]) client.acknowledge(sequence)
  await client.messages('channel_closed')
  assert.deepEqual(told, [['resize', 100, 30], ['output', 0, 1, 'a'], ['output', 2, payloadType.stdErr, 'c'], ['end']])
})

test('SM-12 a frame whose digest is wrong is neither recorded nor passed on, so nothing is on record that nobody saw', async () => {
  const { recorder, told } = aRecorder()
  await using lab = await DataChannelLab.start({ recorder })
  const [agent, client] = [await lab.join(aSession(), 'agent'), await lab.join(aSession(), 'client')]
  const forged = await new Promise<Buffer>((resolve) => {
    client.socket.once('message', (data: Buffer) => resolve(Buffer.from(data)))
    agent.output(0, 'harmless')
  })
  forged.write('terrible', 120)
  forged.writeUInt8(1, 55)
  agent.frame(forged)
  agent.output(1, 'right')
  await agent.roundTrip()
  await client.roundTrip()
  assert.deepEqual(client.texts('output_stream_data'), ['0 harmless', '1 right'])
  assert.deepEqual(
    told.map((words) => words.at(-1)),
    ['harmless', 'right'],
  )
})

test('SM-12 while the recording is behind, nothing more is read from the node', async () => {
  const { recorder, told, state } = aRecorder()
  await using lab = await DataChannelLab.start({ recorder })
  const [agent, client] = [await lab.join(aSession(), 'agent'), await lab.join(aSession(), 'client')]
  state.behind = true
  agent.output(0, 'a')
  await client.messages('output_stream_data')
  agent.output(1, 'b')
  await client.roundTrip()
  await client.roundTrip()
  assert.equal(told.length, 1)
  state.behind = false
  state.catchUp()
  await client.messages('output_stream_data', 2)
  assert.equal(told.length, 2)
})

test('SM-12 of a tunnel the bytes are counted, without the machinery of the tunnel', async () => {
  const { recorder, told } = aRecorder()
  await using lab = await DataChannelLab.start({ recorder })
  const session = aSession({ sessionType: 'Port' })
  const [agent, client] = [await lab.join(session, 'agent'), await lab.join(session, 'client')]
  agent.output(0, 'x'.repeat(100))
  agent.output(0, 'x'.repeat(100))
  agent.output(1, Buffer.of(1, 3, 0, 0, 0, 0, 0, 0))
  client.input(0, 'y'.repeat(10))
  await Promise.all([agent.roundTrip(), client.roundTrip()])
  lab.advance(5_000)
  lab.advance(5_000)
  assert.deepEqual(told, [['transferred', 10, 100]])
})

test('SM-22 a forbidden line is reported, and ends the session if its policy says so', async () => {
  for (const endOnMatch of [false, true]) {
    await using lab = await DataChannelLab.start()
    const session = aSession({ policy: policy({ forbiddenPatterns: ['PRIVATE KEY'], endOnMatch }) })
    const [agent, client] = [await lab.join(session, 'agent'), await lab.join(session, 'client')]
    agent.output(0, '-----BEGIN PRIVATE ')
    agent.output(1, 'KEY-----\r\n')
    await agent.roundTrip()
    await client.roundTrip()
    const events = (await lab.events()).slice(2)
    assert.deepEqual(events, endOnMatch ? ['forbidden', 'ended'] : ['forbidden'])
    const closed = client.received.find(({ messageType }) => messageType === 'channel_closed')
    assert.equal(closed !== undefined, endOnMatch)
    assert.equal(client.texts('output_stream_data').length, endOnMatch ? 1 : 2, 'what is forbidden is not shown')
  }
})

test('SM-22 who watches sees the output from then on, from 0 on, with the size; what they send reaches nobody', async () => {
  await using lab = await DataChannelLab.start()
  const session = aSession()
  const [agent, client] = [await lab.join(session, 'agent'), await lab.join(session, 'client')]
  client.input(0, '{"cols":100,"rows":30}', payloadType.size)
  agent.output(0, 'before')
  await Promise.all([agent.roundTrip(), client.roundTrip()])
  const viewer = await lab.join(session, 'viewer')
  viewer.input(1, 'rm -rf /\r')
  viewer.acknowledge(1)
  await viewer.roundTrip()
  agent.output(1, 'seen')
  agent.output(1, 'seen')
  await viewer.messages('output_stream_data', 2)
  assert.deepEqual(parseTerminalSize(viewer.received[0]!.payload), { cols: 100, rows: 30 })
  assert.deepEqual(viewer.texts('output_stream_data').slice(1), ['1 seen'])
  await agent.roundTrip()
  assert.equal(agent.received.length, 1, 'the size only')
  assert.equal((await lab.events()).length, 2)

  lab.channels.end(session.sessionId, 'Over.')
  lab.advance(5_000)
  const [closed] = await viewer.messages('channel_closed')
  assert.equal(parseChannelClosed(closed!.payload).output, 'Over.')
})

test('SM-22 a session that only its two ends can read cannot be watched', async () => {
  await using lab = await DataChannelLab.start()
  for (const more of [{ encrypted: true }, { sessionType: 'Port' as const, sessionId: 'port-0' }]) {
    const viewer = await lab.join(aSession(more), 'viewer')
    const [closed] = await viewer.messages('channel_closed')
    assert.match(parseChannelClosed(closed!.payload).output, /cannot be watched/)
  }
})
