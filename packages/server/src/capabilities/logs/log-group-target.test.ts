import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
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
