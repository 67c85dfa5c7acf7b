import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AssociateKmsKeyCommand,
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  type CreateLogGroupCommandInput,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DisassociateKmsKeyCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  ListLogGroupsCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogEventsCommand,
  PutLogGroupDeletionProtectionCommand,
  PutRetentionPolicyCommand,
  StartQueryCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  TestMetricFilterCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'

const logGroupName = '/app/web'
const logStreamName = 'one'
const invalid = (message: string | RegExp) => ({ name: 'InvalidParameterException', message })
const DAY = 86_400_000

class LogStore {
  readonly server: TestServer
  readonly client: CloudWatchLogsClient

  constructor(server: TestServer) {
    this.server = server
    this.client = server.client(CloudWatchLogsClient)
  }

  now(): number {
    return this.server.house.clock.now().getTime()
  }

  group(more: Partial<CreateLogGroupCommandInput> = {}) {
    return this.client.send(new CreateLogGroupCommand({ logGroupName, ...more }))
  }

  stream(name = logStreamName, group = logGroupName) {
    return this.client.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: name }))
  }

  put(events: readonly (readonly [timestamp: number, message: string])[], stream = logStreamName) {
    const logEvents = events.map(([timestamp, message]) => ({ timestamp, message }))
    return this.client.send(new PutLogEventsCommand({ logGroupName, logStreamName: stream, logEvents }))
  }

  get(more: Partial<GetLogEventsCommandInput> = {}) {
    return this.client.send(new GetLogEventsCommand({ logGroupName, logStreamName, ...more }))
  }

  async messages(more: Partial<GetLogEventsCommandInput> = {}) {
    return (await this.get(more)).events!.map(({ message }) => message)
  }

  filter(more: Partial<FilterLogEventsCommandInput> = {}) {
    return this.client.send(new FilterLogEventsCommand({ logGroupName, ...more }))
  }

  async filtered(more: Partial<FilterLogEventsCommandInput> = {}) {
    return (await this.filter(more)).events!.map(({ message }) => message)
  }

  async described() {
    const { logGroups } = await this.client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }))
    return logGroups![0]!
  }
}

