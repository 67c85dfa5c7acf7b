import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import {
  DescribeSessionsCommand,
  type DescribeSessionsCommandInput,
  ResumeSessionCommand,
  SSMClient,
  TerminateSessionCommand,
} from '@aws-sdk/client-ssm'
import { DATABASES, eventually, startServer, type TestServer } from '@steward/testkit'
import { lastWords, openChannel, SessionNode, started } from '../testing/session-node.ts'

function list(server: TestServer, State: 'Active' | 'History', more: Partial<DescribeSessionsCommandInput> = {}) {
  return server.client(SSMClient).send(new DescribeSessionsCommand({ State, ...more }))
}

async function statuses(server: TestServer, State: 'Active' | 'History', more?: Partial<DescribeSessionsCommandInput>) {
  return (await list(server, State, more)).Sessions!.map(({ SessionId, Status }) => `${SessionId} ${Status}`)
}

const until = (server: TestServer, State: 'Active' | 'History', expected: string[]) =>
  eventually(async () => {
    assert.deepEqual(await statuses(server, State), expected)
    return true
  })

const resume = (server: TestServer, SessionId: string) =>
  server.client(SSMClient).send(new ResumeSessionCommand({ SessionId }))

const terminate = (server: TestServer, SessionId: string) =>
  server.client(SSMClient).send(new TerminateSessionCommand({ SessionId }))

for (const database of DATABASES) {
  test(`SM-09 a session from its start to its end (${database})`, async () => {
    await using server = await startServer({ database })
    await using node = await SessionNode.enrol(server)
    const session = await started(server, { Target: node.id })
    const id = session.sessionId
    const client = await openChannel(session.url, session.token)
    const agent = await node.open(session)
    await until(server, 'Active', [`${id} Connected`])

    client.terminate()
    await until(server, 'Active', [`${id} Disconnected`])
    const { TokenValue, StreamUrl } = await resume(server, id)
    assert.equal(StreamUrl, session.url)
    assert.notEqual(TokenValue, session.token)
    const again = await openChannel(session.url, TokenValue!)
    await until(server, 'Active', [`${id} Connected`])

    const words = lastWords(again)
    assert.deepEqual((await terminate(server, id)).SessionId, id)
    assert.equal(await words, '')
    assert.equal((await node.end()).sessionId, id)
    assert.deepEqual(await statuses(server, 'History'), [`${id} Terminating`])
    assert.deepEqual(await statuses(server, 'Active'), [])
    node.complete(id)
    await until(server, 'History', [`${id} Terminated`])
    const { Sessions } = await list(server, 'History')
    assert.ok(Sessions![0]!.EndDate! >= Sessions![0]!.StartDate!)

    assert.deepEqual({ ...(await resume(server, id)), $metadata: 0 }, { SessionId: id, $metadata: 0 })
    assert.equal((await terminate(server, id)).SessionId, id, 'it is over already')
    agent.terminate()
  })
}

test('SM-09 a session that the node ended shows why, and where its log is', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const session = await started(server, { Target: node.id })
  const client = await openChannel(session.url, session.token)
  const words = lastWords(client)
  const agent = await node.open(session)
  node.complete(session.sessionId, { status: 'Failed', output: 'RunAs user nosuch does not exist\n' })
  assert.match(await words, /nosuch/)
  await until(server, 'History', [`${session.sessionId} Failed`])
  const [untold] = (await list(server, 'History')).Sessions!
  assert.deepEqual(untold!.OutputUrl, { S3OutputUrl: '', CloudWatchOutputUrl: '' })
  // Agents say it twice; the second time, it tells of the log.
  node.complete(session.sessionId, { s3Bucket: 'logs', s3UrlSuffix: 'x/1.log', cwlGroup: 'g', cwlStream: 's' })
  await eventually(async () => (await list(server, 'History')).Sessions![0]!.OutputUrl?.S3OutputUrl !== '')
  const { Sessions } = await list(server, 'History')
  assert.partialDeepStrictEqual(Sessions![0], {
    Status: 'Failed',
    Details: 'RunAs user nosuch does not exist',
    OutputUrl: { S3OutputUrl: 'https://s3.us-east-1.amazonaws.com/logs/x/1.log' },
  })
  agent.terminate()
})

test('SM-09 a node that says nothing has 30 seconds to end a session, and is told again when it comes back', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const { sessionId } = await started(server, { Target: node.id })
  await node.start()
  await terminate(server, sessionId)
  await node.end()
  await server.advance(2_100)
  await node.end(2)
  await server.advance(28_000)
  await until(server, 'History', [`${sessionId} Terminated`])
  await node.disconnect()
  const told = node.ends.length
  await node.connect()
  await node.end(told + 1)
  node.complete(sessionId)
  await server.settle()
  assert.equal(node.starts.length, 1)
})

