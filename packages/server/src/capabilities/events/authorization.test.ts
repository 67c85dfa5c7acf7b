import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-eventbridge'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { startServer, type TestServer } from '@steward/testkit'

/** A client of a user whose only policy has these statements. */
async function userWith(server: TestServer, Statement: object[]): Promise<EventBridgeClient> {
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName: 'u' }))
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName: 'u', PolicyName: 'p', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'u' }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  return server.client(EventBridgeClient, { credentials })
}

const EventPattern = '{"source":["app"]}'

test('X-12 rules are changed as their tags allow, and roles are handed to targets by who may pass them', async () => {
  await using server = await startServer()
  const root = server.client(EventBridgeClient)
  for (const team of ['a', 'b'])
    await root.send(new PutRuleCommand({ Name: team, EventPattern, Tags: [{ Key: 'team', Value: team }] }))
  const events = await userWith(server, [
    {
      Effect: 'Allow',
      Action: ['events:PutRule', 'events:PutTargets'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceTag/team': 'a' } },
    },
    { Effect: 'Allow', Action: 'iam:PassRole', Resource: 'arn:aws:iam::000000000000:role/mine' },
  ])
  const put = (Name: string) => events.send(new PutRuleCommand({ Name, EventPattern }))
  await put('a')
  await assert.rejects(put('b'), {
    name: 'AccessDeniedException',
    message: /is not authorized to perform: events:PutRule on resource: arn:aws:events:us-east-1:000000000000:rule\/b/,
  })
  const target = (role: string) =>
    events.send(
      new PutTargetsCommand({
        Rule: 'a',
        Targets: [
          {
            Id: 't',
            Arn: 'arn:aws:ssm:us-east-1::document/AWS-RunShellScript',
            RoleArn: `arn:aws:iam::000000000000:role/${role}`,
            RunCommandParameters: { RunCommandTargets: [{ Key: 'tag:a', Values: ['b'] }] },
          },
        ],
      }),
    )
  await target('mine')
  await assert.rejects(target('yours'), /not authorized to perform: iam:PassRole/)
})

test('X-12 events are put by source, and by whom the policy of the bus allows', async () => {
  await using server = await startServer()
  const root = server.client(EventBridgeClient)
  const events = await userWith(server, [
    {
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: '*',
      Condition: { StringEquals: { 'events:source': 'app.mine' } },
    },
  ])
  const put = (Source: string) =>
    events.send(new PutEventsCommand({ Entries: [{ Source, DetailType: 'T', Detail: '{}' }] }))
  await put('app.mine')
  await assert.rejects(put('app.other'), { name: 'AccessDeniedException' })
  const permission = { StatementId: 's', Action: 'events:PutEvents', Principal: '*' }
  await root.send(new PutPermissionCommand(permission))
  await put('app.other')
  const { Policy } = await root.send(new DescribeEventBusCommand({}))
  assert.equal(JSON.parse(Policy!).Statement[0].Sid, 's')
  await root.send(new RemovePermissionCommand({ StatementId: 's' }))
  await assert.rejects(put('app.other'), { name: 'AccessDeniedException' })
  await assert.rejects(root.send(new RemovePermissionCommand({ StatementId: 's' })), {
    name: 'ResourceNotFoundException',
  })
  await assert.rejects(root.send(new PutPermissionCommand({ Policy: '{"Statement":[{}]}' })), {
    name: 'ValidationException',
  })
})
