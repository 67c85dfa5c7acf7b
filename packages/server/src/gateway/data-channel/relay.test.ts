import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseChannelClosed, parseTerminalSize, payloadType } from '@steward/protocol/session/index.ts'
import { aSession, DataChannelLab, type LabSide } from '../testing/data-channel-lab.ts'

const MiB = 1024 * 1024

/** Resolves when what `from` sent has come to `to`. */
async function passed(from: LabSide, to: LabSide): Promise<void> {
  await from.roundTrip()
  await to.roundTrip()
}

/** Resolves when nothing more has left a side for many turns of the event loop, in each of which something could have. */
async function untilStuck({ socket }: LabSide): Promise<void> {
  let before = socket.bufferedAmount
  for (let turns = 0; turns < 1000; turns++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (socket.bufferedAmount !== before) turns = 0
    before = socket.bufferedAmount
  }
}

async function pair(lab: DataChannelLab, session = aSession(), options = {}) {
  const agent = await lab.join(session, 'agent', options)
  const client = await lab.join(session, 'client')
  return { agent, client, session }
}

test('SM-01 frames pass between the two sides unchanged; what is neither stream nor acknowledgement does not', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client } = await pair(lab)
  agent.output(0, '$ ')
  agent.message('channel_closed', '{}')
  agent.message('something_new', 'x')
  client.input(0, 'ls\r')
  client.message('agent_session_state', '{"SessionState":"Terminating"}')
  await passed(agent, client)
  await passed(client, agent)
  agent.acknowledge(0, 'input_stream_data')
  await passed(agent, client)
  assert.deepEqual(client.texts('output_stream_data'), ['0 $ '])
  assert.deepEqual(agent.texts('input_stream_data'), ['0 ls\r'])
  assert.deepEqual(
    client.received.map(({ messageType }) => messageType),
    ['output_stream_data', 'acknowledge'],
  )
  assert.equal(agent.received.length, 1)
  assert.deepEqual(await lab.events(), ['agent-connected', 'client-connected'])
})

test('SM-09 a frame that the client has acknowledged is answered for it when it comes again', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client } = await pair(lab)
  for (const sequence of [0, 2, 1]) agent.output(sequence, `${sequence}`)
  await passed(agent, client)
  for (const sequence of [2, 0]) client.acknowledge(sequence)
  await passed(client, agent)
  for (const sequence of [0, 1, 2]) agent.output(sequence, `${sequence}`)
  await passed(agent, client)
  assert.deepEqual(client.texts('output_stream_data'), ['0 0', '2 2', '1 1', '1 1'])
  const acknowledged = (await agent.messages('acknowledge', 4)).map(
    ({ payload }) => JSON.parse(Buffer.from(payload).toString()).AcknowledgedMessageSequenceNumber,
  )
  assert.deepEqual(acknowledged, [2, 0, 0, 2])
})

test('SM-09 what the client acknowledged is stored, and known to the next server', async () => {
  const session = aSession()
  await using first = await DataChannelLab.start()
  const { agent, client } = await pair(first, session)
  for (const sequence of [0, 1, 2]) agent.output(sequence, 'x')
  await passed(agent, client)
  for (const sequence of [0, 2]) client.acknowledge(sequence)
  await passed(client, agent)
  first.advance(5_000)
  await first.events()
  const stored = first.sightings.find((sighting) => sighting.event === 'acknowledged')
  assert.deepEqual(stored?.event === 'acknowledged' && stored.frames, { below: 1, above: [2] })

  await using second = await DataChannelLab.start({ open: [{ ...session, acknowledged: { below: 1, above: [2] } }] })
  const again = await pair(second, session)
  for (const sequence of [0, 1, 2]) again.agent.output(sequence, 'x')
  await passed(again.agent, again.client)
  assert.deepEqual(again.client.texts('output_stream_data'), ['1 x'])
  assert.equal((await again.agent.messages('acknowledge', 2)).length, 2)
})

test('SM-09 a client that comes back gets all that it missed, in order; meanwhile the agent is paused', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client, session } = await pair(lab)
  agent.output(0, 'a')
  agent.output(1, 'b')
  await passed(agent, client)
  client.acknowledge(0)
  await passed(client, agent)
  await client.cut()
  await agent.messages('pause_publication')
  for (const sequence of [3, 2, 1]) agent.output(sequence, `${sequence}`)
  await agent.roundTrip()
  const back = await lab.join(session, 'client')
  await back.messages('output_stream_data', 3)
  assert.deepEqual(back.texts('output_stream_data'), ['1 b', '2 2', '3 3'])
  await agent.messages('start_publication')
  assert.deepEqual((await lab.events()).slice(1), ['client-connected', 'client-lost', 'client-connected'])
})

test('SM-09 pauses and starts have a payload: Amazon’s agent logs a frame without one as an error', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client, session } = await pair(lab)
  await client.cut()
  const [pause] = await agent.messages('pause_publication')
  await lab.join(session, 'client')
  const [start] = await agent.messages('start_publication')
  assert.deepEqual([`${Buffer.from(pause!.payload)}`, `${Buffer.from(start!.payload)}`], ['{}', '{}'])
})

