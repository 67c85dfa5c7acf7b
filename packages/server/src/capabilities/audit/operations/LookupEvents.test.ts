import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CloudTrailClient,
  type Event,
  LookupEventsCommand,
  type LookupEventsCommandInput,
} from '@aws-sdk/client-cloudtrail'
import { CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam'
import {
  CreateActivationCommand,
  DeleteParameterCommand,
  DescribeInstanceInformationCommand,
  GetDocumentCommand,
  PutParameterCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'

type Key = NonNullable<LookupEventsCommandInput['LookupAttributes']>[number]['AttributeKey']

class Trail {
  readonly client: CloudTrailClient

  constructor(server: TestServer, region = server.house.config.region) {
    this.client = server.client(CloudTrailClient, { region })
  }

  async events(input: LookupEventsCommandInput = {}): Promise<Event[]> {
    return (await this.client.send(new LookupEventsCommand(input))).Events!
  }

  /** Names of the events with that attribute, without those of looking them up. */
  async names(AttributeKey?: Key, AttributeValue?: string): Promise<string[]> {
    const LookupAttributes = AttributeKey ? [{ AttributeKey, AttributeValue }] : []
    const events = await this.events({ LookupAttributes })
    return events.map(({ EventName }) => EventName!).filter((name) => name !== 'LookupEvents')
  }
}

const record = ({ CloudTrailEvent }: Event) => JSON.parse(CloudTrailEvent!)

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:user/ann' }, Action: 'sts:AssumeRole' }],
})

test('X-19 the call that gave credentials is found by their key, and by the session that they are for', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const trail = new Trail(server)
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST }))
  const ann = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  const assume = new AssumeRoleCommand({ RoleArn: Role!.Arn!, RoleSessionName: 'look' })
  const { Credentials, AssumedRoleUser } = await server.client(STSClient, { credentials: ann }).send(assume)
  assert.deepEqual(await trail.names('ResourceName', ann.accessKeyId), ['CreateAccessKey'])
  assert.deepEqual(await trail.names('ResourceName', Credentials!.AccessKeyId!), ['AssumeRole'])
  assert.deepEqual(await trail.names('ResourceName', AssumedRoleUser!.Arn!), ['AssumeRole'])
  assert.deepEqual(await trail.names('ResourceName', AssumedRoleUser!.AssumedRoleId!), ['AssumeRole'])
  assert.deepEqual(await trail.names('ResourceType', 'AWS::STS::AssumedRole'), ['AssumeRole'])
})

for (const kind of DATABASES) {
  test(`X-19 every call is found by each attribute, the newest first, as soon as it was answered (${kind})`, async () => {
    await using server = await startServer({ database: kind })
    const ssm = server.client(SSMClient)
    const iam = server.client(IAMClient)
    const trail = new Trail(server)
    await iam.send(new CreateUserCommand({ UserName: 'ann' }))
    await ssm.send(new PutParameterCommand({ Name: '/app/colour', Type: 'String', Value: 'red' }))
    await ssm.send(new DescribeInstanceInformationCommand({}))
    await assert.rejects(ssm.send(new GetDocumentCommand({ Name: 'Missing' })))
    assert.deepEqual(await trail.names(), ['GetDocument', 'DescribeInstanceInformation', 'PutParameter', 'CreateUser'])
    assert.deepEqual(await trail.names('EventName', 'PutParameter'), ['PutParameter'])
    assert.deepEqual(await trail.names('EventSource', 'iam.amazonaws.com'), ['CreateUser'])
    assert.deepEqual(await trail.names('ReadOnly', 'false'), ['PutParameter', 'CreateUser'])
    assert.deepEqual(await trail.names('Username', 'root'), await trail.names())
    assert.deepEqual(await trail.names('AccessKeyId', server.house.rootKey.accessKeyId), await trail.names())
    assert.deepEqual(await trail.names('AccessKeyId', 'AKIAANOTHER'), [])
    assert.deepEqual(await trail.names('ResourceType', 'AWS::IAM::User'), ['CreateUser'])
    assert.deepEqual(await trail.names('ResourceName', '/app/colour'), ['PutParameter'])
    const arn = 'arn:aws:ssm:us-east-1:000000000000:parameter/app/colour'
    assert.deepEqual(await trail.names('ResourceName', arn), ['PutParameter'])
    const [put] = await trail.events({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'PutParameter' }],
    })
    assert.deepEqual(await trail.names('EventId', put!.EventId!), ['PutParameter'])
    assert.deepEqual(await trail.names('EventId', 'not-an-id'), [])
    assert.deepEqual(put!.Resources, [{ ResourceType: 'AWS::SSM::Parameter', ResourceName: '/app/colour' }])
    assert.deepEqual([put!.Username, put!.ReadOnly, put!.EventSource], ['root', 'false', 'ssm.amazonaws.com'])
    assert.equal(put!.EventTime?.getTime(), Date.parse(record(put!).eventTime))
    assert.deepEqual(record(put!).requestParameters, {
      name: '/app/colour',
      value: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      type: 'String',
    })
  })
}

