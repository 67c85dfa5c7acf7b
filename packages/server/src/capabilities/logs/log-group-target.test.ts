import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteResourcePolicyCommand,
  DescribeResourcePoliciesCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { startServer } from '@steward/testkit'

const logGroupName = '/aws/events/all'
const Arn = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`

test('EVT-03 a rule writes events into a log group, as they are or as its transformer says', async () => {
  await using server = await startServer()
  const events = server.client(EventBridgeClient)
  const logs = server.client(CloudWatchLogsClient)
  await logs.send(new CreateLogGroupCommand({ logGroupName }))
  await events.send(new PutRuleCommand({ Name: 'keep', EventPattern: '{"source":["app"]}' }))
  const InputTransformer = {
    InputPathsMap: { n: '$.detail.n' },
    InputTemplate: `{"timestamp": ${server.house.clock.now().getTime()}, "message": "n is <n>"}`,
  }
  const lost = { Id: 'lost', Arn: `${Arn}/none` }
  const Targets = [{ Id: 'whole', Arn }, { Id: 'words', Arn: `${Arn}:*`, InputTransformer }, lost]
  await events.send(new PutTargetsCommand({ Rule: 'keep', Targets }))
  const entry = { Source: 'app', DetailType: 'count', Detail: '{"n":7}' }
  await events.send(new PutEventsCommand({ Entries: [entry] }))
  await server.settle()
  const written = await logs.send(new FilterLogEventsCommand({ logGroupName }))
  assert.deepEqual([...new Set(written.events!.map(({ logStreamName }) => logStreamName))], ['keep'])
  const messages = written.events!.map(({ message }) => message!).sort()
  assert.equal(messages[0], 'n is 7')
  assert.partialDeepStrictEqual(JSON.parse(messages[1]!), { source: 'app', detail: { n: 7 } })
})

test('EVT-03 a resource policy of the account may keep rules out of a log group', async () => {
  await using server = await startServer()
  const events = server.client(EventBridgeClient)
  const logs = server.client(CloudWatchLogsClient)
  await logs.send(new CreateLogGroupCommand({ logGroupName }))
  await events.send(new PutRuleCommand({ Name: 'keep', EventPattern: '{"source":["app"]}' }))
  await events.send(new PutTargetsCommand({ Rule: 'keep', Targets: [{ Id: 'whole', Arn }] }))
  const policy = (Effect: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect,
        Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/*:*',
      },
    })
  const written = async (n: number) => {
    await events.send(new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'n', Detail: `{"n":${n}}` }] }))
    await server.settle()
    return (await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: `{ $.detail.n = ${n} }` })))
      .events!
  }
  const put = (document: string) =>
    logs.send(new PutResourcePolicyCommand({ policyName: 'p', policyDocument: document }))
  await put(policy('Deny'))
  assert.equal((await written(1)).length, 0)
  await put(policy('Allow'))
  assert.equal((await written(2)).length, 1)
  const { resourcePolicies } = await logs.send(new DescribeResourcePoliciesCommand({}))
  assert.partialDeepStrictEqual(resourcePolicies, [{ policyName: 'p', policyDocument: policy('Allow') }])
  await logs.send(new DeleteResourcePolicyCommand({ policyName: 'p' }))
  await assert.rejects(logs.send(new DeleteResourcePolicyCommand({ policyName: 'p' })), {
    name: 'ResourceNotFoundException',
  })
  await assert.rejects(put('{'), { name: 'InvalidParameterException' })
})