test('SM-09 Amazon’s agent is not paused in a command without a terminal, which would end it; ours is', async () => {
  for (const ours of [false, true]) {
    await using lab = await DataChannelLab.start()
    const { agent, client } = await pair(lab, aSession({ sessionType: 'NonInteractiveCommands' }), { ours })
    await client.cut()
    await lab.reported('client-lost')
    await agent.roundTrip()
    assert.equal(agent.received.length, ours ? 1 : 0)
  }
})

test('SM-09 of what the agent sends while nobody is there, only so much is kept; it has the rest', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client, session } = await pair(lab)
  await client.cut()
  await agent.messages('pause_publication')
  for (let sequence = 0; sequence < 40; sequence++) agent.output(sequence, Buffer.alloc(64 * 1024, sequence))
  await agent.roundTrip()
  const back = await lab.join(session, 'client')
  await agent.messages('start_publication')
  await back.roundTrip()
  const kept = back.received.map(({ sequenceNumber }) => sequenceNumber)
  assert.deepEqual(
    kept,
    Array.from({ length: kept.length }, (_, index) => index),
  )
  assert.ok(kept.length >= 10 && kept.length <= 16, `${kept.length}`)
})

test('SM-01 what a client sends before the agent is there waits for it', async () => {
  await using lab = await DataChannelLab.start()
  const session = aSession()
  const client = await lab.join(session, 'client')
  client.input(0, 'early')
  await client.roundTrip()
  const agent = await lab.join(session, 'agent')
  await agent.messages('input_stream_data')
  assert.deepEqual(agent.texts('input_stream_data'), ['0 early'])
})

test('SM-09 a frame that a reconnected client has and says nothing of is acknowledged for it after a while', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client, session } = await pair(lab)
  agent.output(0, 'x')
  await passed(agent, client)
  // Its acknowledgement was on the connection that broke; Amazon's client gives no second one.
  await client.cut()
  const back = await lab.join(session, 'client')
  for (let copy = 0; copy < 10; copy++) {
    lab.advance(400)
    agent.output(0, 'x')
    await passed(agent, back)
  }
  assert.equal((await agent.messages('acknowledge')).length, 3)
  agent.output(1, 'y')
  for (let copy = 0; copy < 10; copy++) {
    lab.advance(400)
    agent.output(1, 'y')
    await passed(agent, back)
  }
  assert.equal((await agent.messages('acknowledge')).length, 3, 'one that was sent on this connection only may be lost')
})

test('SM-09 the newest socket of a side counts, and the former is closed', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client, session } = await pair(lab)
  const closed = Promise.all([agent.closed(), client.closed()])
  const again = await pair(lab, session)
  assert.deepEqual(await closed, [1000, 1000])
  again.agent.output(0, 'x')
  await passed(again.agent, again.client)
  assert.deepEqual(again.client.texts('output_stream_data'), ['0 x'])
  assert.equal((await lab.events()).includes('client-lost'), false)
})

test('SM-09 the server reads no faster from the node than the client takes, and the other way round', async () => {
  await using lab = await DataChannelLab.start()
  for (const [from, to, send] of [
    ['agent', 'client', (side: LabSide, n: number) => side.output(n, Buffer.alloc(MiB))],
    ['client', 'agent', (side: LabSide, n: number) => side.input(n, Buffer.alloc(MiB))],
  ] as const) {
    const sides = await pair(lab)
    const [sender, receiver] = [sides[from], sides[to]]
    receiver.socket.pause()
    for (let sequence = 0; sequence < 64; sequence++) send(sender, sequence)
    await untilStuck(sender)
    assert.ok(sender.socket.bufferedAmount > 32 * MiB, `${sender.socket.bufferedAmount}`)
    receiver.socket.resume()
    const type = from === 'agent' ? 'output_stream_data' : 'input_stream_data'
    assert.equal((await receiver.messages(type, 64)).length, 64)
  }
})

test('SM-22 nothing that is typed in a read-only session reaches the node, and no number is missing there', async () => {
  await using lab = await DataChannelLab.start()
  const policy = { readOnly: true, forbiddenPatterns: [], endOnMatch: false }
  const { agent, client } = await pair(lab, aSession({ policy }))
  client.input(0, '{"cols":100,"rows":30}', payloadType.size)
  client.input(1, 'rm -rf /\r')
  client.input(2, Buffer.of(0, 0, 0, 2), payloadType.flag)
  client.input(3, 'x', 99)
  await passed(client, agent)
  const types = agent.received.map(({ sequenceNumber, payloadType }) => [sequenceNumber, payloadType])
  assert.deepEqual(types, [
    [0, payloadType.size],
    [1, payloadType.size],
    [2, payloadType.flag],
    [3, payloadType.size],
  ])
  assert.deepEqual(parseTerminalSize(agent.received[1]!.payload), { cols: 100, rows: 30 })
})