test('SM-01 tokens are good once, for their own session, and for a minute', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const one = await started(server, { Target: node.id })
  const two = await started(server, { Target: node.id })
  const isRefused = async (url: string, token: string) => {
    const socket = await openChannel(url, token)
    const [code] = (await once(socket, 'close')) as [number]
    return code === 1008
  }
  assert.ok(await isRefused(two.url, one.token), 'of another session')
  const client = await openChannel(one.url, one.token)
  const agent = await node.open(one)
  await until(server, 'Active', [`${two.sessionId} Connecting`, `${one.sessionId} Connected`])
  assert.ok(await isRefused(one.url, one.token), 'used')
  const { TokenValue: replaced } = await resume(server, two.sessionId)
  assert.ok(await isRefused(two.url, two.token), 'replaced')
  await server.advance(61_000)
  assert.ok(await isRefused(two.url, replaced!), 'too old')
  client.terminate()
  agent.terminate()
})

test('SM-23 a session is another node’s, account’s or Region’s secret', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  await using other = await SessionNode.enrol(server)
  const { sessionId } = await started(server, { Target: node.id })
  const { status, text } = await other.createDataChannel(sessionId)
  assert.notEqual(status, 201)
  assert.doesNotMatch(text, /TokenValue/)
  other.complete(sessionId)
  await server.settle()
  assert.deepEqual(await statuses(server, 'Active'), [`${sessionId} Connecting`])

  const elsewhere = server.client(SSMClient, { region: 'eu-west-1' })
  assert.deepEqual((await elsewhere.send(new DescribeSessionsCommand({ State: 'Active' }))).Sessions, [])
  await assert.rejects(elsewhere.send(new ResumeSessionCommand({ SessionId: sessionId })), {
    name: 'DoesNotExistException',
  })
  await elsewhere.send(new TerminateSessionCommand({ SessionId: sessionId }))
  assert.deepEqual(await statuses(server, 'Active'), [`${sessionId} Connecting`])
})

test('SM-10 sessions are found by each filter, newest first, in pages', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  await using other = await SessionNode.enrol(server)
  const ids: string[] = []
  for (const Target of [node.id, node.id, other.id]) {
    ids.unshift((await started(server, { Target })).sessionId)
    await server.advance(1_000)
  }
  const [third, second, first] = ids
  const found = async (key: string, ...values: string[]) => {
    const Filters = values.map((value) => ({ key: key as never, value }))
    return (await list(server, 'Active', { Filters })).Sessions!.map((one) => one.SessionId)
  }
  const { Sessions } = await list(server, 'Active', { MaxResults: 1, Filters: [{ key: 'SessionId', value: second! }] })
  const between = Sessions![0]!.StartDate!.toISOString()
  assert.deepEqual(await found('Target', node.id), [second, first])
  assert.deepEqual(await found('SessionId', third!), [third])
  assert.deepEqual(await found('Owner', 'arn:aws:iam::000000000000:root'), ids)
  assert.deepEqual(await found('Owner', 'arn:aws:iam::000000000000:user/other'), [])
  assert.deepEqual(await found('InvokedAfter', between), [third])
  assert.deepEqual(await found('InvokedBefore', between), [first])
  assert.deepEqual(await found('Status', 'Connecting'), ids)
  assert.deepEqual(await found('Status', 'Connected'), [])
  assert.deepEqual(await found('Status', 'Failed'), [])
  assert.deepEqual(await found('AccessType', 'Standard'), ids)
  assert.deepEqual(await found('AccessType', 'JustInTime'), [])
  // All must hold, those of one key too, wherever each stands.
  const dayBefore = new Date(Sessions![0]!.StartDate!.getTime() - 86_400_000).toISOString()
  assert.deepEqual(await found('InvokedAfter', between, dayBefore), [third])
  assert.deepEqual(await found('InvokedBefore', dayBefore, between), [])
  for (const key of ['Target', 'SessionId', 'Owner']) {
    const one = { Target: node.id, SessionId: second!, Owner: 'root' }[key]!
    assert.deepEqual([await found(key, 'x', one), await found(key, one, 'x')], [[], []], key)
    assert.deepEqual(await found(key, one, one), await found(key, one), key)
  }
  for (const [key, value] of [
    ['Status', 'Sleeping'],
    ['InvokedAfter', 'yesterday'],
    ['InvokedAfter', '1'],
    ['InvokedBefore', '2026-02-30T00:00:00Z'],
    ['AccessType', 'Odd'],
  ] as const) {
    await assert.rejects(found(key, value), { name: 'ValidationException' })
  }

  const pages: string[] = []
  let NextToken: string | undefined
  do {
    const page = await list(server, 'Active', { MaxResults: 2, NextToken })
    pages.push(...page.Sessions!.map((one) => one.SessionId!))
    NextToken = page.NextToken
  } while (NextToken)
  assert.deepEqual(pages, ids)
  await assert.rejects(list(server, 'Active', { NextToken: 'nonsense' }), { name: 'InvalidNextToken' })
})

test('SM-10 history is kept for 30 days', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const { sessionId } = await started(server, { Target: node.id })
  await node.start()
  node.complete(sessionId)
  await until(server, 'History', [`${sessionId} Terminated`])
  await server.advance(29 * 86_400_000)
  assert.deepEqual(await statuses(server, 'History'), [`${sessionId} Terminated`])
  await server.advance(2 * 86_400_000)
  assert.deepEqual(await statuses(server, 'History'), [])
})
