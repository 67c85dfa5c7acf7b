import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { SSMClient, StartSessionCommand } from '@aws-sdk/client-ssm'
import { parseChannelClosed } from '@steward/protocol/session/index.ts'
import { startServer } from '@steward/testkit'
import fc from 'fast-check'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { rawCall } from '#door/testing/raw-call.ts'
import type { RelayedSession } from '#kernel/declare.ts'
import { aSession, DataChannelLab, type LabSide, NODE_ID } from '../testing/data-channel-lab.ts'
import { credentialsOf } from '../testing/node-calls.ts'

test('SM-01 CreateDataChannel answers 201 and XML with a token to the session’s own node, and 403 to everybody else', async () => {
  await using server = await startServer()
  const [node, other] = await Promise.all([FakeNode.enrol(server), FakeNode.enrol(server)])
  const control = await node.connect()
  while (!server.house.isConnected(node.id)) await new Promise((resolve) => setImmediate(resolve))
  await server.settle()
  const started = await server.client(SSMClient).send(new StartSessionCommand({ Target: node.id }))
  const create = (sessionId: string, credentials: NonNullable<ReturnType<typeof credentialsOf>> | null | undefined) =>
    rawCall(server, {
      target: `/v1/data-channel/${sessionId}`,
      headers: { 'content-type': 'application/json' },
      body: '{"MessageSchemaVersion":"1.0","RequestId":"x","ClientId":""}',
      service: 'ssmmessages',
      ...(credentials !== undefined && { credentials }),
    })
  const own = await create(started.SessionId!, credentialsOf(node))
  assert.equal(own.status, 201)
  assert.match(own.text, /<CreateDataChannelResponse [^>]*><MessageSchemaVersion>1\.0<.*<TokenValue>\w+</)
  for (const answer of [
    await create(started.SessionId!, credentialsOf(other)),
    await create('nobody-0123456789abcdef0', credentialsOf(node)),
    await create(started.SessionId!, undefined),
    await create(started.SessionId!, null),
  ]) {
    assert.equal(answer.status, 403)
    assert.doesNotMatch(answer.text, /TokenValue/)
  }
  control.terminate()
})

test('SM-01 a token opens one channel, of its own session; a wrong or used one is closed with a policy code', async () => {
  await using lab = await DataChannelLab.start()
  const [session, another] = [aSession(), aSession({ sessionId: 'other-0123456789abcdef0' })]
  const token = lab.token(session, 'client')
  const wrong = await lab.connect(another)
  wrong.open(token)
  assert.equal(await wrong.closed(), 1008)

  const right = await lab.connect(session)
  right.open(token)
  await right.roundTrip()
  await right.roundTrip()
  assert.equal(lab.channels.count, 1)

  for (const bad of [token, 'nonsense', '']) {
    const side = await lab.connect(session)
    side.open(bad)
    assert.equal(await side.closed(), 1008)
  }
  assert.equal(lab.channels.count, 1)
})

test('SM-01 a first message that is no token, or too large for one, ends the connection', async () => {
  await using lab = await DataChannelLab.start()
  for (const first of ['', 'no json', '[]', '{}', '{"TokenValue":1}', `{"TokenValue":"${'x'.repeat(9000)}"}`]) {
    const side = await lab.connect(aSession())
    side.socket.send(first)
    assert.equal(await side.closed(), 1008)
  }
})

test('SM-01 a connection that sends no token is ended after five seconds', async (t) => {
  t.after(() => mock.timers.reset())
  await using lab = await DataChannelLab.start()
  mock.timers.enable({ apis: ['setTimeout'] })
  const side = await lab.connect(aSession())
  const closed = side.closed()
  mock.timers.tick(4_999)
  await side.roundTrip()
  mock.timers.tick(1)
  assert.equal(await closed, 1006)
})

test('SM-01 what comes along with the token, before it is accepted, is not lost', async () => {
  await using lab = await DataChannelLab.start()
  const session = aSession()
  const client = await lab.join(session, 'client')
  const agent = await lab.connect(session)
  agent.open(lab.token(session, 'agent'))
  agent.output(0, 'a')
  agent.output(1, 'b')
  await client.messages('output_stream_data', 2)
  assert.deepEqual(client.texts('output_stream_data'), ['0 a', '1 b'])
})

test('SM-01 a client whose session ended before it came is told why', async () => {
  await using lab = await DataChannelLab.start()
  const client = await lab.connect(aSession())
  client.open(lab.token(aSession(), { over: 'The user nosuch does not exist.' }))
  const [closed] = await client.messages('channel_closed')
  assert.equal(parseChannelClosed(closed!.payload).output, 'The user nosuch does not exist.')
  assert.equal(lab.channels.count, 0)
})

test('SM-01 a side whose session ended while its token was looked up is told so', async () => {
  await using lab = await DataChannelLab.start()
  const session = aSession()
  lab.channels.end(session.sessionId, 'Terminated.')
  const client = await lab.connect(session)
  client.open(lab.token(session, 'client'))
  const [closed] = await client.messages('channel_closed')
  assert.equal(parseChannelClosed(closed!.payload).output, 'Terminated.')
  assert.equal(lab.channels.count, 0)
})

