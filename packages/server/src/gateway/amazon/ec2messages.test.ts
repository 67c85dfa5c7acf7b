import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { formatReply, type ResultStatus } from '@steward/protocol'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { RunCommand } from '#capabilities/commands/testing/run-command.ts'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import type { RawAnswer } from '#door/testing/raw-call.ts'
import { ec2messages } from '../testing/node-calls.ts'

interface Message {
  readonly MessageId: string
  readonly Destination: string
  readonly CreatedDate: string
  readonly Topic: string
  readonly Payload: string
}

function poll(node: FakeNode, Destination = node.id): Promise<RawAnswer> {
  const input = { Destination, MessagesRequestId: randomUUID(), VisibilityTimeoutInSeconds: 10 }
  return ec2messages(node, 'GetMessages', input)
}

async function messages(polled: Promise<RawAnswer>): Promise<Message[]> {
  const { status, json } = await polled
  assert.equal(status, 200)
  return json.Messages as Message[]
}

function reply(node: FakeNode, MessageId: string, documentStatus: ResultStatus, ReplyId: string = randomUUID()) {
  const Payload = formatReply({
    agent: { lang: 'en-US', name: 'amazon-ssm-agent', os: 'linux', osver: '1', ver: '3.2.0.0' },
    dateTime: '2026-11-21T02:52:55.638Z',
    documentStatus,
    documentTraceOutput: '',
    statusCounts: {},
    steps: {},
  })
  return ec2messages(node, 'SendReply', { MessageId, ReplyId, Payload })
}

/** A server has a poll when the node counts as connected. */
async function untilPolling(server: TestServer, node: FakeNode): Promise<void> {
  while (!server.house.isConnected(node.id)) await new Promise((resolve) => setImmediate(resolve))
  await server.settle()
}

for (const kind of DATABASES) {
  test(`AGT-02 a poll that waits gets a new command at once, and its replies end it (${kind})`, async () => {
    await using server = await startServer({ database: kind })
    const node = await FakeNode.enrol(server)
    const commands = new RunCommand(server)
    const polled = poll(node)
    await untilPolling(server, node)
    const began = performance.now()
    const command = await commands.sendTo([node])
    const [message, ...more] = await messages(polled)
    assert.ok(performance.now() - began < 3000, 'not after the hold')
    assert.deepEqual(more, [])
    assert.equal(message!.Destination, node.id)
    assert.equal(message!.MessageId, `aws.ssm.${command}.${node.id}`)
    assert.match(message!.Topic, /^aws\.ssm\.sendCommand\./)
    assert.match(message!.CreatedDate, /^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/)
    assert.equal(JSON.parse(message!.Payload).CommandId, command)

    // The first reply comes before the acknowledgement (agent-protocol, 7.3).
    assert.deepEqual((await reply(node, message!.MessageId, 'InProgress')).json, {})
    assert.deepEqual((await ec2messages(node, 'AcknowledgeMessage', { MessageId: message!.MessageId })).json, {})
    await reply(node, message!.MessageId, 'Success')
    await reply(node, message!.MessageId, 'InProgress')
    await server.settle()
    assert.equal((await commands.command(command)).Status, 'Success', 'and never goes back')
  })
}

test('AGT-02 a message that was not acknowledged is visible again after its time, and not before', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  const commands = new RunCommand(server)
  await commands.sendTo([node])
  const [first] = await messages(poll(node))
  const again = poll(node)
  await untilPolling(server, node)
  let answered = false
  void again.then(() => (answered = true))
  await server.advance(5_000)
  assert.equal(answered, false)
  await server.advance(6_000)
  const [second] = await messages(again)
  assert.equal(second!.MessageId, first!.MessageId)

  await ec2messages(node, 'AcknowledgeMessage', { MessageId: first!.MessageId })
  const third = poll(node)
  await untilPolling(server, node)
  void third.then(() => (answered = true))
  answered = false
  await server.advance(60_000)
  assert.equal(answered, false, 'an acknowledged one never comes again')
  await server.house.stop()
  assert.deepEqual(await messages(third), [])
})

test('AGT-02 a new poll of the same node ends the one before with nothing', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  const first = poll(node)
  await untilPolling(server, node)
  const second = poll(node)
  assert.deepEqual(await messages(first), [])
  await new RunCommand(server).sendTo([node])
  assert.equal((await messages(second)).length, 1)
})

test('AGT-02 a poll that its caller gave up takes no message with it', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  const leaving = new AbortController()
  const input = { Destination: node.id, MessagesRequestId: randomUUID() }
  const given = ec2messages(node, 'GetMessages', input, { signal: leaving.signal })
  await untilPolling(server, node)
  leaving.abort()
  await assert.rejects(given)
  while (server.house.isConnected(node.id)) await new Promise((resolve) => setImmediate(resolve))
  await new RunCommand(server).sendTo([node])
  await server.settle()
  assert.equal((await messages(poll(node))).length, 1)
})

test('AGT-02 a message that the agent cannot handle fails its command with the agent’s reason', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  const commands = new RunCommand(server)
  const command = await commands.sendTo([node])
  const [message] = await messages(poll(node))
  const { MessageId } = message!
  assert.deepEqual((await ec2messages(node, 'FailMessage', { MessageId, FailureType: 'NoHandlerExists' })).json, {})
  await server.settle()
  assert.equal((await commands.command(command)).Status, 'Failed')
})

test('AGT-02 a node may fetch and answer its own messages only', async () => {
  await using server = await startServer()
  const [victim, liar] = [await FakeNode.enrol(server), await FakeNode.enrol(server)]
  const commands = new RunCommand(server)
  const command = await commands.sendTo([victim])
  const [message] = await messages(poll(victim))
  const { MessageId } = message!
  const attempts = [
    poll(liar, victim.id),
    reply(liar, MessageId, 'Success'),
    ec2messages(liar, 'AcknowledgeMessage', { MessageId }),
    ec2messages(liar, 'FailMessage', { MessageId, FailureType: 'NoHandlerExists' }),
  ]
  for (const { status, json } of await Promise.all(attempts)) {
    assert.equal(status, 400)
    assert.equal(json.__type, 'AccessDeniedException')
  }
  await server.settle()
  assert.equal((await commands.invocations(command))[0]!.Status, 'Pending')
})

test('AGT-02 what is no message id is an InvalidMessageIdException; replies to unknown ones of one’s own are taken', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server)
  const bad = await ec2messages(node, 'AcknowledgeMessage', { MessageId: 'no-message-id-at-all' })
  assert.equal(bad.json.__type, 'InvalidMessageIdException')
  const unknown = await reply(node, `aws.ssm.${randomUUID()}.${node.id}`, 'Success')
  assert.deepEqual([unknown.status, unknown.json], [200, {}])
})
