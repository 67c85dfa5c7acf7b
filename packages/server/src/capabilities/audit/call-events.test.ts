import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge'
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DATABASES, eventually, startServer } from '@steward/testkit'
import { ALLOW_LOOPBACK, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { webhookRule } from '#capabilities/events/testing/webhook-rule.ts'

for (const database of DATABASES) {
  test(`EVT-02 ${database}: calls that change something are events, with their masked record; refused ones too`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ database, env: ALLOW_LOOPBACK })
    const events = server.client(EventBridgeClient)
    const pattern = { source: ['aws.ssm'], 'detail-type': ['AWS API Call via CloudTrail'] }
    await webhookRule(events, 'calls', receiver.url, pattern)
    const ssm = server.client(SSMClient)
    await ssm.send(new PutParameterCommand({ Name: '/p', Type: 'SecureString', Value: 'very secret' }))
    await ssm.send(new GetParameterCommand({ Name: '/p' }))
    await assert.rejects(ssm.send(new DeleteParameterCommand({ Name: '/none' })))
    await eventually(() => receiver.received.length === 2)
    const told = receiver.received.map(({ body }) => JSON.parse(body))
    assert.deepEqual(told.map(({ detail }) => [detail.eventName, detail.errorCode]).sort(), [
      ['DeleteParameter', 'ParameterNotFound'],
      ['PutParameter', undefined],
    ])
    assert.ok(told.every((event) => event.id === event.detail.eventID && event.source === 'aws.ssm'))
    assert.doesNotMatch(JSON.stringify(told), /very secret/)
  })
}

test('EVT-02 rules for calls that only look are refused', async () => {
  await using server = await startServer()
  const put = new PutRuleCommand({
    Name: 'r',
    EventPattern: '{"source":["aws.ssm"]}',
    State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  })
  await assert.rejects(server.client(EventBridgeClient).send(put), /not supported by Steward/)
})