for (const database of DATABASES) {
  test(`events come back in order of time, both ways, page by page (${database})`, async () => {
    await using server = await startServer({ database })
    const store = new LogStore(server)
    await store.group()
    await store.stream()
    const t = store.now() - 60_000
    const { nextForwardToken: begin } = await store.get()
    await store.put([2, 4, 4, 6].map((n, i) => [t + n, `b${i}`] as const))
    const answer = await store.put([1, 3, 4, 9].map((n, i) => [t + n, `c${i}`] as const))
    assert.match(answer.nextSequenceToken!, /^\d{56}$/)
    const all = ['c0', 'b0', 'c1', 'b1', 'b2', 'c2', 'b3', 'c3']
    assert.deepEqual(await store.messages(), all)
    assert.deepEqual(await store.messages({ limit: 3 }), all.slice(-3))
    assert.deepEqual(await store.messages({ limit: 3, startFromHead: true }), all.slice(0, 3))
    assert.deepEqual(await store.messages({ startTime: t + 2, endTime: t + 6 }), all.slice(1, 6))

    assert.deepEqual(await store.messages({ nextToken: begin }), all)
    const first = await store.get({ limit: 5, startFromHead: true })
    const second = await store.get({ limit: 5, nextToken: first.nextForwardToken })
    assert.deepEqual(
      second.events!.map(({ message }) => message),
      all.slice(5),
    )
    const end = await store.get({ nextToken: second.nextForwardToken })
    assert.deepEqual(end.events, [])
    assert.equal(end.nextForwardToken, second.nextForwardToken)
    await store.put([[t + 20, 'later']])
    assert.deepEqual(await store.messages({ nextToken: end.nextForwardToken }), ['later'])
    const back = await store.get({ limit: 2, nextToken: second.nextBackwardToken })
    assert.deepEqual(
      back.events!.map(({ message }) => message),
      all.slice(3, 5),
    )
    await assert.rejects(store.get({ nextToken: 'f/1/s' }), invalid('The specified nextToken is invalid.'))
    assert.equal(first.events![0]!.timestamp, t + 1)
    assert.equal(first.events![0]!.ingestionTime! - t >= 60_000, true)
  })

  test(`events of a group are filtered by streams, time and pattern (${database})`, async () => {
    await using server = await startServer({ database })
    const store = new LogStore(server)
    await store.group()
    for (const name of ['a1', 'a2', 'b1']) await store.stream(name)
    const t = store.now() - 60_000
    await store.put(
      [
        [t, 'start'],
        [t + 10, 'ERROR one'],
      ],
      'a1',
    )
    await store.put(
      [
        [t + 5, 'INFO'],
        [t + 20, 'ERROR two'],
      ],
      'a2',
    )
    await store.put([[t + 7, '{"level":"error"}']], 'b1')
    const all = ['start', 'INFO', '{"level":"error"}', 'ERROR one', 'ERROR two']
    assert.deepEqual(await store.filtered(), all)
    assert.deepEqual(await store.filtered({ filterPattern: 'ERROR' }), all.slice(3))
    assert.deepEqual(await store.filtered({ filterPattern: '{ $.level = "error" }' }), [all[2]])
    assert.deepEqual(await store.filtered({ startTime: t + 5, endTime: t + 10 }), all.slice(1, 4))
    assert.deepEqual(await store.filtered({ logStreamNames: ['a2', 'b1'] }), ['INFO', all[2], 'ERROR two'])
    assert.deepEqual(
      await store.filtered({ logStreamNamePrefix: 'a' }),
      all.filter((one) => one !== all[2]),
    )
    const [event] = (await store.filter({ limit: 1 })).events!
    assert.match(event!.eventId!, /^\d{56}$/)
    assert.equal(event!.logStreamName, 'a1')

    const pages: unknown[] = []
    for (let nextToken: string | undefined; ; ) {
      const page = await store.filter({ limit: 2, filterPattern: 'ERROR', nextToken })
      pages.push(...page.events!.map(({ message }) => message))
      nextToken = page.nextToken
      if (!nextToken) break
    }
    assert.deepEqual(pages, all.slice(3))
    await assert.rejects(store.filter({ filterPattern: 'foo-bar' }), invalid("Invalid character(s) in term 'foo-bar'"))
    await assert.rejects(store.filter({ logStreamNames: ['a1', 'x'] }), { name: 'ResourceNotFoundException' })
    await assert.rejects(store.filter({ logStreamNames: ['a1'], logStreamNamePrefix: 'a' }), invalid(/cannot both/))
    await assert.rejects(store.filter({ nextToken: 'xyz' }), { name: 'InvalidParameterException' })
    await store.client.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: 'a1' }))
    assert.deepEqual(await store.filtered(), ['INFO', all[2], 'ERROR two'])
  })

  test(`events expire with their group's retention and go with what is deleted (${database})`, async () => {
    await using server = await startServer({ database })
    const store = new LogStore(server)
    await store.group()
    await store.stream()
    await store.stream('two')
    const t = store.now()
    await store.put([[t, 'old']])
    await store.put([[t, 'other']], 'two')
    await server.advance(2 * DAY)
    await store.put([[t + 2 * DAY, 'new']])
    await store.client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }))
    assert.equal((await store.described()).retentionInDays, 1)
    assert.deepEqual(await store.messages(), ['new'])
    assert.deepEqual(await store.filtered(), ['new'])
    await server.advance(3_600_000)
    await server.settle()
    assert.equal((await store.described()).storedBytes, 3 + 26)
    await store.client.send(new DeleteRetentionPolicyCommand({ logGroupName }))
    assert.deepEqual(await store.messages(), ['new'])
    await store.client.send(new DeleteLogStreamCommand({ logGroupName, logStreamName }))
    await server.settle()
    assert.equal((await store.described()).storedBytes, 0)
    await store.client.send(new DeleteLogGroupCommand({ logGroupName }))
    await store.group()
    await store.stream()
    assert.deepEqual(await store.messages(), [])
  })

  test(`groups and streams are listed by their names, streams also by their last events (${database})`, async () => {
    await using server = await startServer({ database })
    const store = new LogStore(server)
    const { client } = store
    for (const name of ['/b', '/a/Data', '/a/data', '/a']) await store.group({ logGroupName: name })
    const groups = async (input: object) =>
      (await client.send(new DescribeLogGroupsCommand(input))).logGroups!.map((group) => group.logGroupName)
    assert.deepEqual(await groups({}), ['/a', '/a/Data', '/a/data', '/b'])
    assert.deepEqual(await groups({ logGroupNamePrefix: '/a/' }), ['/a/Data', '/a/data'])
    assert.deepEqual(await groups({ logGroupNamePattern: 'data' }), ['/a/data'])
    assert.deepEqual(await groups({ logGroupIdentifiers: ['/b'] }), ['/b'])
    const page = await client.send(new DescribeLogGroupsCommand({ limit: 3 }))
    assert.deepEqual(await groups({ limit: 3, nextToken: page.nextToken }), ['/b'])
    await assert.rejects(
      client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'a', logGroupNamePattern: 'b' })),
      invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.'),
    )
    const listed = await client.send(new ListLogGroupsCommand({ logGroupNamePattern: '^/a/|nothing' }))
    assert.deepEqual(
      listed.logGroups!.map((group) => group.logGroupName),
      ['/a/Data', '/a/data'],
    )

    await store.group()
    const t = store.now() - 1_000
    for (const [index, name] of ['x', 'y', 'z'].entries()) {
      await store.stream(name)
      if (index < 2) await store.put([[t - index, 'm']], name)
    }
    const streams = async (input: object) => {
      const names: unknown[] = []
      for (let nextToken: string | undefined; ; ) {
        const one = await client.send(new DescribeLogStreamsCommand({ logGroupName, limit: 1, ...input, nextToken }))
        names.push(...one.logStreams!.map((stream) => stream.logStreamName))
        nextToken = one.nextToken
        if (!nextToken) return names
      }
    }
    assert.deepEqual(await streams({}), ['x', 'y', 'z'])
    assert.deepEqual(await streams({ descending: true }), ['z', 'y', 'x'])
    assert.deepEqual(await streams({ orderBy: 'LastEventTime' }), ['z', 'y', 'x'])
    assert.deepEqual(await streams({ orderBy: 'LastEventTime', descending: true }), ['x', 'y', 'z'])
    assert.deepEqual(await streams({ logStreamNamePrefix: 'y' }), ['y'])
    const [x] = (await client.send(new DescribeLogStreamsCommand({ logGroupIdentifier: logGroupName }))).logStreams!
    assert.partialDeepStrictEqual(x, {
      firstEventTimestamp: t,
      lastEventTimestamp: t,
      storedBytes: 0,
      arn: `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:log-stream:x`,
    })
    await assert.rejects(
      streams({ orderBy: 'LastEventTime', logStreamNamePrefix: 'y' }),
      invalid('Cannot order by LastEventTime with a logStreamNamePrefix.'),
    )
  })
}

