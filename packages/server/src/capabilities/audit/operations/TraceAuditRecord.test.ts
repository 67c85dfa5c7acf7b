import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { TraceAuditRecordResult } from '@steward/model/generated/steward.ts'
import { DATABASES, eventually, startServer } from '@steward/testkit'
import { ALLOW_LOOPBACK, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { webhookRule } from '#capabilities/events/testing/webhook-rule.ts'
import { ask } from '#capabilities/recordings/testing/recorded-session.ts'

for (const database of DATABASES) {
  test(`X-20 ${database}: a call is followed to the nodes that it reached and the rules that heard of it`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ database, env: ALLOW_LOOPBACK })
    await webhookRule(server.client(EventBridgeClient), 'commands', receiver.url, {
      'detail-type': ['EC2 Command Status-change Notification'],
    })
    const node = await server.fakeNode()
    node.autoRun(() => ({ code: 0 }))
    const { Command } = await server.client(SSMClient).send(
      new SendCommandCommand({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: [node.id],
        Parameters: { commands: ['true'] },
      }),
    )
    await eventually(() => receiver.received.some(({ body }) => body.includes('Success')))
    const page = await ask(server, 'SearchAuditRecords', { Actions: ['SendCommand'] })
    const [{ EventId }] = page.Records as [{ EventId: string }]
    await server.settle()
    const thread = (await ask(server, 'TraceAuditRecord', { EventId })) as unknown as TraceAuditRecordResult
    assert.equal(thread.Record!.EventName, 'SendCommand')
    assert.deepEqual(
      thread.Effects!.map(({ Type, Id, Name, Status, NodeCount, ErrorCount }) => [
        Type,
        Id,
        Name,
        Status,
        NodeCount,
        ErrorCount,
      ]),
      [['Command', Command!.CommandId, 'AWS-RunShellScript', 'Success', 1, 0]],
    )
    assert.deepEqual(
      thread.Effects![0]!.Nodes!.map(({ InstanceId, Status }) => [InstanceId, Status]),
      [[node.id, 'Success']],
    )
    assert.deepEqual(
      thread.Events!.map(({ Rule, Deliveries }) => [Rule, Deliveries!.map(({ State }) => State)]),
      [
        ['commands', ['Delivered']],
        ['commands', ['Delivered']],
      ],
    )
    assert.deepEqual(thread.Withheld, [])
    await assert.rejects(ask(server, 'TraceAuditRecord', { EventId: 'nothing' }), { name: 'AuditRecordNotFound' })
  })
}