test('SM-09 both sides are told of the end; a client gets what came before, and is given time to go', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client, session } = await pair(lab)
  agent.output(0, 'last words')
  await passed(agent, client)
  lab.channels.end(session.sessionId, 'It is over.')
  await agent.messages('channel_closed')
  await client.roundTrip()
  assert.equal(client.received.length, 1, 'not yet')
  client.acknowledge(0)
  const [closed] = await client.messages('channel_closed')
  assert.equal(parseChannelClosed(closed!.payload).output, 'It is over.')
  assert.equal(parseChannelClosed(closed!.payload).sessionId, session.sessionId)
  assert.equal(lab.channels.count, 0)
  assert.equal(await client.closed(), 1000)
})

test('SM-09 a client that takes nothing does not keep a session that is over', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client, session } = await pair(lab)
  agent.output(0, 'x')
  await passed(agent, client)
  lab.channels.end(session.sessionId, '')
  lab.advance(5_000)
  await client.messages('channel_closed')
  assert.equal(lab.channels.count, 0)
})

test('SM-08 a session that nobody uses ends; new frames of either side are use, repeated ones and pings are not', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client } = await pair(lab)
  const minute = 60_000
  lab.advance(19 * minute)
  agent.output(0, 'x')
  await passed(agent, client)
  lab.advance(19 * minute)
  client.input(0, 'y')
  await passed(client, agent)
  lab.advance(19 * minute)
  client.input(0, 'y')
  agent.output(0, 'x')
  await passed(client, agent)
  await passed(agent, client)
  lab.advance(minute)
  const [closed] = await client.messages('channel_closed')
  assert.match(parseChannelClosed(closed!.payload).output, /timed out due to inactivity/)
  const ended = (await lab.events()).filter((event) => event === 'ended')
  assert.deepEqual(ended, ['ended'])
})

test('SM-09 an agent that does not come back ends the session with an error that its user is told', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client } = await pair(lab)
  await agent.cut()
  await lab.reported('agent-lost')
  lab.advance(14_000)
  assert.equal(lab.channels.count, 1)
  lab.advance(1_000)
  const [closed] = await client.messages('channel_closed')
  assert.match(parseChannelClosed(closed!.payload).output, /connection to the node was lost/)
  await lab.events()
  const ended = lab.sightings.find((sighting) => sighting.event === 'ended')
  assert.equal(ended?.event === 'ended' && ended.failed, true)
})

test('SM-09 our agent may be gone for minutes, and the session goes on without a loss', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client, session } = await pair(lab, aSession(), { ours: true })
  await agent.cut()
  await lab.reported('agent-lost')
  lab.advance(4 * 60_000)
  client.input(0, 'typed meanwhile')
  await client.roundTrip()
  const back = await lab.join(session, 'agent', { ours: true })
  await back.messages('input_stream_data')
  assert.deepEqual(back.texts('input_stream_data'), ['0 typed meanwhile'])
})

test('SM-09 sessions that a server before this one left end if the agent does not come', async () => {
  await using lab = await DataChannelLab.start({ open: [aSession()] })
  const client = await lab.join(aSession(), 'client')
  lab.advance(29_000)
  assert.equal(lab.channels.count, 1)
  lab.advance(1_000)
  await client.messages('channel_closed')
  assert.deepEqual(await lab.events(), ['client-lost', 'client-connected', 'ended'])
})

test('SM-09 the end of a shell is reported again for as long as the client still gets its output', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client } = await pair(lab)
  const told = async () => (await lab.events()).filter((event) => event === 'agent-terminating').length
  agent.message('agent_session_state', '{"SchemaVersion":1,"SessionState":"Terminating","SessionId":"x"}')
  await agent.roundTrip()
  lab.advance(20_000)
  assert.equal(await told(), 1)
  agent.output(0, 'late')
  await passed(agent, client)
  client.acknowledge(0)
  await passed(client, agent)
  lab.advance(1_000)
  lab.advance(20_000)
  assert.equal(await told(), 2)
})

test('SM-09 the end of a shell is reported; a client does not wait long for what the node says of it', async () => {
  await using lab = await DataChannelLab.start()
  const { agent, client } = await pair(lab)
  agent.message('agent_session_state', '{"SchemaVersion":1,"SessionState":"Connected","SessionId":"x"}')
  agent.message('agent_session_state', '{"SchemaVersion":1,"SessionState":"Terminating","SessionId":"x"}')
  await agent.roundTrip()
  await agent.cut()
  await lab.reported('agent-lost')
  assert.equal((await lab.events()).filter((event) => event === 'agent-terminating').length, 1)
  lab.advance(5_000)
  const [closed] = await client.messages('channel_closed')
  assert.equal(parseChannelClosed(closed!.payload).output, '')
  assert.equal((await lab.events()).includes('ended'), false, 'that is for the node to say')
})
