import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DescribeSessionsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { startServer, type TestServer } from '@steward/testkit'
import { ADMINISTRATOR, aUser, type Keys } from '#capabilities/identity/testing/account.ts'
import { jsonCall, type RawAnswer } from '#door/testing/raw-call.ts'
import { aSessionDocument, lastWords, openChannel, SessionNode, started } from './testing/session-node.ts'

const DOCUMENT = 'Two-People'

function steward(server: TestServer, operation: string, input: object, credentials?: Keys): Promise<RawAnswer> {
  const caller = credentials && { credentials: { sessionToken: undefined, ...credentials } }
  return jsonCall(server, `Steward.${operation}`, input, { service: 'steward', ...caller })
}

async function pending(server: TestServer) {
  const node = await SessionNode.enrol(server)
  const inputs = { stewardSessionPolicy: { approvalRequired: true, approvalTimeout: '5' } }
  await aSessionDocument(server, DOCUMENT, { sessionType: 'Standard_Stream', inputs })
  const alice = await aUser(server, 'alice', { managed: [ADMINISTRATOR] })
  const bob = await aUser(server, 'bob', { managed: [ADMINISTRATOR] })
  const session = await started(server, { Target: node.id, DocumentName: DOCUMENT, Reason: 'disk is full' }, alice)
  const client = await openChannel(session.url, session.token)
  return { node, alice, bob, client, ...session }
}

async function statusOf(server: TestServer): Promise<string | undefined> {
  const { Sessions } = await server.client(SSMClient).send(new DescribeSessionsCommand({ State: 'History' }))
  return Sessions![0]?.Status
}

test('SM-22 a session that needs a second person waits for one, who is not its owner', async () => {
  await using server = await startServer()
  const { node, alice, bob, client, sessionId } = await pending(server)
  await server.advance(60_000)
  assert.deepEqual(node.starts, [])
  const { json } = await steward(server, 'ListSessionApprovals', { State: 'Pending' })
  assert.partialDeepStrictEqual(json, {
    Approvals: [{ SessionId: sessionId, State: 'Pending', Owner: alice.arn, Target: node.id, Reason: 'disk is full' }],
  })
  const own = await steward(server, 'ApproveSession', { SessionId: sessionId }, alice)
  assert.match(own.text, /AccessDeniedException/)

  const approved = await steward(server, 'ApproveSession', { SessionId: sessionId, Comment: 'go on' }, bob)
  assert.partialDeepStrictEqual(approved.json, {
    Approval: { SessionId: sessionId, State: 'Approved', Approver: bob.arn, Comment: 'go on' },
  })
  assert.equal((await node.start()).sessionId, sessionId)
  const twice = await steward(server, 'ApproveSession', { SessionId: sessionId }, bob)
  assert.match(twice.text, /ValidationException/)
  assert.deepEqual((await steward(server, 'ListSessionApprovals', { State: 'Pending' })).json.Approvals, [])
  client.terminate()
  await node[Symbol.asyncDispose]()
})

test('SM-22 the client of a session that was rejected is told by whom and why', async () => {
  await using server = await startServer()
  const { node, bob, client, sessionId } = await pending(server)
  const words = lastWords(client)
  await server.settle()
  const rejected = await steward(server, 'RejectSession', { SessionId: sessionId, Comment: 'not on Fridays' }, bob)
  assert.partialDeepStrictEqual(rejected.json, { Approval: { State: 'Rejected' } })
  assert.equal(await words, `The session was rejected by ${bob.arn}: not on Fridays`)
  assert.equal(await statusOf(server), 'Failed')
  const unknown = await steward(server, 'RejectSession', { SessionId: 'nobody-00000000000000000' }, bob)
  assert.match(unknown.text, /DoesNotExistException/)
  await node[Symbol.asyncDispose]()
})

test('SM-22 a session that nobody approves ends by itself', async () => {
  await using server = await startServer()
  const { node, client } = await pending(server)
  const words = lastWords(client)
  await server.settle()
  await server.advance(5 * 60_000 + 1_000)
  assert.equal(await words, 'Nobody approved the session in time.')
  assert.equal(await statusOf(server), 'Failed')
  const { json } = await steward(server, 'ListSessionApprovals', {})
  assert.partialDeepStrictEqual(json, { Approvals: [{ State: 'Expired' }] })
  assert.deepEqual(node.starts, [])
  await node[Symbol.asyncDispose]()
})