test('what is there already, or is not there, is said in the words of AWS', async () => {
  await using server = await startServer()
  const store = new LogStore(server)
  const noGroup = { name: 'ResourceNotFoundException', message: 'The specified log group does not exist.' }
  const noStream = { name: 'ResourceNotFoundException', message: 'The specified log stream does not exist.' }
  await assert.rejects(store.stream(), noGroup)
  await assert.rejects(store.put([[1, 'm']]), noGroup)
  await assert.rejects(store.get(), noGroup)
  await assert.rejects(store.filter(), noGroup)
  await store.group()
  await assert.rejects(store.group(), {
    name: 'ResourceAlreadyExistsException',
    message: 'The specified log group already exists',
  })
  await assert.rejects(store.put([[1, 'm']]), noStream)
  await assert.rejects(store.get(), noStream)
  await store.stream()
  await assert.rejects(store.stream(), {
    name: 'ResourceAlreadyExistsException',
    message: 'The specified log stream already exists',
  })
  await assert.rejects(store.group({ logGroupName: 'aws/mine' }), invalid(/reserved for AWS/))
  await assert.rejects(
    store.group({ logGroupName: 'a b' }),
    invalid(/^1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must/),
  )
  await assert.rejects(store.stream('a:b'), invalid(/'logStreamName' failed to satisfy constraint/))
  await assert.rejects(
    store.client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 2 })),
    invalid(/'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: \[1, 3, /),
  )
  await assert.rejects(store.get({ logGroupIdentifier: logGroupName }), invalid(/cannot both be specified/))
  await assert.rejects(
    store.client.send(
      new StartQueryCommand({ logGroupName, startTime: 1, endTime: 2, queryString: 'fields @message' }),
    ),
    { name: 'NotImplemented' },
  )
  await store.client.send(
    new PutLogGroupDeletionProtectionCommand({ logGroupIdentifier: logGroupName, deletionProtectionEnabled: true }),
  )
  await assert.rejects(
    store.client.send(new DeleteLogGroupCommand({ logGroupName })),
    invalid(/while its deletion protection is on/),
  )
})

