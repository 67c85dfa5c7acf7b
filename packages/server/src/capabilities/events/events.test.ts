import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  CreateEventBusCommand,
  DeleteApiDestinationCommand,
  DeleteConnectionCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeApiDestinationCommand,
  DescribeConnectionCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListApiDestinationsCommand,
  ListConnectionsCommand,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  type PutRuleCommandInput,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  type Target,
  TestEventPatternCommand,
  UntagResourceCommand,
  UpdateApiDestinationCommand,
  UpdateConnectionCommand,
} from '@aws-sdk/client-eventbridge'
import { DATABASES, startServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { ALLOW_LOOPBACK, startReceiver } from './testing/receiver.ts'
import { webhookRule } from './testing/webhook-rule.ts'

const EventPattern = '{"source":["app"]}'
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:topic'

for (const database of DATABASES) {
  test(`EVT-03 ${database}: rules are put, shown, listed in pages, switched off and deleted`, async () => {
    await using server = await startServer({ database })
    const events = server.client(EventBridgeClient)
    const put = (Name: string, more: Partial<PutRuleCommandInput> = {}) =>
      events.send(new PutRuleCommand({ Name, EventPattern, ...more }))
    const { RuleArn } = await put('b', { Description: 'first', Tags: [{ Key: 'k', Value: 'v' }] })
    assert.equal(RuleArn, 'arn:aws:events:us-east-1:000000000000:rule/b')
    await put('a')
    await put('a_b')
    await put('B')
    const { $metadata: _, ...shown } = await events.send(new DescribeRuleCommand({ Name: 'b' }))
    assert.deepEqual(shown, {
      Name: 'b',
      Arn: RuleArn,
      EventPattern,
      State: 'ENABLED',
      Description: 'first',
      EventBusName: 'default',
      CreatedBy: '000000000000',
    })
    const first = await events.send(new ListRulesCommand({ Limit: 2 }))
    const second = await events.send(new ListRulesCommand({ Limit: 2, NextToken: first.NextToken }))
    assert.deepEqual(
      [first, second].map(({ Rules }) => Rules?.map(({ Name }) => Name)),
      [
        ['B', 'a'],
        ['a_b', 'b'],
      ],
    )
    assert.equal(second.NextToken, undefined)
    const prefixed = await events.send(new ListRulesCommand({ NamePrefix: 'a_' }))
    assert.deepEqual(
      prefixed.Rules?.map(({ Name }) => Name),
      ['a_b'],
    )

    await events.send(new DisableRuleCommand({ Name: 'b' }))
    assert.equal((await events.send(new DescribeRuleCommand({ Name: 'b' }))).State, 'DISABLED')
    await events.send(new EnableRuleCommand({ Name: 'b' }))
    await put('b')
    const replaced = await events.send(new DescribeRuleCommand({ Name: 'b' }))
    assert.deepEqual([replaced.State, replaced.Description], ['ENABLED', undefined])

    await events.send(new PutTargetsCommand({ Rule: 'b', Targets: [{ Id: 't', Arn: TOPIC }] }))
    const deleteRule = () => events.send(new DeleteRuleCommand({ Name: 'b' }))
    await assert.rejects(deleteRule(), { message: "Rule can't be deleted since it has targets." })
    await events.send(new RemoveTargetsCommand({ Rule: 'b', Ids: ['t', 'none'] }))
    await deleteRule()
    await deleteRule()
    const gone = { name: 'ResourceNotFoundException', message: 'Rule b does not exist on EventBus default.' }
    await assert.rejects(events.send(new DescribeRuleCommand({ Name: 'b' })), gone)
  })
}

test('EVT-03 a rule needs a pattern or a schedule that can be read; a bus takes 300 rules', async () => {
  await using server = await startServer()
  const events = server.client(EventBridgeClient)
  const put = (input: Partial<PutRuleCommandInput>) => events.send(new PutRuleCommand({ Name: 'r', ...input }))
  await assert.rejects(put({}), /EventPattern or ScheduleExpression must be specified/)
  await assert.rejects(put({ EventPattern: '{"a":"b"}' }), {
    name: 'InvalidEventPatternException',
    message: 'Event pattern is not valid. Reason: "a" must be an object or an array',
  })
  for (const ScheduleExpression of ['rate(1 minutes)', 'rate(0 days)', 'cron(* * * * * *)', 'cron(61 * * * ? *)', 'x'])
    await assert.rejects(put({ ScheduleExpression }), /ScheduleExpression is not valid/)
  await assert.rejects(put({ EventPattern, EventBusName: 'none' }), /Event bus none does not exist/)
  for (let at = 0; at < 300; at++) await put({ Name: `r${at}`, EventPattern })
  await assert.rejects(put({ EventPattern }), { name: 'LimitExceededException' })
  await put({ Name: 'r7', EventPattern })
})

test('EVT-03 targets are checked, limited to five a rule, replaced, listed and found again', async () => {
  await using server = await startServer()
  const events = server.client(EventBridgeClient)
  await events.send(new PutRuleCommand({ Name: 'r', EventPattern }))
  const put = (...Targets: Target[]) => events.send(new PutTargetsCommand({ Rule: 'r', Targets }))
  const topic = (Id: string, more: Partial<Target> = {}): Target => ({ Id, Arn: TOPIC, ...more })
  await assert.rejects(put(topic('a', { Arn: 'topic' })), /Provided Arn is not in correct format/)
  const document = 'arn:aws:ssm:us-east-1:000000000000:document/AWS-RunShellScript'
  await assert.rejects(put(topic('a', { Arn: document })), /RoleArn is required/)
  const automation = 'arn:aws:ssm:us-east-1:000000000000:automation-definition/x:$DEFAULT'
  await assert.rejects(put(topic('a', { Arn: automation })), /Rules that start an automation are not supported/)
  const stream = 'arn:aws:logs:us-east-1:000000000000:log-group:/x:log-stream:y'
  await assert.rejects(put(topic('a', { Arn: stream })), /not supported by Steward/)
  await assert.rejects(put(topic('a', { Input: '{' })), /JSON syntax error/)
  await assert.rejects(put(topic('a', { Input: '{}', InputPath: '$' })), /Only one of Input/)
  const transformer = { InputPathsMap: { x: '$.x' }, InputTemplate: '"<x> <y>"' }
  await assert.rejects(put(topic('a', { InputTransformer: transformer })), /invalid placeholder y/)
  await assert.rejects(put(topic('a'), topic('a')), /ids must be unique/)
  await put(topic('a'), topic('b'), topic('c'), topic('d'), topic('e'))
  await put(topic('a', { Input: '"changed"' }))
  await assert.rejects(put(topic('f')), { name: 'LimitExceededException' })
  const first = await events.send(new ListTargetsByRuleCommand({ Rule: 'r', Limit: 4 }))
  const second = await events.send(new ListTargetsByRuleCommand({ Rule: 'r', Limit: 4, NextToken: first.NextToken }))
  assert.deepEqual(
    [first, second].map(({ Targets }) => Targets?.map(({ Id }) => Id).join('')),
    ['abcd', 'e'],
  )
  assert.deepEqual(first.Targets?.[0], { Id: 'a', Arn: TOPIC, Input: '"changed"' })
  const found = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: TOPIC }))
  assert.deepEqual(found.RuleNames, ['r'])
})

