import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  formatFlag,
  formatHandshakeComplete,
  formatHandshakeRequest,
  type HandshakeAction,
  parseEncChallenge,
  parseHandshakeResponse,
  payloadType,
  Smux,
  sessionFlag,
} from '@steward/protocol/session/index.ts'
import { eventually } from '@steward/testkit/eventually.ts'
import { joinSession } from '#testing/seen-session.ts'
import { StubNode } from '#testing/stub-node.ts'
import { webCipher } from '#web-cipher.ts'

const agentVersion = '3.3.987.0'
const completed = (customerMessage = '') => formatHandshakeComplete({ timeToComplete: 1, customerMessage })

/** Has the node begin with a handshake; after the answer it completes it and sends some output. */
function beginWithHandshake(node: StubNode, action: HandshakeAction, output = '', message = ''): void {
  node.onMessage = ({ payloadType: type }) => {
    if (type !== payloadType.handshakeResponse) return
    node.channel.send(payloadType.handshakeComplete, completed(message))
    if (output !== '') node.channel.send(payloadType.output, output)
  }
  node.channel.send(
    payloadType.handshakeRequest,
    formatHandshakeRequest({ agentVersion, actions: [action], features: ['half-close'] }),
  )
}

const portAction = (properties: object): HandshakeAction => ({
  actionType: 'SessionType',
  sessionType: 'Port',
  properties: { portNumber: '80', ...properties },
})

test('SM-17 a shell begins with its first output; then the size goes out, and what was typed before', async () => {
  await using node = await StubNode.start()
  const { client, session, shows } = joinSession(node)
  client.resize({ cols: 80, rows: 24 })
  client.input(Buffer.from('early\r'))
  client.resize({ cols: 100, rows: 30 })
  await node.until(() => node.opened.length === 1)
  assert.deepEqual(node.received, [])
  node.channel.send(payloadType.output, '$ ')
  await shows('$ ')
  await node.until(() => node.received.length === 2)
  assert.deepEqual(node.received, [
    { type: payloadType.size, text: '{"cols":100,"rows":30}' },
    { type: payloadType.output, text: 'early\r' },
  ])
  assert.equal((await session).sessionType, 'Standard_Stream')
  client.resize({ cols: 10, rows: 5 })
  await node.until(() => node.received.length === 3)
  client.close()
})

test('the open frame carries the token and the version that agents compare', async () => {
  await using node = await StubNode.start()
  const { client } = joinSession(node)
  await node.until(() => node.opened.length === 1)
  const [frame] = node.opened
  assert.deepEqual([frame?.tokenValue, frame?.clientVersion], ['token-0', '1.2.677.0'])
  assert.match(frame!.clientId, /^[0-9a-f-]{36}$/)
  client.close()
})

test('SM-16 a command tells both of its streams, and its exit code', async () => {
  await using node = await StubNode.start()
  const action = { actionType: 'SessionType', sessionType: 'NonInteractiveCommands', properties: {} } as const
  beginWithHandshake(node, action, 'out\n', 'Be careful.')
  const seen = joinSession(node)
  seen.client.resize({ cols: 80, rows: 24 })
  await seen.shows('out\n')
  node.channel.send(payloadType.stdErr, 'err\n')
  node.channel.send(payloadType.exitCode, 'EXIT_CODE: 4')
  node.closeChannel('')
  assert.deepEqual(await seen.end, { how: 'closed', output: '' })
  assert.deepEqual([seen.output(), seen.errors()], ['out\n', 'err\n'])
  assert.deepEqual(seen.events, ['connected', 'message Be careful.', 'exit 4'])
  assert.equal((await seen.session).agentVersion, agentVersion)
  assert.deepEqual(
    node.received.map(({ type }) => type),
    [payloadType.handshakeResponse],
  )
})

