import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { DescribeSessionsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { encodeAgentMessage } from '@steward/protocol'
import { eventually, startServer } from '@steward/testkit'
import { ALLOW_LOOPBACK, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { webhookRule } from '#capabilities/events/testing/webhook-rule.ts'
import { aSessionDocument, lastWords, openChannel, SessionNode, started } from './testing/session-node.ts'

test('SM-22 a line that a document forbids is told as an event, and ends the session if the document says so', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  await using node = await SessionNode.enrol(server)
  await webhookRule(server.client(EventBridgeClient), 'forbidden', receiver.url, { source: ['steward'] })
  const inputs = { stewardSessionPolicy: { forbiddenPatterns: ['BEGIN .*PRIVATE KEY'], endOnMatch: true } }
  await aSessionDocument(server, 'Guarded', { sessionType: 'Standard_Stream', inputs })
  const session = await started(server, { Target: node.id, DocumentName: 'Guarded' })
  const client = await openChannel(session.url, session.token)
  const words = lastWords(client)
  const agent = await node.open(session)
  agent.send(
    encodeAgentMessage({
      messageType: 'output_stream_data',
      messageId: randomUUID(),
      createdDate: Date.now(),
      flags: 1,
      payloadType: 1,
      payload: '$ cat key\r\n-----BEGIN RSA PRIVATE KEY-----\r\n',
    }),
  )
  assert.notEqual(await words, '')
  assert.equal((await node.end()).sessionId, session.sessionId)
  await eventually(() => receiver.received.length === 1)
  const { 'detail-type': type, detail } = JSON.parse(receiver.received[0]!.body)
  assert.equal(type, 'Session Forbidden Pattern')
  assert.deepEqual(detail, {
    'session-id': session.sessionId,
    target: node.id,
    owner: 'arn:aws:iam::000000000000:root',
    'document-name': 'Guarded',
    pattern: 'BEGIN .*PRIVATE KEY',
  })
  node.complete(session.sessionId)
  const history = new DescribeSessionsCommand({ State: 'History' })
  await eventually(async () => {
    const { Sessions } = await server.client(SSMClient).send(history)
    return Sessions![0]?.EndDate !== undefined
  })
  agent.terminate()
})

test('SM-20 who started which session why is on the audit trail, the token is not', async () => {
  await using server = await startServer()
  await using node = await SessionNode.enrol(server)
  const { sessionId, token } = await started(server, { Target: node.id, Reason: 'ticket 7' })
  const trail = server.client(CloudTrailClient)
  const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: 'StartSession' }]
  const { Events } = await trail.send(new LookupEventsCommand({ LookupAttributes }))
  const text = Events![0]!.CloudTrailEvent!
  assert.partialDeepStrictEqual(JSON.parse(text), {
    requestParameters: { target: node.id, reason: 'ticket 7' },
    responseElements: { sessionId, tokenValue: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
  })
  assert.ok(!text.includes(token))
  const caused = Events![0]!.Resources!.map(({ ResourceType, ResourceName }) => `${ResourceType} ${ResourceName}`)
  assert.ok(caused.includes(`AWS::SSM::Session ${sessionId}`), caused.join(', '))
})