test('EVT-03 the size of a page may change from page to page', async () => {
  await using server = await startServer()
  const events = server.client(EventBridgeClient)
  for (const Name of ['a', 'b', 'c']) await events.send(new CreateEventBusCommand({ Name }))
  const first = await events.send(new ListEventBusesCommand({ Limit: 1 }))
  const rest = await events.send(new ListEventBusesCommand({ Limit: 3, NextToken: first.NextToken }))
  assert.deepEqual(
    rest.EventBuses?.map(({ Name }) => Name),
    ['b', 'c', 'default'],
  )
})

test("EVT-03 what is not there is said in EventBridge's words", async () => {
  await using server = await startServer()
  const events = server.client(EventBridgeClient)
  const tagsOf = (resource: string) =>
    events.send(new ListTagsForResourceCommand({ ResourceARN: `arn:aws:events:us-east-1:000000000000:${resource}` }))
  await assert.rejects(tagsOf('rule/r'), { message: 'Rule r does not exist on EventBus default.' })
  await assert.rejects(tagsOf('rule/b/r'), { message: 'Rule r does not exist on EventBus b.' })
  await assert.rejects(tagsOf('event-bus/b'), { message: 'Event bus b does not exist.' })
  await assert.rejects(events.send(new DescribeConnectionCommand({ Name: 'c' })), {
    message: "Failed to describe the connection(s). Connection 'c' does not exist.",
  })
  await assert.rejects(events.send(new DescribeApiDestinationCommand({ Name: 'd' })), {
    message: "Failed to describe the api-destination(s). An api-destination 'd' does not exist.",
  })
})

