import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { DATABASES, eventually, startServer, type TestServer } from '@steward/testkit'
import { RunCommand } from '#capabilities/commands/testing/run-command.ts'
import { ALLOW_LOOPBACK, type Receiver, startReceiver } from '#capabilities/events/testing/receiver.ts'
import { jsonCall } from '#door/testing/raw-call.ts'

/** A topic whose messages come to the receiver as they were published. */
async function topicTo(server: TestServer, receiver: Receiver): Promise<string> {
  const sns = server.client(SNSClient)
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'commands' }))
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: receiver.url }))
  await server.settle()
  const { Token } = JSON.parse(receiver.received.pop()!.body)
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }))
  return TopicArn!
}

async function role(server: TestServer, RoleName: string, allow: boolean): Promise<string> {
  const iam = server.client(IAMClient)
  const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const trust = document({ Effect: 'Allow', Principal: { Service: 'ssm.amazonaws.com' }, Action: 'sts:AssumeRole' })
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }))
  const PolicyDocument = document({ Effect: allow ? 'Allow' : 'Deny', Action: 'sns:Publish', Resource: '*' })
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'publish', PolicyDocument }))
  return Role!.Arn!
}

async function deadLetters(server: TestServer): Promise<{ ErrorCode: string; ErrorMessage: string }[]> {
  const { json } = await jsonCall(server, 'Steward.ListDeadLetters', {}, { service: 'steward' })
  return json.DeadLetters as { ErrorCode: string; ErrorMessage: string }[]
}

for (const database of DATABASES) {
  test(`RC-05 ${database}: a topic is told of the changes of a command, or of its invocations`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ database, env: ALLOW_LOOPBACK })
    const node = await server.fakeNode()
    const run = new RunCommand(server)
    const NotificationArn = await topicTo(server, receiver)
    const ServiceRoleArn = await role(server, 'notify', true)
    const messages = () => receiver.received.splice(0).map(({ body }) => JSON.parse(body))

    const first = await run.send({
      InstanceIds: [node.id],
      ServiceRoleArn,
      NotificationConfig: { NotificationArn },
      OutputS3BucketName: 'bucket',
    })
    await node.runNext({ code: 0 })
    await eventually(() => receiver.received.length === 2)
    const told = messages()
    assert.deepEqual(
      told.map(({ Subject }) => Subject),
      ['EC2 Run Command Notification us-east-1', 'EC2 Run Command Notification us-east-1'],
    )
    const [inProgress, success] = told.map(({ Message }) => JSON.parse(Message))
    const { eventTime, ...rest } = inProgress
    assert.match(eventTime, /^\d{4}-.*Z$/)
    assert.deepEqual(rest, {
      commandId: first.CommandId,
      documentName: 'AWS-RunShellScript',
      instanceIds: [node.id],
      requestedDateTime: first.RequestedDateTime?.toISOString(),
      expiresAfter: first.ExpiresAfter?.toISOString(),
      outputS3BucketName: 'bucket',
      outputS3KeyPrefix: '',
      status: 'InProgress',
    })
    assert.equal(success.status, 'Success')

    const NotificationConfig = {
      NotificationArn,
      NotificationType: 'Invocation' as const,
      NotificationEvents: ['Failed' as const],
    }
    const second = await run.send({ InstanceIds: [node.id], ServiceRoleArn, NotificationConfig })
    await node.runNext({ code: 4 })
    await run.untilCommand(second.CommandId, 'Failed/Failed')
    await server.settle()
    const [failed, ...more] = messages().map(({ Message }) => JSON.parse(Message))
    assert.equal(more.length, 0)
    const { eventTime: _time, ...invocation } = failed
    assert.deepEqual(invocation, {
      commandId: second.CommandId,
      documentName: 'AWS-RunShellScript',
      instanceId: node.id,
      requestedDateTime: second.RequestedDateTime?.toISOString(),
      status: 'Failed',
      detailedStatus: 'Failed',
    })
    const shown = await run.command(second.CommandId)
    assert.deepEqual(shown.NotificationConfig, NotificationConfig)
  })
}

