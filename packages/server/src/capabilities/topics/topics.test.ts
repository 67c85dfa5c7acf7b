import assert from 'node:assert/strict'
import { createPublicKey, createVerify, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import {
  AddPermissionCommand,
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  type PublishBatchRequestEntry,
  PublishCommand,
  RemovePermissionCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { ALLOW_LOOPBACK, type Received, type Receiver, startReceiver } from '#capabilities/events/testing/receiver.ts'

async function subscribed(
  server: TestServer,
  receiver: Receiver,
  Attributes: Record<string, string> = {},
): Promise<{ sns: SNSClient; TopicArn: string; SubscriptionArn: string }> {
  const sns = server.client(SNSClient)
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }))
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: receiver.url, Attributes }))
  await server.settle()
  const { Token } = JSON.parse(receiver.received.pop()!.body)
  const { SubscriptionArn } = await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }))
  return { sns, TopicArn: TopicArn!, SubscriptionArn: SubscriptionArn! }
}

/** Verifies a message as SNS's documentation tells receivers to. */
async function verify({ body }: Received): Promise<Record<string, string>> {
  const message = JSON.parse(body) as Record<string, string>
  const names =
    message.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const text = names
    .filter((name) => name in message)
    .map((name) => `${name}\n${message[name]}\n`)
    .join('')
  const certificate = new X509Certificate(await (await fetch(message.SigningCertURL!)).text())
  const algorithm = message.SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1'
  const verifier = createVerify(algorithm).update(text)
  assert.ok(
    verifier.verify(
      createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' })),
      message.Signature!,
      'base64',
    ),
  )
  return message
}

for (const database of DATABASES) {
  test(`EVT-06 ${database}: a topic's messages reach who confirmed, signed as SNS signs them`, async () => {
    await using receiver = await startReceiver()
    await using server = await startServer({ database, env: ALLOW_LOOPBACK })
    const sns = server.client(SNSClient)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }))
    assert.equal(TopicArn, 'arn:aws:sns:us-east-1:000000000000:news')
    const subscribe = () =>
      sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `${receiver.url}/sns` }))
    assert.equal((await subscribe()).SubscriptionArn, 'pending confirmation')
    await server.settle()

    const asked = receiver.received.pop()!
    assert.equal(asked.headers['x-amz-sns-message-type'], 'SubscriptionConfirmation')
    assert.equal(asked.headers['x-amz-sns-topic-arn'], TopicArn)
    const { SubscribeURL } = await verify(asked)
    await sns.send(new PublishCommand({ TopicArn, Message: 'too early' }))
    await server.settle()
    assert.equal(receiver.received.length, 0)

    const confirmed = await fetch(SubscribeURL!)
    assert.equal(confirmed.status, 200)
    assert.equal((await fetch(SubscribeURL!)).status, 200)
    const SubscriptionArn = /<SubscriptionArn>(.*)<\/SubscriptionArn>/.exec(await confirmed.text())?.[1]
    assert.equal((await subscribe()).SubscriptionArn, SubscriptionArn)

    const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'hello', Subject: 'Hi' }))
    await server.settle()
    const request = receiver.received.pop()!
    assert.equal(request.path, '/sns')
    assert.equal(request.headers['content-type'], 'text/plain; charset=UTF-8')
    assert.equal(request.headers['x-amz-sns-message-type'], 'Notification')
    assert.equal(request.headers['x-amz-sns-message-id'], MessageId)
    assert.equal(request.headers['x-amz-sns-subscription-arn'], SubscriptionArn)
    const message = await verify(request)
    assert.deepEqual(Object.keys(message), [
      ...['Type', 'MessageId', 'TopicArn', 'Subject', 'Message', 'Timestamp'],
      ...['SignatureVersion', 'Signature', 'SigningCertURL', 'UnsubscribeURL'],
    ])
    assert.equal(message.Message, 'hello')

    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'SignatureVersion', AttributeValue: '2' }))
    await sns.send(new PublishCommand({ TopicArn, Message: 'again' }))
    await server.settle()
    const again = await verify(receiver.received.pop()!)
    assert.equal(again.SignatureVersion, '2')

    assert.equal((await fetch(again.UnsubscribeURL!)).status, 200)
    assert.equal((await fetch(again.UnsubscribeURL!)).status, 200)
    await sns.send(new PublishCommand({ TopicArn, Message: 'nobody' }))
    await server.settle()
    const [left, ...more] = receiver.received.splice(0)
    assert.equal(more.length, 0)
    assert.equal(left?.headers['x-amz-sns-message-type'], 'UnsubscribeConfirmation')
    assert.equal(left?.headers['x-amz-sns-subscription-arn'], SubscriptionArn)
    const told = await verify(left!)
    assert.match(
      told.Message!,
      /^You have chosen to deactivate subscription arn:aws:sns:us-east-1:000000000000:news:\S+\.\n/,
    )
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }))
    assert.equal(Attributes?.SubscriptionsDeleted, '1')
    assert.equal(Attributes?.SubscriptionsConfirmed, '0')

    // The first of its tokens is spent.
    assert.equal((await fetch(SubscribeURL!)).status, 400)
    assert.equal((await fetch(told.SubscribeURL!)).status, 200)
    await sns.send(new PublishCommand({ TopicArn, Message: 'back' }))
    await server.settle()
    assert.equal((await verify(receiver.received.pop()!)).Message, 'back')

    await sns.send(new UnsubscribeCommand({ SubscriptionArn }))
    await server.settle()
    assert.equal(receiver.received.length, 0)
    assert.equal((await fetch(told.SubscribeURL!)).status, 400)
  })
}