test('EVT-03 buses have rules of their own and are deleted only without', async () => {
  await using server = await startServer()
  const events = server.client(EventBridgeClient)
  const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: 'mine', Description: 'd' }))
  await assert.rejects(events.send(new CreateEventBusCommand({ Name: 'mine' })), {
    name: 'ResourceAlreadyExistsException',
  })
  await assert.rejects(events.send(new CreateEventBusCommand({ Name: 'default' })), {
    name: 'ResourceAlreadyExistsException',
  })
  await events.send(new PutRuleCommand({ Name: 'r', EventPattern, EventBusName: EventBusArn }))
  const { Arn } = await events.send(new DescribeRuleCommand({ Name: 'r', EventBusName: 'mine' }))
  assert.equal(Arn, 'arn:aws:events:us-east-1:000000000000:rule/mine/r')
  await assert.rejects(events.send(new DescribeRuleCommand({ Name: 'r' })), { name: 'ResourceNotFoundException' })
  const { EventBuses } = await events.send(new ListEventBusesCommand({}))
  assert.deepEqual(
    EventBuses?.map(({ Name }) => Name),
    ['default', 'mine'],
  )
  const remove = () => events.send(new DeleteEventBusCommand({ Name: 'mine' }))
  await assert.rejects(remove(), /it has rules/)
  await events.send(new DeleteRuleCommand({ Name: 'r', EventBusName: 'mine' }))
  await remove()
  await remove()
  await assert.rejects(events.send(new DescribeEventBusCommand({ Name: 'mine' })), /mine does not exist/)
  await assert.rejects(events.send(new DeleteEventBusCommand({ Name: 'default' })), /Cannot delete event bus default/)
})

test('EVT-03 rules and buses carry tags', async () => {
  await using server = await startServer()
  const events = server.client(EventBridgeClient)
  const { RuleArn: ResourceARN } = await events.send(
    new PutRuleCommand({ Name: 'r', EventPattern, Tags: [{ Key: 'a', Value: '1' }] }),
  )
  await events.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'b', Value: '2' }] }))
  await events.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['a'] }))
  const { Tags } = await events.send(new ListTagsForResourceCommand({ ResourceARN }))
  assert.deepEqual(Tags, [{ Key: 'b', Value: '2' }])
  const none = new ListTagsForResourceCommand({ ResourceARN: `${ResourceARN}x` })
  await assert.rejects(events.send(none), { name: 'ResourceNotFoundException' })
})

