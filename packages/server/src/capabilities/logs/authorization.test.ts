import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { startServer, type TestServer } from '@steward/testkit'
import { aUser } from '#iam/testing/a-user.ts'

const prefix = 'arn:aws:logs:us-east-1:000000000000:log-group'

async function clientOf(server: TestServer, ...statements: object[]): Promise<CloudWatchLogsClient> {
  const credentials = await aUser(server, 'u', { statements })
  return server.client(CloudWatchLogsClient, { credentials })
}

async function groups(server: TestServer): Promise<CloudWatchLogsClient> {
  const root = server.client(CloudWatchLogsClient)
  for (const team of ['red', 'blue']) {
    const logGroupName = `/${team}`
    await root.send(new CreateLogGroupCommand({ logGroupName, tags: { team } }))
    await root.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }))
  }
  return root
}

test('X-13 policies name groups with all that is in them, or single streams', async () => {
  await using server = await startServer()
  await groups(server)
  const user = await clientOf(
    server,
    { Effect: 'Allow', Action: ['logs:FilterLogEvents', 'logs:GetLogEvents'], Resource: `${prefix}:/red:*` },
    { Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: `${prefix}:/red:log-stream:s` },
  )
  const logStreamName = 's'
  const logEvents = [{ timestamp: server.house.clock.now().getTime(), message: 'm' }]
  await user.send(new PutLogEventsCommand({ logGroupName: '/red', logStreamName, logEvents }))
  await user.send(new GetLogEventsCommand({ logGroupIdentifier: `${prefix}:/red`, logStreamName }))
  await user.send(new FilterLogEventsCommand({ logGroupName: '/red' }))
  const refused = (action: string, resource: string) => ({
    name: 'AccessDeniedException',
    message:
      `User: arn:aws:iam::000000000000:user/u is not authorized to perform: logs:${action} on resource: ${prefix}:${resource} ` +
      `because no identity-based policy allows the logs:${action} action`,
  })
  await assert.rejects(
    user.send(new PutLogEventsCommand({ logGroupName: '/blue', logStreamName, logEvents })),
    refused('PutLogEvents', '/blue:log-stream:s'),
  )
  await assert.rejects(
    user.send(new FilterLogEventsCommand({ logGroupName: '/blue' })),
    refused('FilterLogEvents', '/blue:log-stream:'),
  )
  await assert.rejects(user.send(new DescribeLogGroupsCommand({})), refused('DescribeLogGroups', ':log-stream:'))
})

test('X-14 a policy may ask for the tags of a group, also for its streams', async () => {
  await using server = await startServer()
  await groups(server)
  const Condition = { StringEquals: { 'aws:ResourceTag/team': 'red' } }
  const user = await clientOf(server, { Effect: 'Allow', Action: 'logs:*', Resource: '*', Condition })
  const get = (logGroupName: string) => user.send(new GetLogEventsCommand({ logGroupName, logStreamName: 's' }))
  await get('/red')
  await assert.rejects(get('/blue'), { name: 'AccessDeniedException' })
})

test('X-19 what is logged is not on the audit trail, but who read it is', async () => {
  await using server = await startServer()
  const root = await groups(server)
  const logEvents = [{ timestamp: server.house.clock.now().getTime(), message: 'the secret' }]
  await root.send(new PutLogEventsCommand({ logGroupName: '/red', logStreamName: 's', logEvents }))
  const none = { logGroupName: '/red', logStreamName: 'none', logEvents }
  await assert.rejects(root.send(new PutLogEventsCommand(none)), { name: 'ResourceNotFoundException' })
  await root.send(new GetLogEventsCommand({ logGroupName: '/red', logStreamName: 's' }))
  await server.settle()
  const { Events = [] } = await server.client(CloudTrailClient).send(new LookupEventsCommand({}))
  const names = Events.map(({ EventName }) => EventName)
  assert.equal(names.filter((name) => name === 'PutLogEvents').length, 1)
  assert.ok(names.includes('GetLogEvents'))
  assert.equal(JSON.stringify(Events).includes('the secret'), false)
})