test('a batch is refused whole when it is out of order, too long or too large; events too old or too new are left out', async () => {
  await using server = await startServer()
  const store = new LogStore(server)
  await store.group()
  await store.stream()
  const t = store.now()
  await assert.rejects(
    store.put([
      [t, 'a'],
      [t - 1, 'b'],
    ]),
    invalid('Log events in a single PutLogEvents request must be in chronological order.'),
  )
  await assert.rejects(
    store.put([
      [t - DAY - 1, 'a'],
      [t, 'b'],
    ]),
    invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.'),
  )
  await assert.rejects(
    store.put([[t, 'x'.repeat(1_048_576)]]),
    invalid('Upload too large: 1048602 bytes exceeds limit of 1048576'),
  )
  await store.put([[t, 'é'.repeat(500_000)]])
  const future = await store.put([
    [t, 'now'],
    [t + 3 * 3_600_000, 'later'],
  ])
  assert.deepEqual(future.rejectedLogEventsInfo, { tooNewLogEventStartIndex: 1 })
  const past = await store.put([
    [t - 14.5 * DAY, 'old'],
    [t - 13.9 * DAY, 'not so old'],
  ])
  assert.deepEqual(past.rejectedLogEventsInfo, { tooOldLogEventEndIndex: 1 })
  await store.client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 3 }))
  const expired = await store.put([
    [t - 3.2 * DAY, 'expired'],
    [t - 2.9 * DAY, 'kept'],
  ])
  assert.deepEqual(expired.rejectedLogEventsInfo, { expiredLogEventEndIndex: 1 })
  assert.deepEqual(await store.messages({ endTime: t }), ['kept'])
})

test('an answer carries a megabyte at most, and goes on behind it', async () => {
  await using server = await startServer()
  const store = new LogStore(server)
  await store.group()
  await store.stream()
  const t = store.now() - 1_000
  for (let n = 0; n < 3; n++) await store.put([[t + n, String(n).repeat(600_000)]])
  const first = await store.get({ startFromHead: true })
  assert.equal(first.events!.length, 1)
  const { events } = await store.get({ nextToken: first.nextForwardToken })
  assert.equal(events![0]!.message![0], '1')
  const page = await store.filter()
  assert.equal(page.events!.length, 2)
  assert.equal((await store.filter({ nextToken: page.nextToken })).events!.length, 1)
})