test('EVT-01 PutEvents takes what it can and says of each entry why not', async () => {
  await using server = await startServer()
  const events = server.client(EventBridgeClient)
  const good: PutEventsRequestEntry = { Source: 'app', DetailType: 'Thing', Detail: '{}' }
  const { FailedEntryCount, Entries } = await events.send(
    new PutEventsCommand({
      Entries: [
        good,
        { ...good, Source: undefined },
        { ...good, DetailType: '' },
        { ...good, Detail: '[1]' },
        { ...good, Detail: '{' },
        { ...good, Source: 'aws.ssm' },
        { ...good, EventBusName: 'none' },
        { ...good, EventBusName: 'arn:aws:events:eu-west-1:000000000000:event-bus/default' },
        { ...good, EventBusName: 'arn:aws:events:us-east-1:111111111111:event-bus/default' },
      ],
    }),
  )
  assert.equal(FailedEntryCount, 7)
  assert.deepEqual(
    Entries?.map(({ ErrorCode }) => ErrorCode),
    [
      ...[undefined, 'InvalidArgument', 'InvalidArgument', 'MalformedDetail', 'MalformedDetail'],
      ...['NotAuthorizedForSource', undefined, 'ResourceNotFoundException', 'ResourceNotFoundException'],
    ],
  )
  assert.match(Entries?.[0]?.EventId ?? '', /^[0-9a-f-]{36}$/)
  const put = (entries: PutEventsRequestEntry[]) => events.send(new PutEventsCommand({ Entries: entries }))
  await assert.rejects(put([{ ...good, Detail: JSON.stringify({ text: 'a'.repeat(262_144) }) }]), /over the limit/)
  await assert.rejects(put(Array(11).fill(good)), { name: 'ValidationException' })
})

test('EVT-03 numbers arrive as they were put, whole or picked out, and are matched as numbers', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const events = server.client(EventBridgeClient)
  const pattern = { detail: { one: [1], small: [{ numeric: ['<', 1] }] } }
  const rule = (name: string, target: Partial<Target> = {}) =>
    webhookRule(events, name, `${receiver.url}/${name}`, pattern, target)
  await rule('whole')
  await rule('part', { InputPath: '$.detail' })
  const InputTransformer = {
    InputPathsMap: { big: '$.detail.big', one: '$.detail.one' },
    InputTemplate: '{"big": <big>, "text": "<one>"}',
  }
  await rule('made', { InputTransformer })
  await rule('joined')
  const InvocationHttpParameters = { BodyParameters: [{ Key: 'more', Value: 'x' }] }
  await events.send(new UpdateConnectionCommand({ Name: 'joined', AuthParameters: { InvocationHttpParameters } }))
  const Detail = '{"big": 12345678901234567890, "one": 1.0, "small": 1e-9}'
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'T', Detail }] }))
  await server.settle()
  const got = new Map(receiver.received.map(({ path, body }) => [path, body]))
  const exact = '{"big":12345678901234567890,"one":1.0,"small":1e-9}'
  assert.ok(got.get('/whole')!.endsWith(`,"detail":${exact}}`))
  assert.equal(got.get('/part'), exact)
  assert.equal(got.get('/made'), '{"big": 12345678901234567890, "text": "1.0"}')
  assert.ok(got.get('/joined')!.endsWith(`,"detail":${exact},"more":"x"}`))
})

test('EVT-06a a pattern is tried on an event before it is put', async () => {
  await using server = await startServer()
  const events = server.client(EventBridgeClient)
  const event = {
    ...{ version: '0', id: '1', 'detail-type': 'T', source: 'app', account: '1', time: '2026-01-01T00:00:00Z' },
    ...{ region: 'us-east-1', resources: [], detail: { a: 1 } },
  }
  const attempt = (pattern: object, sample: unknown = event) =>
    events.send(new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event: JSON.stringify(sample) }))
  assert.equal((await attempt({ detail: { a: [1] } })).Result, true)
  assert.equal((await attempt({ detail: { a: [2] } })).Result, false)
  await assert.rejects(attempt({ a: 'b' }), { name: 'InvalidEventPatternException' })
  await assert.rejects(attempt({ a: ['b'] }, []), { name: 'ValidationException' })
  await assert.rejects(attempt({ a: ['b'] }, { source: 'app' }), { message: 'Parameter Event is not valid.' })
  const { resources: _, ...without } = event
  assert.equal((await attempt({ resources: [{ exists: false }] }, without)).Result, true)
})

