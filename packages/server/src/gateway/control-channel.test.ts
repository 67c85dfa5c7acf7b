import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { test } from 'node:test'
import { DescribeInstanceInformationCommand, SSMClient } from '@aws-sdk/client-ssm'
import {
  decodeAgentMessage,
  encodeAgentMessage,
  formatAgentJobAck,
  formatAgentJobReply,
  formatOutputChunk,
  formatReply,
  jobIdOf,
  messageType,
  parseAgentJobReplyAck,
} from '@steward/protocol'
import { startServer } from '@steward/testkit'
import fc from 'fast-check'
import { WebSocket } from 'ws'
import { RunCommand } from '#capabilities/commands/testing/run-command.ts'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { jsonCall } from '#door/testing/raw-call.ts'
import {
  channelToken,
  createChannel,
  credentialsOf,
  ec2messages,
  isAlive,
  openSocket,
  socketWith,
  tokenFrame,
} from './testing/node-calls.ts'

test('AGT-02 CreateControlChannel answers 201 and XML with a token for the node itself, and 403 to everybody else', async () => {
  await using server = await startServer()
  const [node, other] = await Promise.all([FakeNode.enrol(server), FakeNode.enrol(server)])
  const own = await createChannel(server, node.id, { credentials: credentialsOf(node) })
  assert.equal(own.status, 201)
  assert.match(
    own.text,
    /^<\?xml [^>]*>\s*<CreateControlChannelResponse [^>]*><MessageSchemaVersion>1\.0<.*<TokenValue>\w{64}</,
  )
  assert.ok(own.headers.get('x-amzn-requestid'))

  const refusals: [string, Parameters<typeof createChannel>[2]][] = [
    ['AccessDeniedException', { credentials: credentialsOf(other) }],
    ['AccessDeniedException', {}],
    ['MissingAuthenticationTokenException', { credentials: null }],
    ['InvalidSignatureException', { credentials: credentialsOf(node), service: 'ssm' }],
    ['UnrecognizedClientException', { credentials: { ...credentialsOf(node), sessionToken: 'x' } }],
  ]
  for (const [code, caller] of refusals) {
    const { status, text } = await createChannel(server, node.id, caller)
    assert.equal(status, 403)
    assert.match(text, new RegExp(`<${code}>`))
  }
})

test('AGT-02 the WebSocket is opened for the node itself only', async () => {
  await using server = await startServer()
  const [node, other] = await Promise.all([FakeNode.enrol(server), FakeNode.enrol(server)])
  const statusOf = async (socket: WebSocket) => {
    const [, response] = await once(socket, 'unexpected-response')
    socket.terminate()
    return response.statusCode
  }
  assert.equal(await statusOf(openSocket(other, node.id)), 403)
  const url = server.url.replace('http', 'ws')
  assert.equal(await statusOf(new WebSocket(`${url}/v1/control-channel/${node.id}`).on('error', () => {})), 403)
  assert.equal(await statusOf(new WebSocket(`${url}/elsewhere`).on('error', () => {})), 404)
})

test('AGT-02 a channel token opens one channel, of the node it was made for, within a minute', async () => {
  await using server = await startServer()
  const [node, other] = await Promise.all([FakeNode.enrol(server), FakeNode.enrol(server)])
  const isTaken = async (socket: WebSocket) => {
    const closed = once(socket, 'close').then(([code]) => code as number)
    return (await isAlive(socket)) ? 'open' : await closed
  }
  const token = await channelToken(node)
  const first = await socketWith(node, token)
  assert.equal(await isTaken(first), 'open')
  assert.equal(await isTaken(await socketWith(node, token)), 1008, 'used')
  assert.equal(await isTaken(await socketWith(node, await channelToken(other))), 1008, 'of another node')
  assert.equal(await isTaken(await socketWith(node, 'forged')), 1008)

  const late = await channelToken(node)
  await server.advance(61_000)
  assert.equal(await isTaken(await socketWith(node, late)), 1008, 'too old')
  const early = await channelToken(node)
  await server.advance(-86_400_000)
  assert.equal(await isTaken(await socketWith(node, early)), 1008, 'made before the clock was set back')
  assert.equal(await isAlive(first), true, 'an open channel is left alone')
})