test('what the client agrees to beyond the protocol is the result of the session type', async () => {
  await using node = await StubNode.start()
  const properties = { standardInput: true }
  beginWithHandshake(node, { actionType: 'SessionType', sessionType: 'NonInteractiveCommands', properties })
  const { client, session } = joinSession(node, {
    sessionTypeResult: (started) => (started.properties.standardInput ? { standardInput: true } : null),
  })
  await session
  assert.deepEqual(parseHandshakeResponse(node.received[0]!.text).actions, [
    { actionType: 'SessionType', status: 1, result: { standardInput: true }, error: '' },
  ])
  client.close()
})

test('an action that nobody knows is answered as unsupported', async () => {
  await using node = await StubNode.start()
  beginWithHandshake(node, { actionType: 'other', name: 'Dance' })
  const { client } = joinSession(node)
  await node.until(() => node.received.length === 1)
  assert.equal(parseHandshakeResponse(node.received[0]!.text).actions[0]?.status, 3)
  client.close()
})

test('SM-09 a session goes on over a new connection, and neither side misses a byte', async () => {
  await using node = await StubNode.start()
  const { client, shows, output, events } = joinSession(node)
  node.channel.send(payloadType.output, '$ ')
  await shows('$ ')
  node.breakConnection()
  node.channel.send(payloadType.output, 'while you were away ')
  client.input(Buffer.from('typed meanwhile'))
  await node.until(() => node.received.length === 1)
  node.channel.send(payloadType.output, 'done')
  await shows('done')
  assert.equal(output(), '$ while you were away done')
  assert.deepEqual(node.received, [{ type: payloadType.output, text: 'typed meanwhile' }])
  const [first, second] = node.opened
  assert.deepEqual([second?.tokenValue, second?.clientId], ['token-again', first?.clientId])
  assert.deepEqual(events, ['connected', 'lost', 'connected'])
  client.close()
})

test('a session for which there is no new token has timed out', async () => {
  await using node = await StubNode.start()
  const { end, shows } = joinSession(node, { resume: async () => undefined })
  node.channel.send(payloadType.output, '$ ')
  await shows('$ ')
  node.breakConnection()
  assert.deepEqual(await end, { how: 'timed-out', output: '' })
})

test('a server that does not answer is asked again, until patience ends', async () => {
  await using node = await StubNode.start()
  let now = 0
  let asked = 0
  const { end, shows } = joinSession(node, {
    now: () => ++now,
    patience: { first: 1000, again: 1000 },
    resume: async () => {
      asked += 1
      if (asked === 3) now += 10_000
      throw new Error('nobody there')
    },
  })
  node.channel.send(payloadType.output, '$ ')
  await shows('$ ')
  node.breakConnection()
  assert.deepEqual(await end, { how: 'unreachable', output: 'nobody there' })
  assert.equal(asked, 3)
})

test('SM-09 a connection on which nothing comes, though answers are due, is given up for another', async () => {
  await using node = await StubNode.start()
  let ahead = 0
  const { client, shows, events } = joinSession(node, { now: () => Date.now() + ahead })
  node.channel.send(payloadType.output, '$ ')
  await shows('$ ')
  node.silent = true
  client.input(Buffer.from('hello?'))
  ahead = 31_000
  await node.until(() => node.opened.length === 2)
  node.silent = false
  await node.until(() => node.received.length === 1)
  assert.deepEqual(node.received, [{ type: payloadType.output, text: 'hello?' }])
  assert.ok(events.includes('lost'))
  client.close()
})

test('the last output comes before the end, also to a reader who paused', async () => {
  await using node = await StubNode.start()
  const arrived = Promise.withResolvers<void>()
  let messages = 0
  const { client, end, output, shows } = joinSession(node, {
    openSocket: (url) => {
      const socket = new WebSocket(url)
      socket.addEventListener('message', () => ++messages === 3 && arrived.resolve())
      return socket
    },
  })
  node.channel.send(payloadType.output, '$ ')
  await shows('$ ')
  client.pause()
  node.channel.send(payloadType.output, 'last words')
  node.closeChannel('Your session timed out due to inactivity.')
  await arrived.promise
  setImmediate(() => {
    assert.equal(output(), '$ ')
    client.resume()
  })
  assert.deepEqual(await end, { how: 'closed', output: 'Your session timed out due to inactivity.' })
  assert.equal(output(), '$ last words')
})

