import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { loadService, ServiceModel, validationMessage } from './index.ts'
import type { ShapeTable } from './service-table.ts'
import { arbitraryOf } from './testing/shape-arbitraries.ts'

/** AWS's message for an input of one of our operations. */
function messageFor(service: ServiceModel, name: string, input: object): string {
  const verdict = service.operation(name)!.validateInput(input)
  assert.equal(verdict.typeError, undefined)
  return validationMessage(verdict.violations)
}

const ssm = loadService('ssm')

describe('X-06 sentences recorded from AWS, by operations of ssm', () => {
  const cases: [string, object, string][] = [
    [
      'GetCommandInvocation',
      { CommandId: 'a'.repeat(36), InstanceId: 'i-083e1601960282c' },
      "Value 'i-083e1601960282c' at 'instanceId' failed to satisfy constraint: Member must satisfy regular expression pattern: (^i-(\\w{8}|\\w{17})$)|(^mi-\\w{17}$)",
    ],
    [
      'UpdateInstanceAssociationStatus',
      {
        AssociationId: 'aws.ssm.x.i-1',
        InstanceId: 'i-12345678',
        ExecutionResult: { Status: 'Pending', ExecutionDate: 1, ExecutionSummary: '' },
      },
      "Value 'aws.ssm.x.i-1' at 'associationId' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
    ],
    [
      'GetParameters',
      { Names: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'] },
      "Value '[a, b, c, d, e, f, g, h, i, j, k]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 10",
    ],
    [
      'GetParameterHistory',
      { Name: 'a', MaxResults: 51 },
      "Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50",
    ],
    [
      'LabelParameterVersion',
      { Name: 'a', Labels: ['x'.repeat(101)] },
      `Value '[${'x'.repeat(101)}]' at 'labels' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 100, Member must have length greater than or equal to 1]`,
    ],
    [
      'PutParameter',
      { Name: 'a', Value: 'b', Type: 'Strange' },
      "Value 'Strange' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]",
    ],
    [
      'UnlabelParameterVersion',
      { Name: 'a', Labels: ['x'] },
      "Value null at 'parameterVersion' failed to satisfy constraint: Member must not be null",
    ],
    [
      'DescribeParameters',
      { ParameterFilters: [{ Key: 'Name', Values: ['t'.repeat(1025)] }] },
      `Value '[${'t'.repeat(1025)}]' at 'parameterFilters.1.member.values' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1]`,
    ],
    [
      'DescribeParameters',
      { ParameterFilters: [{ Key: 'key' }] },
      "Value 'key' at 'parameterFilters.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType",
    ],
    [
      'SendCommand',
      { DocumentName: 'AWS-RunShellScript', InstanceIds: ['i-aaa    i-bbb'] },
      "Value '[i-aaa    i-bbb]' at 'instanceIds' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy regular expression pattern: (^i-(\\w{8}|\\w{17})$)|(^mi-\\w{17}$)]",
    ],
  ]
  for (const [name, input, sentence] of cases) {
    test(`${name}: ${sentence.slice(0, 120)}`, () => {
      assert.equal(messageFor(ssm, name, input), `1 validation error detected: ${sentence}`)
    })
  }
})

/** A service with one operation, for sentences that were recorded from services we do not have. */
function serviceWith(members: Record<string, string>, shapes: Record<string, ShapeTable>, required: string[] = []) {
  const input: ShapeTable = {
    type: 'structure',
    required,
    members: Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, { shape }])),
  }
  return new ServiceModel('recorded', {
    metadata: loadService('steward').metadata,
    operations: { Op: { http: { method: 'POST', requestUri: '/' }, input: 'Input' } },
    shapes: { ...shapes, Input: input, String: { type: 'string' } },
  })
}