test('AGT-02 a first frame that is no token ends the connection', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  for (const frame of ['', 'hello', '{}', '[]', '{"TokenValue":1}', randomBytes(200)]) {
    const socket = openSocket(node)
    await once(socket, 'open')
    socket.send(frame)
    assert.equal((await once(socket, 'close'))[0], 1008)
  }
})

test('HYB-08 a token of a node that was deregistered since opens nothing', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  const token = await channelToken(node)
  const socket = openSocket(node)
  await once(socket, 'open')
  const answer = await jsonCall(server, 'AmazonSSM.DeregisterManagedInstance', { InstanceId: node.id })
  assert.equal(answer.status, 200)
  socket.send(tokenFrame(token))
  assert.equal((await once(socket, 'close'))[0], 1008)
})

test('AGT-19 of two channels of one node the newest counts; the other is closed and its end changes nothing', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  const first = await socketWith(node, await channelToken(node))
  assert.equal(await isAlive(first), true)
  const closed = once(first, 'close')
  const second = await socketWith(node, await channelToken(node))
  assert.deepEqual((await closed).map(String), ['1000', 'replaced'])
  await server.settle()
  assert.equal(await isAlive(second), true)
  const { InstanceInformationList } = await server.client(SSMClient).send(new DescribeInstanceInformationCommand({}))
  assert.equal(InstanceInformationList![0]!.PingStatus, 'Online')
})

test('AGT-02 what a node says of another node’s job changes nothing, but is acknowledged so that it is not said again', async () => {
  await using server = await startServer()
  const [victim, liar] = await server.fakeNodes(2)
  const commands = new RunCommand(server)
  const command = await commands.sendTo([victim!])
  const job = await victim!.nextJob('command')
  victim!.ack(job)
  await server.settle()
  const before = await commands.invocations(command, { Details: true })

  const forged = liar!.finish(job, { code: 0, stdout: 'forged' })
  liar!.ack(job)
  liar!.output(job, { step: 'x', stream: 'stdout', offset: 0, data: Buffer.from('forged') })
  const nonsense = liar!.replyText({ jobId: 'no job id', topic: 'x' }, '{}')
  await liar!.untilAcknowledged(forged)
  await liar!.untilAcknowledged(nonsense)
  await server.settle()
  assert.deepEqual(await commands.invocations(command, { Details: true }), before)
  assert.deepEqual(liar!.outputAcks, [])

  victim!.finish(job)
  await server.settle()
  assert.equal((await commands.command(command)).Status, 'Success')
})