test('RC-05 a role that may not publish tells nobody, and the command does not mind', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const NotificationArn = await topicTo(server, receiver)
  const ServiceRoleArn = await role(server, 'silent', false)
  const { CommandId } = await run.send({
    InstanceIds: [node.id],
    ServiceRoleArn,
    NotificationConfig: { NotificationArn, NotificationEvents: ['Success'] },
  })
  await node.runNext({ code: 0 })
  await run.untilCommand(CommandId, 'Success/Success')
  await server.settle()
  assert.deepEqual(receiver.received, [])
  const [letter] = await deadLetters(server)
  assert.equal(letter?.ErrorCode, 'AccessDeniedException')
  assert.match(letter?.ErrorMessage ?? '', /not authorized to perform: sns:Publish .* explicit deny/)
})

test('EVT-03 EVT-06 a rule leads to a topic', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const TopicArn = await topicTo(server, receiver)
  const events = server.client(EventBridgeClient)
  const EventPattern = '{"source":["aws.ssm"],"detail":{"status":["Success"]}}'
  await events.send(new PutRuleCommand({ Name: 'to-topic', EventPattern }))
  await events.send(new PutTargetsCommand({ Rule: 'to-topic', Targets: [{ Id: 't', Arn: TopicArn }] }))
  const node = await server.fakeNode()
  const run = new RunCommand(server)
  const { CommandId } = await run.send({ InstanceIds: [node.id] })
  await node.runNext({ code: 0 })
  await eventually(() => receiver.received.length === 2)
  const told = receiver.received.map(({ body }) => JSON.parse(JSON.parse(body).Message))
  assert.ok(told.every(({ detail }) => detail['command-id'] === CommandId))
  assert.equal(new Set(told.map((event) => event['detail-type'])).size, 2)
})

test('EVT-03 a topic whose policy denies a service to publish gets nothing of it', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const TopicArn = await topicTo(server, receiver)
  const deny = (Principal: object, Condition: object = {}) => {
    const statement = { Effect: 'Deny', Principal, Action: 'sns:Publish', Resource: TopicArn, Condition }
    const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    return server
      .client(SNSClient)
      .send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }))
  }
  const events = server.client(EventBridgeClient)
  await events.send(new PutRuleCommand({ Name: 'to-topic', EventPattern: '{"source":["app"]}' }))
  await events.send(new PutTargetsCommand({ Rule: 'to-topic', Targets: [{ Id: 't', Arn: TopicArn }] }))
  const published = async () => {
    await events.send(new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'T', Detail: '{}' }] }))
    await server.settle()
    return receiver.received.splice(0).length
  }
  const Service = 'events.amazonaws.com'
  await deny({ Service })
  assert.equal(await published(), 0)
  const [letter] = await deadLetters(server)
  assert.deepEqual(
    [letter?.ErrorCode, letter?.ErrorMessage],
    ['NO_PERMISSIONS', 'The policy of the topic keeps events.amazonaws.com from publishing.'],
  )
  const from = (rule: string) => ({ ArnLike: { 'aws:SourceArn': `arn:aws:events:*:*:rule/${rule}` } })
  await deny({ Service }, from('to-topic'))
  assert.equal(await published(), 0)
  await deny({ Service }, from('other'))
  assert.equal(await published(), 1)

  const node = await server.fakeNode()
  const run = new RunCommand(server)
  // IAM has no such role, so policies cannot name it as a principal.
  const ServiceRoleArn = 'arn:aws:iam::000000000000:role/of-nobody'
  const told = async () => {
    await run.send({
      InstanceIds: [node.id],
      ServiceRoleArn,
      NotificationConfig: { NotificationArn: TopicArn, NotificationEvents: ['InProgress'] },
    })
    await node.runNext({ code: 0 })
    await server.settle()
    return receiver.received.splice(0).length
  }
  assert.equal(await told(), 1)
  await deny({ Service: 'ssm.amazonaws.com' })
  assert.equal(await told(), 0)
  await deny({ AWS: '*' }, { ArnEquals: { 'aws:PrincipalArn': ServiceRoleArn } })
  assert.equal(await told(), 0)
  assert.match(
    (await deadLetters(server))[0]!.ErrorMessage,
    /keeps arn:aws:iam::000000000000:role\/of-nobody from publishing/,
  )
})