describe('X-06 sentences recorded from other services of AWS', () => {
  const NAME: ShapeTable = { type: 'string', min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' }
  const TAGS: ShapeTable = { type: 'map', key: { shape: 'Key' }, value: { shape: 'Value' }, min: 1, max: 10 }
  const KEY: ShapeTable = { type: 'string', min: 1, max: 4 }
  const VALUE: ShapeTable = { type: 'string', min: 0, max: 3 }

  test('the pattern of a text comes before its length (Kinesis CreateStream)', () => {
    const service = serviceWith({ StreamName: 'Name' }, { Name: NAME })
    assert.equal(
      messageFor(service, 'Op', { StreamName: '' }),
      "2 validation errors detected: Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    )
  })

  test('keys and values of a map are judged together (Kinesis AddTagsToStream)', () => {
    const service = serviceWith({ Tags: 'Tags' }, { Tags: TAGS, Key: KEY, Value: VALUE })
    assert.equal(
      messageFor(service, 'Op', { Tags: { a: '1', toolong: '3' } }),
      "1 validation error detected: Value '{a=1, toolong=3}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 4, Member must have length greater than or equal to 1]",
    )
    assert.equal(
      messageFor(service, 'Op', { Tags: { a: '1', c: 'long' } }),
      "1 validation error detected: Value '{a=1, c=long}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 3, Member must have length greater than or equal to 0]",
    )
    assert.equal(
      messageFor(service, 'Op', { Tags: {} }),
      "1 validation error detected: Value '{}' at 'tags' failed to satisfy constraint: Member must have length greater than or equal to 1",
    )
  })

  test('the pattern of list elements comes last (Lambda CreateFunction)', () => {
    const ID: ShapeTable = { type: 'string', min: 0, max: 1024, pattern: 'subnet-[0-9a-z]*' }
    const service = serviceWith(
      { VpcConfig: 'Vpc' },
      {
        Vpc: { type: 'structure', members: { SubnetIds: { shape: 'Ids' } } },
        Ids: { type: 'list', member: { shape: 'Id' } },
        Id: ID,
      },
    )
    assert.equal(
      messageFor(service, 'Op', { VpcConfig: { SubnetIds: ['bad'] } }),
      "1 validation error detected: Value '[bad]' at 'vpcConfig.subnetIds' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: subnet-[0-9a-z]*]",
    )
  })

  test('structures are printed with all members, in the order of the model (Step Functions CreateStateMachineAlias)', () => {
    const service = serviceWith(
      { RoutingConfiguration: 'RoutingConfigurationList' },
      {
        RoutingConfigurationList: { type: 'list', member: { shape: 'RoutingConfigurationListItem' }, min: 1, max: 2 },
        RoutingConfigurationListItem: {
          type: 'structure',
          required: ['stateMachineVersionArn', 'weight'],
          members: { stateMachineVersionArn: { shape: 'String' }, weight: { shape: 'Weight' } },
        },
        Weight: { type: 'integer', min: 0, max: 100 },
      },
    )
    const item = { weight: 50, stateMachineVersionArn: 'arn' }
    assert.equal(
      messageFor(service, 'Op', { RoutingConfiguration: [item, item, item] }),
      "1 validation error detected: Value '[RoutingConfigurationListItem(stateMachineVersionArn=arn, weight=50), RoutingConfigurationListItem(stateMachineVersionArn=arn, weight=50), RoutingConfigurationListItem(stateMachineVersionArn=arn, weight=50)]' at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2",
    )
    assert.equal(
      messageFor(service, 'Op', { RoutingConfiguration: [{ ...item, weight: 101 }] }),
      "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100",
    )
  })

  test('absent members of a printed structure are null (CloudWatch Logs PutMetricFilter)', () => {
    const service = serviceWith(
      { MetricTransformations: 'List' },
      {
        List: { type: 'list', member: { shape: 'MetricTransformation' }, max: 1 },
        MetricTransformation: {
          type: 'structure',
          members: { metricName: { shape: 'String' }, defaultValue: { shape: 'String' } },
        },
      },
    )
    assert.match(
      messageFor(service, 'Op', { MetricTransformations: [{ metricName: 'a' }, {}] }),
      /Value '\[MetricTransformation\(metricName=a, defaultValue=null\), MetricTransformation\(metricName=null, defaultValue=null\)\]'/,
    )
  })

  test('sensitive values are not printed (KMS Encrypt)', () => {
    const service = serviceWith({ Plaintext: 'Plain' }, { Plain: { type: 'blob', min: 1, max: 4096, sensitive: true } })
    assert.equal(
      messageFor(service, 'Op', { Plaintext: Buffer.alloc(4097).toString('base64') }),
      "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
    )
  })

  test('bytes are printed as a Java buffer (Kinesis PutRecord)', () => {
    const service = serviceWith({ Data: 'Data' }, { Data: { type: 'blob', min: 0, max: 4 } })
    assert.equal(
      messageFor(service, 'Op', { Data: Buffer.alloc(5).toString('base64') }),
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=5 cap=5]' at 'data' failed to satisfy constraint: Member must have length less than or equal to 4",
    )
  })

  test('a missing member inside a map names the key (SNS Publish)', () => {
    const service = serviceWith(
      { MessageAttributes: 'Map' },
      {
        Map: { type: 'map', key: { shape: 'String' }, value: { shape: 'Attribute' } },
        Attribute: { type: 'structure', required: ['DataType'], members: { DataType: { shape: 'String' } } },
      },
    )
    assert.equal(
      messageFor(service, 'Op', { MessageAttributes: { attr1: {} } }),
      "1 validation error detected: Value null at 'messageAttributes.attr1.member.dataType' failed to satisfy constraint: Member must not be null",
    )
  })

  test('lists inside a map are judged together with it (DynamoDB BatchWriteItem)', () => {
    const service = serviceWith(
      { RequestItems: 'Map' },
      {
        Map: { type: 'map', key: { shape: 'String' }, value: { shape: 'Writes' } },
        Writes: { type: 'list', member: { shape: 'String' }, min: 1, max: 25 },
      },
    )
    assert.equal(
      messageFor(service, 'Op', { RequestItems: { abc: [] } }),
      "1 validation error detected: Value '{abc=[]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]",
    )
  })
})

describe('what no recording settles', () => {
  test('a null among the elements of a list is told', () => {
    assert.match(
      messageFor(ssm, 'SendCommand', { DocumentName: 'Doc', InstanceIds: [null] }),
      /^1 validation error detected: Value '\[null\]' at 'instanceIds' .*, Member must not be null\]$/,
    )
  })

  test('a null among structures or lists is told as one among plain values is', () => {
    assert.equal(
      messageFor(ssm, 'AddTagsToResource', { ResourceType: 'Parameter', ResourceId: 'a', Tags: [null] }),
      "1 validation error detected: Value '[null]' at 'tags' failed to satisfy constraint: Member must satisfy constraint: [Member must not be null]",
    )
    assert.match(
      messageFor(ssm, 'StartAutomationExecution', { DocumentName: 'Doc', TargetMaps: [{ a: null }] }),
      /Value '{a=null}' at 'targetMaps\.1\.member' .*: Map value must satisfy constraint: \[.*, Member must not be null\]$/,
    )
  })

  test('the length of a text counts UTF-16 units, as Java does', () => {
    assert.match(
      messageFor(ssm, 'SendCommand', { DocumentName: 'Doc', Comment: '😀'.repeat(51) }),
      /less than or equal to 100$/,
    )
    assert.equal(
      ssm.operation('SendCommand')!.validateInput({ DocumentName: 'Doc', Comment: '😀'.repeat(50) }).violations.length,
      0,
    )
  })

  test('at most ten violations are told', () => {
    const Targets = Array.from({ length: 5 }, () => ({ Key: '' }))
    const input = {
      Targets,
      TimeoutSeconds: 1,
      Comment: 'x'.repeat(101),
      MaxErrors: 'x',
      MaxConcurrency: 'x',
      DocumentHashType: 'x',
      OutputS3Region: 'x',
      OutputS3BucketName: '',
    }
    assert.match(messageFor(ssm, 'SendCommand', input), /^10 validation errors detected: /)
  })
})

