import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from '@steward/testkit'
import { jsonCall, rawCall } from './testing/raw-call.ts'

const ONLY_NOT_NULL = '[Member must not be null]'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const JSON_TYPE = { 'content-type': 'application/json' }

test('a null in a list or map is refused in words, whatever the service, and the refusal is on the audit trail', async () => {
  await using server = await startServer()
  const ssm = (operation: string, input: object) => jsonCall(server, `AmazonSSM.${operation}`, input)
  const groups = (path: string, input: object) =>
    rawCall(server, { service: 'resource-groups', target: path, headers: JSON_TYPE, body: JSON.stringify(input) })
  const sns = (form: string) => rawCall(server, { service: 'sns', headers: FORM, body: `Version=2010-03-31&${form}` })
  const tagged = { ResourceType: 'Parameter', ResourceId: 'x', Tags: [null] }
  const topic = 'TopicArn=arn:aws:sns:us-east-1:000000000000:topic'
  const entry = { TypeName: 'Custom:A', SchemaVersion: '1.0', CaptureTime: '2026-01-01T00:00:00Z', Content: [null] }
  const asked = [
    [await ssm('DescribeInstanceInformation', { Filters: [null] }), `'[null]' at 'filters'`, ONLY_NOT_NULL],
    [await ssm('AddTagsToResource', tagged), `'[null]' at 'tags'`, ONLY_NOT_NULL],
    [
      await ssm('SendCommand', { DocumentName: 'AWS-RunShellScript', Parameters: { commands: null } }),
      ` at 'parameters'`,
      ONLY_NOT_NULL,
    ],
    [
      await ssm('PutInventory', { InstanceId: 'mi-0123456789abcdef0', Items: [entry] }),
      `'[null]' at 'items.1.member.content'`,
      'Member must not be null]',
    ],
    [await groups('/groups-list', { Filters: [null] }), `'[null]' at 'filters'`, ONLY_NOT_NULL],
    [await groups('/groups', { Name: 'g', Tags: { a: null } }), `'{a=null}' at 'tags'`, 'Member must not be null]'],
    [
      await sns(`Action=Publish&${topic}&Message=m&MessageAttributes.entry.1.Name=a`),
      `'{a=null}' at 'messageAttributes'`,
      ONLY_NOT_NULL,
    ],
    [
      await jsonCall(server, 'AWSEvents.PutTargets', { Rule: 'rule', Targets: [null] }, { service: 'events' }),
      `'[null]' at 'targets'`,
      ONLY_NOT_NULL,
    ],
  ] as const
  for (const [answer, where, sentence] of asked) {
    assert.equal(answer.status, 400, answer.text)
    assert.ok(answer.text.includes(`${where} failed to satisfy constraint: `), answer.text)
    assert.ok(answer.text.includes(sentence), answer.text)
  }

  await server.settle()
  const lookUp = 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents'
  const { json } = await jsonCall(server, lookUp, {}, { service: 'cloudtrail' })
  const records = (json.Events as { CloudTrailEvent: string }[]).map((event) => JSON.parse(event.CloudTrailEvent))
  const refused = new Map(records.map((record) => [record.eventName, record]))
  assert.deepEqual([...refused.keys()].sort(), [
    'AddTagsToResource',
    'CreateGroup',
    'DescribeInstanceInformation',
    'ListGroups',
    'Publish',
    'PutInventory',
    'PutTargets',
    'SendCommand',
  ])
  for (const { eventName, errorCode } of records)
    assert.match(errorCode, /^(Validation(Exception|Error)|BadRequestException)$/, eventName)
  assert.deepEqual(refused.get('DescribeInstanceInformation').requestParameters, { filters: [null] })
  assert.deepEqual(refused.get('Publish').requestParameters.messageAttributes, { a: null })
})