test('SNS filters by attributes or by the body, and delivers raw', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const { sns, TopicArn, SubscriptionArn } = await subscribed(server, receiver, {
    FilterPolicy: '{"level":["error",{"prefix":"warn"}],"count":[{"numeric":[">",3]}]}',
    RawMessageDelivery: 'true',
  })
  const publish = async (Message: string, attributes: Record<string, string | number> = {}) => {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        { DataType: typeof value === 'number' ? 'Number' : 'String', StringValue: String(value) },
      ]),
    )
    await sns.send(new PublishCommand({ TopicArn, Message, MessageAttributes }))
    await server.settle()
    return receiver.received.splice(0).map(({ body }) => body)
  }
  assert.deepEqual(await publish('no attributes'), [])
  assert.deepEqual(await publish('one', { level: 'error', count: 4 }), ['one'])
  assert.deepEqual(await publish('two', { level: 'warning', count: 3 }), [])

  const set = (AttributeName: string, AttributeValue: string) =>
    sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }))
  await set('FilterPolicyScope', 'MessageBody')
  await set('FilterPolicy', '{"a":{"b":["c"]}}')
  assert.deepEqual(await publish('{"a":{"b":"c"}}'), ['{"a":{"b":"c"}}'])
  assert.deepEqual(await publish('not JSON'), [])
  await assert.rejects(set('FilterPolicyScope', 'MessageAttributes'), { name: 'InvalidParameterException' })
  await assert.rejects(set('FilterPolicy', '{"a":"b"}'), { name: 'InvalidParameterException' })
  await assert.rejects(set('RawMessageDelivery', 'yes'), {
    message: 'Invalid parameter: RawMessageDelivery: Invalid value [yes]. Must be true or false.',
  })
  await assert.rejects(set('FilterPolicy', '{'), /^.*Invalid parameter: FilterPolicy: failed to parse JSON\. /)
  const values = (count: number) => JSON.stringify(Array.from({ length: count }, (_, index) => index))
  const tooComplex = { name: 'InvalidParameterException', message: /FilterPolicy: Filter policy is too complex$/ }
  await set('FilterPolicy', `{"a":${values(15)},"b":${values(10)}}`)
  await assert.rejects(set('FilterPolicy', `{"a":${values(19)},"b":${values(8)}}`), tooComplex)
  await set('FilterPolicy', `{"a":{"b":{"c":${values(5)}}},"d":{"e":${values(5)}}}`)
  await assert.rejects(set('FilterPolicy', `{"a":{"b":{"c":${values(13)}}},"d":{"e":${values(2)}}}`), tooComplex)
  await set('FilterPolicy', `{"$or":[{"a":${values(75)}},{"b":${values(75)}}]}`)
  await assert.rejects(set('FilterPolicy', `{"$or":[{"a":${values(75)}},{"b":${values(76)}}]}`), tooComplex)
  await set('FilterPolicy', '')
  assert.deepEqual(await publish('anything'), ['anything'])
  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
  assert.equal(Attributes?.RawMessageDelivery, 'true')
  assert.equal(Attributes?.PendingConfirmation, 'false')
  assert.equal(Attributes?.FilterPolicy, undefined)
  assert.equal(Attributes?.FilterPolicyScope, undefined)
  const retries = {
    ...{ minDelayTarget: 1, maxDelayTarget: 600, numRetries: 185, numMaxDelayRetries: 175 },
    ...{ numNoDelayRetries: 0, numMinDelayRetries: 0, backoffFunction: 'exponential' },
  }
  assert.deepEqual(JSON.parse(Attributes!.EffectiveDeliveryPolicy!), {
    ...{ healthyRetryPolicy: retries, sicklyRetryPolicy: null, throttlePolicy: null, guaranteed: false },
    requestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  })
  const topic = await sns.send(new GetTopicAttributesCommand({ TopicArn }))
  const { http } = JSON.parse(topic.Attributes!.EffectiveDeliveryPolicy!)
  assert.deepEqual(http.defaultHealthyRetryPolicy, retries)
})