test('SM-01 no bytes of either side harm a session; the right ones after them count', async () => {
  await using lab = await DataChannelLab.start()
  const session = aSession()
  const [agent, client] = [await lab.join(session, 'agent'), await lab.join(session, 'client')]
  const frames = fc.sample(fc.oneof(fc.uint8Array(), fc.uint8Array({ minLength: 116, maxLength: 200 })), 200)
  for (const side of [agent, client]) {
    for (const frame of frames) side.frame(frame)
    side.socket.send('text')
    for (const type of ['acknowledge', 'agent_session_state', 'input_stream_data', 'output_stream_data']) {
      side.message(type, 'no json', { payloadType: 3 })
      side.message(type, 'x', { sequenceNumber: -1 })
    }
  }
  agent.output(1, 'right')
  client.input(1, 'right')
  await Promise.all([agent.roundTrip(), client.roundTrip()])
  await Promise.all([agent.roundTrip(), client.roundTrip()])
  assert.equal(client.texts('output_stream_data').at(-1), '1 right')
  assert.equal(agent.texts('input_stream_data').at(-1), '1 right')
})

test('SM-01 a message that is too large ends its session with a reason that the user is told', async () => {
  await using lab = await DataChannelLab.start()
  const session = aSession()
  const [agent, client] = [await lab.join(session, 'agent'), await lab.join(session, 'client')]
  agent.output(0, Buffer.alloc(1024 * 1024))
  await client.messages('output_stream_data')
  client.acknowledge(0)
  agent.output(1, Buffer.alloc(1024 * 1024 + 8192))
  const [closed] = await client.messages('channel_closed')
  assert.match(parseChannelClosed(closed!.payload).output, /The node sent a message that is larger than/)
  assert.equal((await lab.events()).at(-1), 'ended')
})

test('SM-09 a node that is not managed any more loses its sessions', async () => {
  await using lab = await DataChannelLab.start()
  const another = aSession({ sessionId: 'other-0123456789abcdef0', nodeId: 'mi-00000000000000001' })
  const clients = [await lab.join(aSession(), 'client'), await lab.join(another, 'client')]
  lab.channels.dropNode(NODE_ID)
  await clients[0]!.messages('channel_closed')
  assert.equal(lab.channels.count, 1)
})

test('SM-09 when the server stops both sides are let go, and what it knew is stored', async () => {
  const lab = await DataChannelLab.start()
  const session = aSession()
  const [agent, client] = [await lab.join(session, 'agent'), await lab.join(session, 'client')]
  agent.output(0, 'x')
  await agent.roundTrip()
  client.acknowledge(0)
  await client.roundTrip()
  const closed = Promise.all([agent.closed(), client.closed()])
  await lab[Symbol.asyncDispose]()
  assert.deepEqual(await closed, [1001, 1001])
  assert.equal(client.received.length, 1, 'no word that the session is over')
  assert.deepEqual(
    lab.sightings.map(({ event }) => event),
    ['agent-connected', 'client-connected', 'acknowledged'],
  )
})

test('SM-09 a side that answers no ping is gone by the next one', async (t) => {
  t.after(() => mock.timers.reset())
  mock.timers.enable({ apis: ['setInterval'] })
  await using lab = await DataChannelLab.start()
  const [silent, alive] = [
    await lab.join(aSession(), 'client'),
    await lab.join(aSession({ sessionId: 'other-0123456789abcdef0' }), 'client'),
  ]
  silent.socket.pause()
  const gone = lab.reported('client-lost')
  mock.timers.tick(30_000)
  await alive.roundTrip()
  mock.timers.tick(30_000)
  await gone
  assert.deepEqual(
    lab.sightings.filter(({ event }) => event === 'client-lost').map(({ sessionId }) => sessionId),
    [aSession().sessionId],
  )
})

test('SM-09 a thousand sessions at once, each with its own frames', async () => {
  await using lab = await DataChannelLab.start()
  const sessions = Array.from({ length: 1000 }, (_, index) => aSession({ sessionId: `user-${index}` }))
  const join = (session: RelayedSession) => Promise.all([lab.join(session, 'agent'), lab.join(session, 'client')])
  const pairs: [LabSide, LabSide][] = []
  while (pairs.length < sessions.length) {
    pairs.push(...(await Promise.all(sessions.slice(pairs.length, pairs.length + 100).map(join))))
  }
  for (const [index, [agent]] of pairs.entries()) agent.output(0, `of ${index}`)
  await Promise.all(pairs.map(([, client]) => client.messages('output_stream_data')))
  for (const [index, [, client]] of pairs.entries()) {
    assert.deepEqual(client.texts('output_stream_data'), [`0 of ${index}`])
  }
  assert.equal(lab.channels.count, 1000)
  await Promise.all(pairs.flat().map((side) => side.cut()))
})