test('X-20 the record of a call names the command that it sent, and is found by its id', async () => {
  await using server = await startServer()
  const node = await server.fakeNode()
  const Parameters = { commands: ['echo very-secret'] }
  const send = { DocumentName: 'AWS-RunShellScript', InstanceIds: [node.id], Parameters }
  const { Command } = await server.client(SSMClient).send(new SendCommandCommand(send))
  const trail = new Trail(server)
  const id = Command!.CommandId!
  const LookupAttributes = [{ AttributeKey: 'ResourceName' as const, AttributeValue: id }]
  const [event] = await trail.events({ LookupAttributes })
  assert.deepEqual(record(event!).additionalEventData, { caused: [{ type: 'AWS::SSM::Command', id }] })
  assert.doesNotMatch(event!.CloudTrailEvent!, /very-secret/)
  assert.deepEqual(await trail.names('ResourceName', node.id), ['SendCommand'])
})

test('X-19 who could not prove to be somebody is on record too, with what is known', async () => {
  await using server = await startServer()
  const target = 'AmazonSSM.ListCommands'
  const caller = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' }
  await jsonCall(server, target, {}, { credentials: caller })
  await jsonCall(server, target, {}, { credentials: null })
  await jsonCall(server, 'AmazonSSM.NoSuchThing', {}, { credentials: caller })
  await jsonCall(server, target, {}, { headers: { authorization: 'AWS4-HMAC-SHA256 nonsense' }, credentials: null })
  const events = await new Trail(server).events()
  assert.deepEqual(
    events.map(record).map(({ eventName, errorCode, userIdentity }) => [eventName, errorCode, userIdentity]),
    [
      ['ListCommands', 'IncompleteSignatureException', { type: 'Unknown' }],
      ['NoSuchThing', 'UnknownOperationException', { type: 'Unknown', accessKeyId: 'AKIANOBODY' }],
      ['ListCommands', 'MissingAuthenticationTokenException', { type: 'Unknown' }],
      ['ListCommands', 'UnrecognizedClientException', { type: 'Unknown', accessKeyId: 'AKIANOBODY' }],
    ],
  )
  assert.equal((await new Trail(server).names('AccessKeyId', 'AKIANOBODY')).length, 2)
})

test('X-19 what nodes say all the time is not recorded, their enrolment is', async () => {
  await using server = await startServer()
  await server.fakeNode()
  const names = await new Trail(server).names()
  assert.ok(names.includes('RegisterManagedInstance') && names.includes('CreateActivation'))
  assert.ok(!names.includes('UpdateInstanceInformation') && !names.includes('RequestManagedInstanceRoleToken'))
})