test('EVT-03 connections never show their secrets again; destinations go with their connection', async () => {
  await using server = await startServer()
  const events = server.client(EventBridgeClient)
  const BasicAuthParameters = { Username: 'me', Password: 'hunter2' }
  const { ConnectionArn } = await events.send(
    new CreateConnectionCommand({
      Name: 'c',
      AuthorizationType: 'BASIC',
      AuthParameters: {
        BasicAuthParameters,
        InvocationHttpParameters: {
          HeaderParameters: [
            { Key: 'X-Open', Value: 'open', IsValueSecret: false },
            { Key: 'X-Hidden', Value: 'hidden', IsValueSecret: true },
          ],
        },
      },
    }),
  )
  const described = await events.send(new DescribeConnectionCommand({ Name: 'c' }))
  assert.deepEqual(described.AuthParameters?.BasicAuthParameters, { Username: 'me' })
  assert.doesNotMatch(JSON.stringify(described), /hunter2|"hidden"/)
  const trail = await server.client(CloudTrailClient).send(new LookupEventsCommand({}))
  assert.ok(trail.Events?.some(({ EventName }) => EventName === 'CreateConnection'))
  assert.doesNotMatch(JSON.stringify(trail.Events), /hunter2|\\"hidden/)
  const update = { Name: 'c', AuthParameters: { BasicAuthParameters: { Username: 'you', Password: 'p' } } }
  await events.send(new UpdateConnectionCommand(update))
  const updated = await events.send(new DescribeConnectionCommand({ Name: 'c' }))
  assert.equal(updated.AuthParameters?.BasicAuthParameters?.Username, 'you')
  const wrong = new CreateConnectionCommand({
    Name: 'd',
    AuthorizationType: 'API_KEY',
    AuthParameters: { BasicAuthParameters },
  })
  await assert.rejects(events.send(wrong), { name: 'ValidationException' })

  const destination = { Name: 'd', ConnectionArn, HttpMethod: 'POST' as const }
  const create = (InvocationEndpoint: string) =>
    events.send(new CreateApiDestinationCommand({ ...destination, InvocationEndpoint }))
  await assert.rejects(create('ftp://example.com/'), { name: 'ValidationException' })
  await create('https://example.com/*')
  await assert.rejects(create('https://example.com/'), { name: 'ResourceAlreadyExistsException' })
  await events.send(new UpdateApiDestinationCommand({ Name: 'd', InvocationRateLimitPerSecond: 5 }))
  const shown = await events.send(new DescribeApiDestinationCommand({ Name: 'd' }))
  assert.deepEqual([shown.ApiDestinationState, shown.InvocationRateLimitPerSecond], ['ACTIVE', 5])
  await events.send(new DeleteConnectionCommand({ Name: 'c' }))
  const { ApiDestinations } = await events.send(new ListApiDestinationsCommand({}))
  assert.deepEqual(
    ApiDestinations?.map(({ ApiDestinationState }) => ApiDestinationState),
    ['INACTIVE'],
  )
  assert.deepEqual((await events.send(new ListConnectionsCommand({}))).Connections, [])
  await events.send(new DeleteApiDestinationCommand({ Name: 'd' }))
})

test('EVT-04 EVT-06a what cannot be delivered is kept, shown with its history, and delivered when asked again', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const events = server.client(EventBridgeClient)
  const RetryPolicy = { MaximumRetryAttempts: 1 }
  await webhookRule(events, 'hook', receiver.url, { source: ['app'] }, { RetryPolicy })
  const steward = async <T>(operation: string, input: object = {}) =>
    (await jsonCall(server, `Steward.${operation}`, input, { service: 'steward' })).json as T
  receiver.answer = () => 500
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'T', Detail: '{"n":1}' }] }))
  await server.settle()
  await server.advance(5_000)

  interface Letters {
    DeadLetters: { DeadLetterId: string; Attempts: number; ErrorCode: string; Payload: string }[]
  }
  const { DeadLetters } = await steward<Letters>('ListDeadLetters')
  const [letter] = DeadLetters
  assert.deepEqual([DeadLetters.length, letter?.Attempts, letter?.ErrorCode], [1, 2, 'HTTP_500'])
  assert.deepEqual(JSON.parse(letter!.Payload).detail, { n: 1 })
  interface Matches {
    Matches: { Deliveries: { State: string; Attempts: number; Error?: string }[] }[]
  }
  const history = async () => (await steward<Matches>('ListRuleMatches', { Rule: 'hook' })).Matches
  assert.deepEqual(
    (await history()).map(({ Deliveries }) => [Deliveries[0]?.State, Deliveries[0]?.Attempts]),
    [['Failed', 2]],
  )

  receiver.answer = () => 200
  await steward('RedriveDeadLetters', { DeadLetterIds: [letter!.DeadLetterId] })
  await server.settle()
  assert.equal(receiver.received.length, 3)
  const ids = new Set(receiver.received.map(({ headers }) => headers['webhook-id']))
  assert.deepEqual([...ids], [letter!.DeadLetterId])
  assert.deepEqual((await steward<Letters>('ListDeadLetters')).DeadLetters, [])
  assert.equal((await history())[0]?.Deliveries[0]?.State, 'Delivered')

  const Entries = [{ Source: 'app', DetailType: 'T', Detail: '{"n":2}' }]
  for (let count = 0; count < 12; count++) await events.send(new PutEventsCommand({ Entries }))
  await server.settle()
  assert.equal((await history()).length, 10)
})