test('SNS subscribing again changes nothing, and what is wrong with attributes is said of them', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const { sns, TopicArn, SubscriptionArn } = await subscribed(server, receiver, { RawMessageDelivery: 'True' })
  const again = (Attributes: Record<string, string>) =>
    sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: receiver.url, Attributes }))
  assert.equal((await again({ FilterPolicyScope: 'MessageAttributes' })).SubscriptionArn, SubscriptionArn)
  assert.equal((await again({ RawMessageDelivery: 'true' })).SubscriptionArn, SubscriptionArn)
  await assert.rejects(again({ FilterPolicyScope: 'MessageBody' }), /already exists with different attributes/)
  await assert.rejects(again({ FilterPolicy: '{"a":[{"cidr":"here"}]}' }), {
    message: "Invalid parameter: Attributes Reason: FilterPolicy: Malformed CIDR, one '/' required",
  })
})

test('SNS topics: created once, listed, tagged, with attributes and a policy', async () => {
  await using server = await startServer()
  const sns = server.client(SNSClient)
  const create = (Name: string, more = {}) => sns.send(new CreateTopicCommand({ Name, ...more }))
  const Tags = [{ Key: 'team', Value: 'a' }]
  const { TopicArn } = await create('one', { Tags, Attributes: { DisplayName: 'One' } })
  assert.equal((await create('one')).TopicArn, TopicArn)
  assert.equal((await create('one', { Tags })).TopicArn, TopicArn)
  await assert.rejects(create('one', { Tags: [{ Key: 'team', Value: 'b' }] }), /different tags/)
  await assert.rejects(create('one', { Tags: [...Tags, { Key: 'more', Value: 'b' }] }), /different tags/)
  await assert.rejects(create('three', { Tags: [...Tags, ...Tags] }), /Duplicated keys are not allowed/)
  await assert.rejects(create('one', { Attributes: { DisplayName: 'Two' } }), /different attributes/)
  await assert.rejects(create('one.fifo', { Attributes: { FifoTopic: 'true' } }), /FIFO topics are not supported/)
  await assert.rejects(create('no spaces'), { name: 'InvalidParameterException' })
  await create('two')
  const { Topics } = await sns.send(new ListTopicsCommand({}))
  assert.deepEqual(Topics, [{ TopicArn }, { TopicArn: TopicArn!.replace('one', 'two') }])
  await assert.rejects(sns.send(new ListTopicsCommand({ NextToken: 'x' })), { name: 'InvalidParameterException' })

  await sns.send(new TagResourceCommand({ ResourceArn: TopicArn, Tags: [{ Key: 'a', Value: 'b' }] }))
  await sns.send(new UntagResourceCommand({ ResourceArn: TopicArn, TagKeys: ['team'] }))
  const tagged = await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))
  assert.deepEqual(tagged.Tags, [{ Key: 'a', Value: 'b' }])

  const account = '111111111111'
  await sns.send(
    new AddPermissionCommand({ TopicArn, Label: 'them', AWSAccountId: [account], ActionName: ['Publish'] }),
  )
  const policy = async () => {
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }))
    return JSON.parse(Attributes!.Policy!).Statement.map(({ Sid }: { Sid: string }) => Sid)
  }
  assert.deepEqual(await policy(), ['__default_statement_ID', 'them'])
  const { Attributes: kept } = await sns.send(new GetTopicAttributesCommand({ TopicArn }))
  const { Action, Principal } = JSON.parse(kept!.Policy!).Statement[1]
  assert.deepEqual([Action, Principal], ['SNS:Publish', { AWS: `arn:aws:iam::${account}:root` }])
  await sns.send(new RemovePermissionCommand({ TopicArn, Label: 'them' }))
  assert.deepEqual(await policy(), ['__default_statement_ID'])
  const set = (AttributeName: string, AttributeValue: string) =>
    sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }))
  await assert.rejects(set('Policy', '{"Statement":[{}]}'), { name: 'InvalidParameterException' })
  const allowing = (Action: string[]) =>
    JSON.stringify({ Statement: { Effect: 'Allow', Principal: '*', Action, Resource: TopicArn } })
  await assert.rejects(set('Policy', allowing(['sns:Publish', 's3:GetObject'])), {
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Policy statement action out of service scope!',
  })
  await set('Policy', allowing(['SNS:Publish']))
  await assert.rejects(set('KmsMasterKeyId', 'alias/aws/sns'), /not supported by Steward/)
  await assert.rejects(set('Nonsense', 'x'), { name: 'InvalidParameterException' })

  await sns.send(new DeleteTopicCommand({ TopicArn }))
  await sns.send(new DeleteTopicCommand({ TopicArn }))
  await assert.rejects(sns.send(new GetTopicAttributesCommand({ TopicArn })), { name: 'NotFoundException' })
})