test('X-14 groups carry tags, which policies may ask for', async () => {
  await using server = await startServer()
  const { client, ...store } = new LogStore(server)
  await client.send(new CreateLogGroupCommand({ logGroupName, tags: { team: 'red' } }))
  const resourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`
  await client.send(new TagResourceCommand({ resourceArn, tags: { stage: 'prod' } }))
  await client.send(new TagLogGroupCommand({ logGroupName, tags: { team: 'blue' } }))
  const tags = async () => (await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags
  assert.deepEqual(await tags(), { stage: 'prod', team: 'blue' })
  const listed = await client.send(new ListLogGroupsCommand({ logGroupTags: [{ key: 'team', values: ['blue'] }] }))
  assert.equal(listed.logGroups!.length, 1)
  await client.send(new UntagLogGroupCommand({ logGroupName, tags: ['team'] }))
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['none'] }))
  assert.deepEqual((await client.send(new ListTagsLogGroupCommand({ logGroupName }))).tags, { stage: 'prod' })
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, '']))
  await assert.rejects(client.send(new TagResourceCommand({ resourceArn, tags: many })), {
    name: 'TooManyTagsException',
  })
  assert.ok(store.server)
})

test('a group under a KMS key can be read and written only while the key lets Logs', async () => {
  await using server = await startServer()
  const store = new LogStore(server)
  const kms = server.client(KMSClient)
  const keyFor = async (principal: object) => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*', Resource: '*' },
        {
          Effect: 'Allow',
          Principal: principal,
          Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
          Resource: '*',
          Condition: {
            ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:us-east-1:000000000000:log-group:/app/*' },
          },
        },
      ],
    })
    return (await kms.send(new CreateKeyCommand({ Policy }))).KeyMetadata!
  }
  const refused = {
    name: 'AccessDeniedException',
    message: `The specified KMS key does not exist or is not allowed to be used with LogGroup 'arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}'`,
  }
  const others = await keyFor({ AWS: 'arn:aws:iam::000000000000:root' })
  await assert.rejects(store.group({ kmsKeyId: others.Arn }), refused)
  await assert.rejects(store.group({ kmsKeyId: `${others.Arn}0` }), refused)
  const { Arn: kmsKeyId, KeyId } = await keyFor({ Service: 'logs.us-east-1.amazonaws.com' })
  await store.group({ kmsKeyId })
  assert.equal((await store.described()).kmsKeyId, kmsKeyId)
  await store.stream()
  const t = store.now()
  await store.put([[t, 'sealed']])
  await kms.send(new DisableKeyCommand({ KeyId }))
  await assert.rejects(store.put([[t, 'more']]), refused)
  await assert.rejects(store.get(), refused)
  await kms.send(new EnableKeyCommand({ KeyId }))
  await store.client.send(new DisassociateKmsKeyCommand({ logGroupName }))
  assert.equal((await store.described()).kmsKeyId, undefined)
  await store.put([[t, 'plain']])
  assert.deepEqual(await store.messages(), ['sealed', 'plain'])
  const resourceIdentifier = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:*`
  await store.client.send(new AssociateKmsKeyCommand({ resourceIdentifier, kmsKeyId }))
  await store.put([[t, 'again']])
  assert.deepEqual(await store.messages(), ['sealed', 'plain', 'again'])
})

test('patterns can be tried out', async () => {
  await using server = await startServer()
  const { client } = new LogStore(server)
  const logEventMessages = ['1 2', '3 4 5']
  const answer = await client.send(new TestMetricFilterCommand({ filterPattern: '[a, b]', logEventMessages }))
  assert.deepEqual(answer.matches, [{ eventNumber: 1, eventMessage: '1 2', extractedValues: { $a: '1', $b: '2' } }])
})