test('SM-13 an encrypted session shows the node the key, and nobody in between the text', async () => {
  await using node = await StubNode.start()
  const dataKey = randomBytes(64)
  const swapped = Buffer.concat([dataKey.subarray(32), dataKey.subarray(0, 32)])
  const cipher = await webCipher(swapped)
  const challenge = randomBytes(64)
  const typed = Promise.withResolvers<string>()
  node.onMessage = async ({ payloadType: type, payload }) => {
    if (type === payloadType.handshakeResponse) {
      const sealed = Buffer.from(await cipher.encrypt(challenge)).toString('base64')
      node.channel.send(payloadType.encChallengeRequest, JSON.stringify({ Challenge: sealed }))
    } else if (type === payloadType.encChallengeResponse) {
      const answer = await cipher.decrypt(Buffer.from(parseEncChallenge(payload), 'base64'))
      assert.deepEqual(Buffer.from(answer), challenge)
      node.channel.send(payloadType.handshakeComplete, completed('This session is encrypted using AWS KMS.'))
      for (const text of ['one ', 'two ', 'three ']) {
        node.channel.send(payloadType.output, await cipher.encrypt(Buffer.from(text)))
      }
    } else if (type === payloadType.output) {
      typed.resolve(Buffer.from(await cipher.decrypt(payload)).toString())
    }
  }
  const actions: HandshakeAction[] = [
    { actionType: 'KMSEncryption', kmsKeyId: 'arn:aws:kms:key', challenge: 'MTIz' },
    { actionType: 'SessionType', sessionType: 'Standard_Stream', properties: {} },
  ]
  node.channel.send(payloadType.handshakeRequest, formatHandshakeRequest({ agentVersion, actions, features: [] }))
  const asked: unknown[] = []
  const { client, session, shows, output } = joinSession(node, {
    generateDataKey: async (request) => {
      asked.push(request)
      return { plaintext: dataKey, ciphertext: Buffer.from('sealed key') }
    },
  })
  await shows('three ')
  assert.equal(output(), 'one two three ')
  assert.equal((await session).encrypted, true)
  client.input(Buffer.from('secret'))
  assert.equal(await typed.promise, 'secret')
  assert.ok(!node.received.some(({ text }) => text.includes('secret')))
  const context = { 'aws:ssm:SessionId': 's-1', 'aws:ssm:TargetId': 'mi-1', 'aws:ssm:RandomChallenge': 'MTIz' }
  assert.deepEqual(asked, [{ keyId: 'arn:aws:kms:key', context }])
  assert.deepEqual(parseHandshakeResponse(node.received[0]!.text).actions[0]?.result, {
    KMSCipherTextKey: Buffer.from('sealed key').toString('base64'),
    KMSCipherTextHash: null,
    ChallengeAcknowledgement: true,
  })
  client.close()
})

test('SM-13 a client without the key says so in the handshake', async () => {
  await using node = await StubNode.start()
  beginWithHandshake(node, { actionType: 'KMSEncryption', kmsKeyId: 'key', challenge: '' })
  const { client } = joinSession(node, {
    generateDataKey: async () => {
      throw new Error('You may not use this key.')
    },
  })
  await node.until(() => node.received.length === 1)
  const [action] = parseHandshakeResponse(node.received[0]!.text).actions
  assert.deepEqual([action?.status, action?.error], [2, 'You may not use this key.'])
  client.close()
})