test('SNS what cannot be delivered is refused with the reason', async () => {
  await using server = await startServer()
  const sns = server.client(SNSClient)
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }))
  const subscribe = (Protocol: string, Endpoint: string) =>
    sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }))
  await assert.rejects(subscribe('sqs', 'arn:aws:sqs:us-east-1:1:q'), /protocol sqs are not supported by Steward/)
  await assert.rejects(subscribe('https', 'http://example.com'), /Endpoint must match the specified protocol/)
  await assert.rejects(subscribe('email', 'me@example.com'), /STEWARD_SMTP_URL/)
  await assert.rejects(subscribe('email', 'me'), /Email address/)

  const publish = (input: object) =>
    sns.send(new PublishCommand({ TopicArn, Message: 'x', ...input })).catch((error: Error) => error.name)
  assert.equal(await publish({ Subject: 'two\nlines' }), 'InvalidParameterException')
  assert.equal(await publish({ Message: '' }), 'InvalidParameterException')
  assert.equal(await publish({ Message: 'é'.repeat(131_073) }), 'InvalidParameterException')
  assert.equal(await publish({ MessageStructure: 'json' }), 'InvalidParameterException')
  assert.equal(await publish({ MessageStructure: 'json', Message: '{"http":"x"}' }), 'InvalidParameterException')
  assert.equal(await publish({ TopicArn: `${TopicArn}s` }), 'NotFoundException')
  const attribute = { DataType: 'Date', StringValue: 'x' }
  assert.equal(await publish({ MessageAttributes: { a: attribute } }), 'InvalidParameterValueException')
  const refusedFor = async (name: string, value: object) => {
    const sent = sns.send(new PublishCommand({ TopicArn, Message: 'x', MessageAttributes: { [name]: value as never } }))
    return sent.then(String, (error: Error) => error.message)
  }
  const BinaryValue = Buffer.from('x')
  const text = { DataType: 'String', StringValue: 'x' }
  const named = 'message attribute name'
  for (const [name, value, reason] of [
    ['a', { DataType: 'String', BinaryValue }, "The message attribute 'a' with type 'String' must use field 'String'."],
    ['a', { ...text, DataType: 'Binary' }, "The message attribute 'a' with type 'Binary' must use field 'Binary'."],
    ['a'.repeat(257), text, `Length of ${named} must be less than 256 bytes.`],
    ['.a', text, "Invalid message attribute name starting with character '.' was found."],
    ['a.', text, "Invalid message attribute name ending with character '.' was found."],
    ['a..b', text, "Message attribute name can not have successive '.' character."],
  ] as const)
    assert.equal(await refusedFor(name, value), reason)
  assert.match(await refusedFor('a^', text), /^Invalid non-alphanumeric character '#x5E' was found/)
  assert.match(await refusedFor('a', { DataType: 'String.', StringValue: 'x' }), /invalid message attribute type/)
  const untyped = new PublishCommand({
    TopicArn,
    Message: 'x',
    MessageAttributes: { a: { StringValue: 'x' } as typeof text },
  })
  await assert.rejects(sns.send(untyped), {
    name: 'ValidationError',
    message:
      "1 validation error detected: Value null at 'messageAttributes.a.member.dataType' failed to satisfy constraint: " +
      'Member must not be null',
  })

  const confirm = (arn: string, Token: string) => sns.send(new ConfirmSubscriptionCommand({ TopicArn: arn, Token }))
  await assert.rejects(confirm(TopicArn!, 'x'), { message: 'Invalid token' })
  await assert.rejects(confirm(`${TopicArn}s`, 'abcd'), { message: 'Invalid parameter: Token' })
  const leave = (SubscriptionArn: string) => sns.send(new UnsubscribeCommand({ SubscriptionArn }))
  // By a client that does not look at what it sends.
  const noArn = new UnsubscribeCommand({ SubscriptionArn: undefined })
  await assert.rejects(sns.send(noArn), {
    name: 'InvalidParameterException',
    message: 'Invalid parameter: SubscriptionArn Reason: no value for required parameter',
  })
  await assert.rejects(leave('here'), /SubscriptionArn Reason: An ARN must have at least 6 elements, not 1$/)
  await assert.rejects(leave(`${TopicArn}:here`), /Invalid parameter: SubscriptionId$/)
  const endpoint = TopicArn!.replace('news', 'endpoint/GCM/app/1')
  const gone = sns.send(new PublishCommand({ TargetArn: endpoint, Message: 'x' }))
  await assert.rejects(gone, /TargetArn Reason: No endpoint found for the target arn specified$/)
})