describe('X-06 sentences of IAM, as its users meet them', () => {
  const iam = loadService('iam')
  const name = 'It must contain only alphanumeric characters and/or the following: +=,.@_-'

  test('names, paths and policies that do not match their pattern have words of their own', () => {
    const arn = 'arn:aws:iam::111122223333:role/a'
    assert.equal(messageFor(iam, 'GetRole', { RoleName: arn }), `The specified value for roleName is invalid. ${name}`)
    assert.equal(
      messageFor(iam, 'CreateUser', { UserName: 'a', Path: 'team' }),
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    )
    assert.equal(
      messageFor(iam, 'ListUsers', { PathPrefix: 'team' }),
      'The specified value for pathPrefix is invalid. It must begin with the / character and contain only alphanumeric characters and/or / characters.',
    )
    // The prefix of a path is spoken of alike, also where it must be a whole path.
    for (const [operation, input] of [
      ['ListPolicies', { PathPrefix: '/team' }],
      ['ListAttachedUserPolicies', { UserName: 'a', PathPrefix: '/a team/' }],
      ['ListEntitiesForPolicy', { PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess', PathPrefix: 'team' }],
    ] as const) {
      assert.equal(
        messageFor(iam, operation, input),
        'The specified value for pathPrefix is invalid. It must begin with the / character and contain only alphanumeric characters and/or / characters.',
      )
    }
  })

  test('among several violations they are counted', () => {
    assert.equal(
      messageFor(iam, 'CreateUser', { UserName: '?'.repeat(65) }),
      `2 validation errors detected: The specified value for userName is invalid. ${name}; ` +
        `Value '${'?'.repeat(65)}' at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    )
  })
})

/** The value with every leaf, at the given rate, replaced by one that many constraints forbid. */
function damaged(value: unknown, luck: () => boolean): unknown {
  if (Array.isArray(value)) return luck() ? [] : value.map((element) => (luck() ? null : damaged(element, luck)))
  if (value instanceof Date || value instanceof Uint8Array) return value
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).filter(() => !luck())
    return Object.fromEntries(kept.map(([name, field]) => [name, damaged(field, luck)]))
  }
  if (!luck()) return value
  if (typeof value === 'string') return luck() ? '' : `${value}\n`.repeat(300)
  return typeof value === 'number' ? value * -1000 : value
}

test('a value is refused if and only if something is told', () => {
  const inputs = ssm.operations.map((name) => ssm.operation(name)!.inputShape!)
  let refused = 0
  for (const shapeName of inputs) {
    fc.assert(
      fc.property(
        arbitraryOf(ssm.shapes, shapeName),
        fc.infiniteStream(fc.integer({ min: 0, max: 5 })),
        (valid, dice) => {
          const value = damaged(valid, () => dice.next().value === 0)
          const told = ssm.codecs.violations(shapeName)(value)
          assert.equal(ssm.codecs.check(shapeName)(value), told.length === 0)
          if (told.length > 0) refused++
        },
      ),
      { numRuns: 8 },
    )
  }
  assert.ok(refused > 100)
})
