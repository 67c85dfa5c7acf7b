import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import type { JsonObject } from '@steward/protocol'
import {
  formatFlag,
  parseFlag,
  payloadType,
  Smux,
  type SmuxStream,
  sessionFlag,
} from '@steward/protocol/session/index.ts'
import type { StubSession } from '#testing/stub-session.ts'
import { TestNode } from '#testing/test-node.ts'

function portDocument(properties: JsonObject): JsonObject {
  return { schemaVersion: '1.0', sessionType: 'Port', properties }
}

const multiplexed = { type: 'LocalPortForwarding', localPortNumber: '0' }

/** A server on a free port of this machine that does the same with each connection. */
async function listening(serve: (socket: Socket) => void) {
  const server = createServer({ allowHalfOpen: true }, serve).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => void server.close()
  return { portNumber: String((server.address() as AddressInfo).port), [Symbol.dispose]: close }
}

/** The client's side of a multiplexed session. */
async function multiplexer(session: StubSession): Promise<Smux> {
  await session.shows('HandshakeTimeToComplete', payloadType.handshakeComplete)
  const smux = new Smux({
    role: 'client',
    write: (bytes) => void session.channel.send(payloadType.output, bytes),
    hasRoom: () => session.channel.hasRoom,
  })
  session.onRoom = () => smux.flush()
  session.onMessage = (type, payload) => {
    if (type === payloadType.output) smux.receive(payload)
  }
  return smux
}

/** All that a stream gives until its end. */
function everything(stream: SmuxStream): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  stream.onData = (data) => pieces.push(data)
  return new Promise((resolve) => {
    stream.onEnd = () => resolve(Buffer.concat(pieces))
  })
}

test('SM-14 fifty connections at a time through one session, each with its own answer', async () => {
  await using node = await TestNode.connected()
  using echo = await listening((socket) => socket.pipe(socket))
  const session = node.server.startSession(portDocument({ ...multiplexed, portNumber: echo.portNumber }))
  const smux = await multiplexer(session)
  assert.deepEqual(session.handshake?.actions, [
    { actionType: 'SessionType', sessionType: 'Port', properties: { ...multiplexed, portNumber: echo.portNumber } },
  ])
  const sizes = Array.from({ length: 50 }, (_, i) => i * 3001)
  const answers = sizes.map((size) => {
    const stream = smux.open()
    const answer = everything(stream)
    const sent = randomBytes(size)
    stream.write(sent)
    stream.end()
    return answer.then((got) => got.equals(sent))
  })
  assert.deepEqual(
    await Promise.all(answers),
    sizes.map(() => true),
  )
  session.channel.send(payloadType.flag, formatFlag(sessionFlag.terminateSession))
  assert.deepEqual([(await session.ended()).status, session.states], ['Success', ['Connected']])
})

test('SM-21 a large download is whole', async () => {
  await using node = await TestNode.connected()
  const content = randomBytes(24_000_000)
  using source = await listening((socket) => socket.end(content))
  const session = node.server.startSession(portDocument({ ...multiplexed, portNumber: source.portNumber }))
  const smux = await multiplexer(session)
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  assert.equal(digest(await everything(smux.open())), digest(content))
})

test('SM-14 a port where nobody listens closes its stream, tells the client, and leaves the session', async () => {
  await using node = await TestNode.connected()
  const { portNumber } = await (async () => {
    using gone = await listening(() => {})
    return gone
  })()
  const session = node.server.startSession(portDocument({ ...multiplexed, portNumber }))
  const smux = await multiplexer(session)
  for (let i = 0; i < 2; i += 1) assert.equal((await everything(smux.open())).length, 0)
  const flags = session.messages.filter(({ type }) => type === payloadType.flag)
  assert.deepEqual(
    flags.map(({ payload }) => parseFlag(payload)),
    [3, 3],
  )
  session.terminate()
  assert.equal((await session.ended()).status, 'Success')
})

test('SM-15 without a type the connection is passed on as it is, and its end ends the session', async () => {
  await using node = await TestNode.connected()
  using greeter = await listening((socket) => {
    socket.write('SSH-2.0-test\r\n')
    socket.once('data', (bytes) => socket.end(`you said ${bytes}`))
  })
  const session = node.server.startSession(portDocument({ portNumber: greeter.portNumber }))
  await session.shows('SSH-2.0-test')
  session.type('hello')
  await session.shows('you said hello')
  assert.equal((await session.ended()).status, 'Success')
})

test('SM-14 an old client has one connection after the other', async () => {
  await using node = await TestNode.connected()
  using echo = await listening((socket) => socket.pipe(socket))
  const session = node.server.startSession(portDocument({ ...multiplexed, portNumber: echo.portNumber }))
  session.clientVersion = '1.1.61.0'
  await session.shows('HandshakeTimeToComplete', payloadType.handshakeComplete)
  for (const text of ['first', 'second']) {
    session.type(text)
    await session.shows(text)
    session.channel.send(payloadType.flag, formatFlag(sessionFlag.disconnectToPort))
  }
  session.channel.send(payloadType.flag, formatFlag(sessionFlag.terminateSession))
  assert.equal((await session.ended()).status, 'Success')
})

test('SM-14 forbidden, unreachable and impossible destinations fail the session with a reason', async () => {
  await using node = await TestNode.connected()
  const outputOf = async (properties: JsonObject) => {
    const session = node.server.startSession(portDocument(properties))
    const { status, output } = await session.ended()
    assert.equal(status, 'Failed')
    return session.handshake ? `after the handshake: ${output}` : output
  }
  for (const host of ['169.254.169.254', '169.254.1.2', 'fd00:ec2::254', '::ffff:169.254.169.254', '2852039166']) {
    const output = await outputOf({ ...multiplexed, portNumber: '80', host })
    assert.equal(output, `Forwarding to IP address ${host} is forbidden.`)
  }
  assert.match(await outputOf({ ...multiplexed, portNumber: '65536' }), /^Port number "65536".*not valid/)
  assert.match(await outputOf({ portNumber: '1' }), /Unable to connect to localhost:1: .*ECONNREFUSED/)
})

test('SM-14 bytes that are no multiplexing end the session', async () => {
  await using node = await TestNode.connected()
  const session = node.server.startSession(portDocument({ ...multiplexed, portNumber: '9' }))
  await session.shows('HandshakeTimeToComplete', payloadType.handshakeComplete)
  session.type('GET / HTTP/1.1\r\n\r\n')
  const { status, output } = await session.ended()
  assert.match(`${status} ${output}`, /Failed smux: version 71 is not known/)
})