test('SNS batches are published as a whole; pending subscriptions are shown without their ARN and forgotten', async () => {
  await using receiver = await startReceiver()
  await using server = await startServer({ env: ALLOW_LOOPBACK })
  const { sns, TopicArn, SubscriptionArn } = await subscribed(server, receiver)
  const batch = (...PublishBatchRequestEntries: PublishBatchRequestEntry[]) =>
    sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }))
  const good = { Id: 'good', Message: '{"default":"d","http":"h"}', MessageStructure: 'json' }
  const attributes = { a: { DataType: 'String', StringValue: '' } }
  await assert.rejects(batch(good, { Id: 'bad', Message: 'x', MessageAttributes: attributes }), {
    name: 'InvalidParameterValueException',
  })
  const because = (what: string) => ({ message: `The Id of a batch entry in the batch request ${what}` })
  await assert.rejects(batch({ Id: 'a.b', Message: 'x' }), because('contains an impermissible character: a.b'))
  const long = 'a'.repeat(81)
  await assert.rejects(batch({ Id: long, Message: 'x' }), because(`is too long: ${long}`))
  const { Successful, Failed } = await batch(good)
  assert.deepEqual([Successful?.map(({ Id }) => Id), Failed], [['good'], []])
  await server.settle()
  assert.deepEqual(
    receiver.received.map(({ body }) => JSON.parse(body).Message),
    ['h'],
  )
  const twice = { TopicArn, PublishBatchRequestEntries: ['a', 'a'].map((Id) => ({ Id, Message: 'x' })) }
  await assert.rejects(sns.send(new PublishBatchCommand(twice)), { name: 'BatchEntryIdsNotDistinctException' })

  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `${receiver.url}/two` }))
  const arns = async () => {
    const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
    return Subscriptions?.map((one) => one.SubscriptionArn)
  }
  assert.deepEqual(await arns(), [SubscriptionArn, 'PendingConfirmation'])
  await server.advance(3 * 86_400_000)
  assert.deepEqual(await arns(), [SubscriptionArn])
  await sns.send(new UnsubscribeCommand({ SubscriptionArn }))
  assert.deepEqual((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions, [])
})
