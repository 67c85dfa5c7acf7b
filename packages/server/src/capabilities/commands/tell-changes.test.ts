import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { DATABASES, eventually, startServer } from '@steward/testkit'
import { ALLOW_LOOPBACK, type Receiver, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { webhookRule } from '#capabilities/events/testing/webhook-rule.ts'
import { RunCommand } from './testing/run-command.ts'

const COMMAND = 'EC2 Command Status-change Notification'
const INVOCATION = 'EC2 Command Invocation Status-change Notification'

const eventsAt = ({ received }: Receiver) => received.map(({ body }) => JSON.parse(body))

for (const database of DATABASES) {
  test(`EVT-02 ${database}: a rule on a failed command posts a signed webhook`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ database, env: ALLOW_LOOPBACK })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const pattern = { source: ['aws.ssm'], 'detail-type': [COMMAND], detail: { status: ['Failed'] } }
    await webhookRule(server.client(EventBridgeClient), 'failed', receiver.url, pattern)

    const good = await run.send({ InstanceIds: [node.id] })
    const bad = await run.send({ InstanceIds: [node.id], Parameters: { commands: ['exit 3'] } })
    await node.runNext({ code: 0 })
    await node.runNext({ code: 3 })
    await eventually(() => assert.equal(receiver.received.length, 1))
    await server.settle()

    const [request, ...more] = receiver.received
    assert.equal(more.length, 0, 'the command that succeeded is none of the rule’s')
    const { id, time, ...event } = JSON.parse(request!.body)
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    assert.deepEqual(event, {
      version: '0',
      'detail-type': COMMAND,
      source: 'aws.ssm',
      account: '000000000000',
      region: 'us-east-1',
      resources: [`arn:aws:ssm:us-east-1:000000000000:managed-instance/${node.id}`],
      detail: {
        'command-id': bad.CommandId,
        'document-name': 'AWS-RunShellScript',
        'requested-date-time': bad.RequestedDateTime?.toISOString(),
        'expire-after': bad.ExpiresAfter?.toISOString(),
        parameters: { commands: ['exit 3'] },
        status: 'Failed',
      },
    })
    assert.notEqual(good.CommandId, bad.CommandId)
    const { headers, body } = request!
    const hmac = createHmac('sha256', 's3cret')
      .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
      .digest('base64')
    assert.equal(headers['webhook-signature'], `v1,${hmac}`)
  })

  test(`EVT-02 EVT-05 ${database}: every change of an invocation is an event, in order; those of a bulk end too`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ database, env: ALLOW_LOOPBACK })
    const [one, two] = await server.fakeNodes(2)
    const run = new RunCommand(server)
    await webhookRule(server.client(EventBridgeClient), 'all', receiver.url, { 'detail-type': [INVOCATION] })
    const commandId = await run.sendTo([one!, two!], { MaxConcurrency: '1', MaxErrors: '0' })
    // One fails, so the other never begins.
    await eventually(() => one!.received.length + two!.received.length === 1)
    const first = one!.received.length === 1 ? one! : two!
    const second = first === one ? two! : one!
    await first.runNext({ code: 1 })
    await eventually(() => assert.equal(receiver.received.length, 3))
    const told = eventsAt(receiver).map(({ detail }) => [detail['instance-id'], detail.status])
    assert.deepEqual(
      told.filter(([id]) => id === first.id),
      [
        [first.id, 'InProgress'],
        [first.id, 'Failed'],
      ],
    )
    assert.deepEqual(
      told.filter(([id]) => id === second.id),
      [[second.id, 'Failed']],
    )
    assert.ok(eventsAt(receiver).every(({ detail }) => detail['command-id'] === commandId))
  })
}

test('EVT-03 a rule starts a command, as its role; without its permission it starts none', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const iam = server.client(IAMClient)
  const trust = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  for (const name of ['may', 'may-not'])
    await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: document(trust) }))
  const allow = { Effect: 'Allow', Action: 'ssm:SendCommand', Resource: '*' }
  await iam.send(new PutRolePolicyCommand({ RoleName: 'may', PolicyName: 'p', PolicyDocument: document(allow) }))

  const events = server.client(EventBridgeClient)
  for (const name of ['may', 'may-not']) {
    const pattern = { 'detail-type': [COMMAND], detail: { status: ['Failed'], parameters: { commands: ['exit 3'] } } }
    await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }))
    const { FailedEntryCount } = await events.send(
      new PutTargetsCommand({
        Rule: name,
        Targets: [
          {
            Id: 'repair',
            Arn: 'arn:aws:ssm:us-east-1::document/AWS-RunShellScript',
            RoleArn: `arn:aws:iam::000000000000:role/${name}`,
            InputTransformer: {
              InputPathsMap: { id: '$.detail.command-id' },
              InputTemplate: `{"commands":["repair ${name} <id>"]}`,
            },
            RunCommandParameters: { RunCommandTargets: [{ Key: 'InstanceIds', Values: [node.id] }] },
          },
        ],
      }),
    )
    assert.equal(FailedEntryCount, 0)
  }
  const bad = await run.send({ InstanceIds: [node.id], Parameters: { commands: ['exit 3'] } })
  await node.runNext({ code: 3 })
  await eventually(async () => assert.equal((await run.listIds()).length, 2))
  await server.settle()
  const [id, ...others] = await run.listIds()
  assert.deepEqual(others, [bad.CommandId])
  assert.deepEqual((await run.command(id!)).Parameters, { commands: [`repair may ${bad.CommandId}`] })

  const trail = server.client(CloudTrailClient)
  const lookUp = new LookupEventsCommand({
    LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'SendCommand' }],
  })
  const records = (await trail.send(lookUp)).Events?.map((event) => JSON.parse(event.CloudTrailEvent!)) ?? []
  const byService = records.filter(({ sourceIPAddress }) => sourceIPAddress === 'events.amazonaws.com')
  assert.deepEqual(
    byService
      .map(({ userIdentity, errorCode }) => [userIdentity.sessionContext.sessionIssuer.userName, errorCode])
      .sort(),
    [
      ['may', undefined],
      ['may-not', 'AccessDenied'],
    ],
  )
})