test('X-19 pages of 50 go on where the last ended, whatever was recorded since', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const trail = new Trail(server)
  for (let round = 0; round < 13; round++) {
    await Promise.all(Array.from({ length: 10 }, () => ssm.send(new DescribeInstanceInformationCommand({}))))
    await server.advance(700)
  }
  for (const LookupAttributes of [[], [{ AttributeKey: 'ReadOnly' as const, AttributeValue: 'true' }]]) {
    const ids: string[] = []
    const sizes: number[] = []
    let times: number[] = []
    let NextToken: string | undefined
    do {
      const page = await trail.client.send(new LookupEventsCommand({ LookupAttributes, NextToken }))
      const described = page.Events!.filter(({ EventName }) => EventName !== 'LookupEvents')
      ids.push(...described.map(({ EventId }) => EventId!))
      times = times.concat(page.Events!.map(({ EventTime }) => EventTime!.getTime()))
      sizes.push(page.Events!.length)
      NextToken = page.NextToken
    } while (NextToken)
    assert.equal(new Set(ids).size, 130)
    assert.equal(ids.length, 130)
    assert.deepEqual(sizes.slice(0, -1), sizes.slice(0, -1).fill(50))
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    )
  }
  const { Events, NextToken } = await trail.client.send(new LookupEventsCommand({ MaxResults: 7 }))
  assert.equal(Events!.length, 7)
  const other = trail.client.send(new LookupEventsCommand({ NextToken, MaxResults: 7, StartTime: new Date(0) }))
  await assert.rejects(other, { name: 'InvalidNextTokenException' })
})

test('X-19 times are inclusive to the second, and order holds when the clock was moved back', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  const trail = new Trail(server)
  const putAt = async (name: string, milliseconds: number) => {
    await server.advance(milliseconds)
    await ssm.send(new PutParameterCommand({ Name: name, Type: 'String', Value: 'x' }))
  }
  await putAt('first', 0)
  await putAt('third', 7_200_000)
  await putAt('second', -3_600_000)
  const puts = await trail.events({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'PutParameter' }] })
  const named = (events: readonly Event[]) => events.map((event) => record(event).requestParameters.name)
  assert.deepEqual(named(puts), ['third', 'second', 'first'])
  const [third, second, first] = puts.map(({ EventTime }) => EventTime!)
  const between = async (StartTime: Date, EndTime: Date) => {
    const events = await trail.events({ StartTime, EndTime })
    return named(events.filter(({ EventName }) => EventName === 'PutParameter'))
  }
  assert.deepEqual(await between(second!, second!), ['second'])
  assert.deepEqual(await between(first!, third!), ['third', 'second', 'first'])
  assert.deepEqual(await between(first!, new Date(second!.getTime() - 1000)), ['first'])
})

test('X-19 lookups belong to an account’s Region, those of IAM to all; wrong ones are refused as CloudTrail does', async () => {
  await using server = await startServer()
  await server.client(IAMClient).send(new CreateUserCommand({ UserName: 'ann' }))
  await server.client(SSMClient, { region: 'eu-west-1' }).send(new CreateActivationCommand({ IamRole: 'R' }))
  assert.deepEqual(await new Trail(server).names(), ['CreateUser'])
  assert.deepEqual(await new Trail(server, 'eu-west-1').names(), ['CreateActivation', 'CreateUser'])
  const trail = new Trail(server)
  const attribute = { AttributeKey: 'EventName' as const, AttributeValue: 'x' }
  await assert.rejects(trail.events({ LookupAttributes: [attribute, attribute] }), {
    name: 'InvalidLookupAttributesException',
  })
  await assert.rejects(trail.events({ StartTime: new Date(2000), EndTime: new Date(1000) }), {
    name: 'InvalidTimeRangeException',
  })
  await assert.rejects(trail.events({ MaxResults: 51 }), { name: /InvalidMaxResultsException|ValidationException/ })
  assert.deepEqual(await trail.events({ EventCategory: 'insight' }), [])
})

test('X-19 what AWS leaves out of its trail is recorded and marked', async () => {
  await using server = await startServer()
  await assert.rejects(server.client(SSMClient).send(new DeleteParameterCommand({ Name: 'none' })))
  const [event] = await new Trail(server).events()
  assert.deepEqual(record(event!).additionalEventData, { notRecordedByAWS: true })
})