test('SM-14 a forwarded port carries many connections at a time', async () => {
  await using node = await StubNode.start()
  const smux = new Smux({
    role: 'server',
    write: (bytes) => node.channel.send(payloadType.output, bytes),
    hasRoom: () => true,
    onStream: (stream) => {
      stream.onData = (data) => stream.write(data.slice())
      stream.onEnd = () => stream.end()
    },
  })
  beginWithHandshake(node, portAction({ type: 'LocalPortForwarding' }))
  const answer = node.onMessage
  node.onMessage = (message) => {
    if (message.payloadType === payloadType.output) smux.receive(message.payload)
    else answer(message)
  }
  const ends: Promise<void>[] = []
  const { client, session } = joinSession(node, {
    started() {
      const streams = client.multiplex()
      for (const text of ['first', 'second', 'third']) {
        const stream = streams.open()
        const echoed: Uint8Array[] = []
        const { promise, resolve } = Promise.withResolvers<void>()
        stream.onData = (data) => echoed.push(data.slice())
        stream.onClose = () => {
          assert.equal(Buffer.concat(echoed).toString(), text)
          resolve()
        }
        stream.write(Buffer.from(text))
        stream.end()
        ends.push(promise)
      }
    },
  })
  assert.equal((await session).portMode, 'multiplexed')
  await Promise.all(ends)
  client.close()
})

for (const [portMode, version, properties] of [
  ['single', agentVersion, {}],
  ['one-by-one', '3.0.196.0', { type: 'LocalPortForwarding' }],
] as const) {
  test(`SM-15 a port session of mode ${portMode} carries plain bytes and flags`, async () => {
    await using node = await StubNode.start()
    node.onMessage = ({ payloadType: type }) => {
      if (type === payloadType.handshakeResponse) node.channel.send(payloadType.handshakeComplete, completed())
    }
    const request = { agentVersion: version, actions: [portAction(properties)], features: [] }
    node.channel.send(payloadType.handshakeRequest, formatHandshakeRequest(request))
    const { client, session, shows, events } = joinSession(node)
    assert.equal((await session).portMode, portMode)
    client.input(Buffer.from('SSH-2.0-x\r\n'))
    client.flag(sessionFlag.disconnectToPort)
    await node.until(() => node.received.length === 3)
    assert.deepEqual(
      node.received.slice(1).map(({ type }) => type),
      [payloadType.output, payloadType.flag],
    )
    node.channel.send(payloadType.flag, formatFlag(sessionFlag.connectToPortError))
    node.channel.send(payloadType.output, 'bye')
    await shows('bye')
    assert.ok(events.includes('flag 3'))
    client.close()
  })
}

test('a node that speaks nonsense ends the session with a word', async () => {
  await using node = await StubNode.start()
  node.channel.send(payloadType.handshakeRequest, 'nonsense')
  assert.deepEqual(await joinSession(node).end, { how: 'failed', output: 'HandshakeRequest is not JSON.' })
})

test('SM-18 a page that was loaded again goes on with its shell, and what was on its way leaves no gap', async () => {
  await using node = await StubNode.start()
  const before = joinSession(node)
  node.channel.send(payloadType.output, '$ ')
  await before.shows('$ ')
  before.client.input(Buffer.from('one\r'))
  await node.until(() => node.received.length === 1)
  // The page is gone before the node, or even the server, has the next one.
  const position = { acknowledged: 1, next: 2 }
  before.client.close()
  node.breakConnection()

  const after = joinSession(node, { rejoin: position })
  await node.until(() => node.opened.length === 2)
  node.channel.send(payloadType.output, 'more')
  await after.shows('more')
  after.client.input(Buffer.from('two\r'))
  await node.until(() => node.received.some(({ text }) => text === 'two\r'))
  assert.deepEqual(
    node.received.map(({ text }) => text),
    ['one\r', '{"cols":80,"rows":24}', '{"cols":80,"rows":24}', 'two\r'],
  )
  await eventually(() => after.client.position.acknowledged === 4)
  assert.equal(after.client.position.next, 4)
  assert.equal(after.output(), 'more')
  after.client.close()
})