test('EVT-04 a target that stays dead is tried for 24 hours, and an address that is refused not even once', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const events = server.client(EventBridgeClient)
  receiver.answer = () => 503
  await webhookRule(events, 'dead', receiver.url, { source: ['app'] })
  await webhookRule(events, 'metadata', 'http://169.254.169.254/latest/meta-data', { source: ['app'] })
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'T', Detail: '{}' }] }))
  await server.settle()
  const letters = async () => {
    const { json } = await jsonCall(server, 'Steward.ListDeadLetters', {}, { service: 'steward' })
    return (json.DeadLetters as { ErrorCode: string; Attempts: number }[]).map((one) => [one.ErrorCode, one.Attempts])
  }
  assert.deepEqual(await letters(), [['ADDRESS_REFUSED', 1]])
  for (let hour = 0; hour < 24; hour++) await server.advance(3_600_000)
  const [dead] = await letters()
  assert.equal(dead?.[0], 'HTTP_503')
  assert.ok(Number(dead?.[1]) > 20, `${dead?.[1]} attempts`)
})

test('EVT-03 schedules run: the target gets a Scheduled Event, and misses are made up for once', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const events = server.client(EventBridgeClient)
  await webhookRule(events, 'tick', receiver.url, { source: ['nobody'] })
  await events.send(new PutRuleCommand({ Name: 'tick', ScheduleExpression: 'rate(5 minutes)' }))
  await server.advance(299_000)
  assert.equal(receiver.received.length, 0)
  await server.advance(2_000)
  assert.deepEqual(
    receiver.received.map(({ body }) => [JSON.parse(body).source, JSON.parse(body)['detail-type']]),
    [['aws.events', 'Scheduled Event']],
  )
  await server.advance(3_600_000)
  assert.equal(receiver.received.length, 2)
  await events.send(new DisableRuleCommand({ Name: 'tick' }))
  await server.advance(3_600_000)
  assert.equal(receiver.received.length, 2)
})
