import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DescribeSessionsCommand, SSMClient, StartSessionCommand } from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { aSessionNode } from '../testing/session-node.ts'

test('SM-01 StartSession answers with an id, a token and the address of the data channel', async () => {
  await using server = await startServer()
  await using node = await aSessionNode(server)
  const answer = await server.client(SSMClient).send(new StartSessionCommand({ Target: node.id, Reason: 'ticket 7' }))
  assert.match(answer.SessionId!, /^root-[0-9a-z]{17}$/)
  assert.match(answer.TokenValue!, /^[A-Za-z0-9]{30,300}$/)
  const { host } = new URL(server.url)
  assert.equal(answer.StreamUrl, `ws://${host}/v1/data-channel/${answer.SessionId}?role=publish_subscribe`)

  const { Sessions } = await server.client(SSMClient).send(new DescribeSessionsCommand({ State: 'Active' }))
  assert.equal(Sessions!.length, 1)
  const { StartDate, ...session } = Sessions![0]!
  assert.ok(StartDate)
  assert.deepEqual(session, {
    SessionId: answer.SessionId,
    Target: node.id,
    Status: 'Connecting',
    DocumentName: 'SSM-SessionManagerRunShell',
    Owner: 'arn:aws:iam::000000000000:root',
    Reason: 'ticket 7',
    AccessType: 'Standard',
  })
})
