import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { startServer, type TestServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { ALLOW_LOOPBACK, startReceiver } from './testing/receiver.ts'
import { roleFor } from './testing/role.ts'
import { webhookRule } from './testing/webhook-rule.ts'

const EVENTS = 'events.amazonaws.com'
const Entries = [{ Source: 'app', DetailType: 'T', Detail: '{}' }]

async function deadLetters(server: TestServer): Promise<{ TargetArn: string; why: string }[]> {
  const { json } = await jsonCall(server, 'Steward.ListDeadLetters', {}, { service: 'steward' })
  const letters = json.DeadLetters as { TargetArn: string; ErrorCode: string; ErrorMessage: string }[]
  return letters.map(({ TargetArn, ErrorCode, ErrorMessage }) => ({ TargetArn, why: `${ErrorCode} ${ErrorMessage}` }))
}

test('EVT-03 a webhook is called as the role of its target, if it was given one', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const events = server.client(EventBridgeClient)
  const Action = 'events:InvokeApiDestination'
  const mine = 'arn:aws:events:us-east-1:000000000000:api-destination/mine/*'
  const RoleArn = await roleFor(server, 'caller', EVENTS, { Effect: 'Allow', Action, Resource: mine })
  const elsewhere = await roleFor(server, 'elsewhere', 'ec2.amazonaws.com', { Effect: 'Allow', Action, Resource: '*' })
  const rule = (name: string, role: string) =>
    webhookRule(events, name, `${receiver.url}/${name}`, { source: ['app'] }, { RoleArn: role })
  await rule('mine', RoleArn)
  const yours = await rule('yours', RoleArn)
  const stranger = await rule('stranger', elsewhere)
  const nobody = await rule('nobody', 'arn:aws:iam::000000000000:role/none')
  await events.send(new PutEventsCommand({ Entries }))
  await server.settle()
  assert.deepEqual(
    receiver.received.map(({ path }) => path),
    ['/mine'],
  )
  const letters = await deadLetters(server)
  const why = ({ destinationArn }: { destinationArn: string }) =>
    letters.find(({ TargetArn }) => TargetArn === destinationArn)?.why ?? ''
  assert.match(
    why(yours),
    /^AccessDeniedException User: \S+:assumed-role\/caller\/\S+ is not authorized to perform: events:/,
  )
  assert.match(why(stranger), /^ROLE_NOT_ASSUMED .*does not let events.amazonaws.com assume it/)
  assert.match(why(nobody), /^ROLE_NOT_ASSUMED The role arn:aws:iam::000000000000:role\/none does not exist/)
})

test('EVT-03 a log group is written to as the role of its target, if it was given one', async () => {
  await using server = await startServer()
  const events = server.client(EventBridgeClient)
  const logs = server.client(CloudWatchLogsClient)
  const group = (name: string) => `arn:aws:logs:us-east-1:000000000000:log-group:${name}`
  const write = {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `${group('/mine')}:*`,
  }
  const RoleArn = await roleFor(server, 'writer', EVENTS, write)
  for (const logGroupName of ['/mine', '/yours']) await logs.send(new CreateLogGroupCommand({ logGroupName }))
  await events.send(new PutRuleCommand({ Name: 'keep', EventPattern: '{"source":["app"]}' }))
  const Targets = ['/mine', '/yours'].map((name) => ({ Id: name.slice(1), Arn: group(name), RoleArn }))
  await events.send(new PutTargetsCommand({ Rule: 'keep', Targets }))
  await events.send(new PutEventsCommand({ Entries }))
  await server.settle()
  const written = async (logGroupName: string) =>
    (await logs.send(new FilterLogEventsCommand({ logGroupName }))).events!.length
  assert.deepEqual([await written('/mine'), await written('/yours')], [1, 0])
  const [letter, ...more] = await deadLetters(server)
  assert.equal(more.length, 0)
  assert.match(letter!.why, /^AccessDeniedException .*logs:CreateLogStream on resource: \S+:\/yours:log-stream:keep/)
})