test('AGT-02 no bytes that a node sends harm the server: wrong frames are ignored, the right ones after them count', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  let socket = await socketWith(node, await channelToken(node))
  const good = encodeAgentMessage({
    messageType: messageType.agentJobReply,
    messageId: randomUUID(),
    createdDate: 1,
    payload: formatAgentJobReply({
      jobId: jobIdOf(randomUUID(), node.id),
      topic: 'aws.ssm.sendCommand',
      content: '{}',
    }),
  })
  const types = fc.oneof(fc.constantFrom(...Object.values(messageType)), fc.stringMatching(/^[!-~]{1,32}$/))
  const payloads = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom(
      JSON.stringify({ jobId: jobIdOf(randomUUID(), node.id), statusCode: '200' }),
      JSON.stringify({ jobId: jobIdOf(randomUUID(), node.id), topic: '', content: '{"__proto__":{}}' }),
      JSON.stringify({ jobId: jobIdOf(randomUUID(), node.id), content: 'null' }),
    ),
  )
  const framed = fc
    .record({ messageType: types, payload: payloads })
    .map((message) => Buffer.from(encodeAgentMessage({ messageId: randomUUID(), createdDate: 1, ...message })))
  const broken = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
    const frame = Buffer.from(good)
    frame[at] = byte
    return frame
  })
  const chunk = fc
    .record({ step: fc.string({ minLength: 1 }), offset: fc.maxSafeNat(), data: fc.uint8Array() })
    .map((part) =>
      Buffer.from(
        encodeAgentMessage({
          messageType: messageType.stewardOutput,
          messageId: randomUUID(),
          createdDate: 1,
          payload: formatOutputChunk({ jobId: jobIdOf(randomUUID(), node.id), stream: 'stdout', ...part }),
        }),
      ),
    )
  const frames = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    framed,
    broken,
    chunk,
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(frames, fc.boolean())), async (sent) => {
      for (const [frame, binary] of sent) socket.send(binary ? frame : frame.toString('base64'), { binary })
      if (!(await isAlive(socket))) socket = await socketWith(node, await channelToken(node))
    }),
    { numRuns: 100 },
  )
  const replyId = randomUUID()
  const acknowledged = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const message = decodeAgentMessage(data)
      if (message.messageType !== messageType.agentJobReplyAck) return
      if (parseAgentJobReplyAck(message.payload).acknowledgedMessageId === replyId) resolve()
    })
  })
  socket.send(
    encodeAgentMessage({
      messageType: messageType.agentJobReply,
      messageId: replyId,
      createdDate: 1,
      payload: formatAgentJobReply({
        jobId: jobIdOf(randomUUID(), node.id),
        topic: 'aws.ssm.sendCommand',
        content: formatReply({
          agent: { lang: '', name: '', os: '', osver: '', ver: '' },
          dateTime: '',
          documentStatus: 'Success',
          documentTraceOutput: '',
          statusCounts: {},
          steps: {},
        }),
      }),
    }),
  )
  await acknowledged
})

test('AGT-02 a frame above the limit ends the connection, and only that one', async () => {
  await using server = await startServer()
  const [node, other] = await Promise.all([FakeNode.enrol(server), FakeNode.enrol(server)])
  const [huge, calm] = await Promise.all([node, other].map(async (one) => socketWith(one, await channelToken(one))))
  assert.equal(await isAlive(calm!), true)
  huge!.send(Buffer.alloc(1024 * 1024 + 1))
  assert.equal((await once(huge!, 'close'))[0], 1009)
  assert.equal(await isAlive(calm!), true)
})

test('the server stops within moments while channels and polls are open and others are being opened', async () => {
  const server = await startServer()
  const nodes = await Promise.all(Array.from({ length: 3 }, () => FakeNode.enrol(server)))
  const channel = await socketWith(nodes[0]!, await channelToken(nodes[0]!))
  const unproven = openSocket(nodes[1]!)
  await once(unproven, 'open')
  const poll = ec2messages(nodes[2]!, 'GetMessages', { Destination: nodes[2]!.id, MessagesRequestId: randomUUID() })
  assert.equal(await isAlive(channel), true)
  const closed = once(channel, 'close')
  const began = performance.now()
  await server[Symbol.asyncDispose]()
  assert.ok(performance.now() - began < 1900, 'no connection had to be forced')
  assert.equal((await closed)[0], 1001)
  assert.deepEqual((await poll).json.Messages, [])
})

test('an acknowledgement and a status that nobody knows are harmless', async () => {
  await using server = await startServer()
  const [node] = await server.fakeNodes(1)
  node!.send(
    messageType.agentJobAck,
    formatAgentJobAck({
      jobId: jobIdOf(randomUUID(), node!.id),
      acknowledgedMessageId: randomUUID(),
      createdDate: '',
      statusCode: '99999',
      errorMessage: '',
    }),
  )
  await server.settle()
  assert.equal(node!.connected, true)
})
