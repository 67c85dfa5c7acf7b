import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient, PutEventsCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge'
import { DATABASES, eventually, startServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { ALLOW_LOOPBACK, startReceiver } from '../testing/receiver.ts'
import { webhookRule } from '../testing/webhook-rule.ts'

for (const database of DATABASES) {
  test(`EVT-06a ${database}: each rule tells where it leads and how its last deliveries went`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ database, env: ALLOW_LOOPBACK })
    const events = server.client(EventBridgeClient)
    const { destinationArn } = await webhookRule(events, 'heard', receiver.url, { source: ['me'] })
    await events.send(new PutRuleCommand({ Name: 'alone', ScheduleExpression: 'rate(1 day)' }))
    await events.send(new PutEventsCommand({ Entries: [{ Source: 'me', DetailType: 'd', Detail: '{}' }] }))
    await eventually(() => receiver.received.length === 1)
    await server.settle()
    const { json } = await jsonCall(server, 'Steward.ListRuleActivity', {}, { service: 'steward' })
    const [alone, heard] = json.Rules as Record<string, unknown>[]
    assert.deepEqual(alone, { Rule: 'alone', TargetArns: [], Delivered: 0, Pending: 0, Failed: 0 })
    const { LastMatchedDate, ...rest } = heard!
    assert.ok(Number(LastMatchedDate) > 0)
    assert.deepEqual(rest, { Rule: 'heard', TargetArns: [destinationArn], Delivered: 1, Pending: 0, Failed: 0 })
  })
}
