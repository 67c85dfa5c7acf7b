import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadService, SERVICE_NAMES, type ServiceModel } from '@steward/model'
import { eventId, instantOf } from '#kernel/audit-record.ts'
import { randomIds } from '#kernel/ids.ts'
import type { Principal, SessionFacts } from '#kernel/principal.ts'
import { type CallFacts, isWorthRecording, toAuditRecord } from './audit-record.ts'
import { awsJson } from './aws-json.ts'
import { HIDDEN } from './masked-view.ts'
import type { Asked } from './protocol.ts'

const at = new Date('2026-11-21T10:11:12.345Z')
const account = '123456789012'
const root: Principal = { kind: 'root', account, arn: `arn:aws:iam::${account}:root`, accessKeyId: 'AKIAROOT' }

function asking(service: string, operationName: string): Asked {
  const model = loadService(service)!
  return { service: model, operationName, operation: model.operation(operationName), protocol: awsJson('1.1') }
}

function facts(service: string, operation: string, more: Partial<CallFacts> = {}): CallFacts {
  return {
    asked: asking(service, operation),
    requestId: 'the-request',
    eventId: eventId(at, randomIds.uuid()),
    at,
    sourceIp: '10.1.2.3',
    userAgent: 'aws-cli/2',
    tlsHost: undefined,
    account,
    region: 'eu-west-1',
    claimedKey: 'AKIAROOT',
    principal: root,
    input: undefined,
    bytes: 0,
    output: undefined,
    access: [],
    caused: [],
    untold: 0,
    error: undefined,
    ...more,
  }
}

test('X-19 a record has the shape of a CloudTrail event; members begin in lower case, and what a write answered is in it', () => {
  const { eventID, ...record } = toAuditRecord(
    facts('ssm', 'SendCommand', {
      tlsHost: 'steward.example:8471',
      input: { DocumentName: 'D', InstanceIds: ['mi-1'], Parameters: { commands: ['rm -r /'] }, TimeoutSeconds: 30 },
      output: { Command: { CommandId: 'c-1', Parameters: { commands: ['rm -r /'] }, RequestedDateTime: at } },
      access: [{ action: 'ssm:SendCommand', resources: [`arn:aws:ssm:eu-west-1:${account}:document/D`, '*'] }],
      caused: [{ type: 'AWS::SSM::Command', id: 'c-1' }],
    }),
  )
  assert.equal(instantOf(eventID), at.getTime())
  assert.deepEqual(JSON.parse(JSON.stringify(record)), {
    eventVersion: '1.11',
    userIdentity: { type: 'Root', principalId: account, arn: root.arn, accountId: account, accessKeyId: 'AKIAROOT' },
    eventTime: '2026-11-21T10:11:12Z',
    eventSource: 'ssm.amazonaws.com',
    eventName: 'SendCommand',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '10.1.2.3',
    userAgent: 'aws-cli/2',
    requestParameters: { documentName: 'D', instanceIds: ['mi-1'], parameters: HIDDEN, timeoutSeconds: 30 },
    responseElements: { command: { commandId: 'c-1', parameters: HIDDEN, requestedDateTime: at.toISOString() } },
    additionalEventData: { caused: [{ type: 'AWS::SSM::Command', id: 'c-1' }] },
    requestID: 'the-request',
    readOnly: false,
    resources: [
      { ARN: `arn:aws:ssm:eu-west-1:${account}:document/D`, accountId: account, type: 'AWS::SSM::Document' },
      { ARN: 'c-1', type: 'AWS::SSM::Command' },
    ],
    eventType: 'AwsApiCall',
    apiVersion: '2014-11-06',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    tlsDetails: { clientProvidedHostHeader: 'steward.example:8471' },
  })
})

test('X-19 what only looks has no response, but whose temporary credentials they are can be told', () => {
  const read = toAuditRecord(facts('ssm', 'GetParameter', { input: { Name: '/a' }, output: { Parameter: {} } }))
  assert.deepEqual([read.readOnly, read.responseElements], [true, null])
  const Credentials = { AccessKeyId: 'ASIA1', SecretAccessKey: 's3cret', SessionToken: 't0ken', Expiration: at }
  const assumed = toAuditRecord(facts('sts', 'AssumeRole', { input: { TokenCode: '123456' }, output: { Credentials } }))
  const { requestParameters, responseElements } = JSON.parse(JSON.stringify(assumed))
  assert.deepEqual(requestParameters, { tokenCode: HIDDEN })
  assert.deepEqual(responseElements, {
    credentials: {
      accessKeyId: 'ASIA1',
      secretAccessKey: HIDDEN,
      sessionToken: HIDDEN,
      expiration: at.toISOString(),
    },
  })
})

test('X-19 every kind of caller is told as CloudTrail tells it', () => {
  const session: SessionFacts = { issuedAt: at.getTime(), mfaAt: 1, sourceIdentity: 'ann' }
  const identity = (principal: Principal | undefined) =>
    JSON.parse(JSON.stringify(toAuditRecord(facts('ssm', 'ListCommands', { principal })).userIdentity))
  const key = { account, accessKeyId: 'AKIA1' }
  const attributes = { creationDate: at.toISOString(), mfaAuthenticated: 'true' }
  const user = { ...key, kind: 'user', arn: 'arn:user', name: 'ann', userId: 'AIDA1' } as const
  assert.deepEqual(identity(user), {
    type: 'IAMUser',
    principalId: 'AIDA1',
    arn: 'arn:user',
    accountId: account,
    accessKeyId: 'AKIA1',
    userName: 'ann',
  })
  assert.deepEqual(identity({ ...user, session }).sessionContext, { attributes, sourceIdentity: 'ann' })
  const role = { ...key, kind: 'role', arn: 'arn:session', roleArn: 'arn:role', name: 'ops', sessionName: 's' } as const
  assert.deepEqual(identity({ ...role, userId: 'AROA1:s', session }), {
    type: 'AssumedRole',
    principalId: 'AROA1:s',
    arn: 'arn:session',
    accountId: account,
    accessKeyId: 'AKIA1',
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: 'AROA1', arn: 'arn:role', accountId: account, userName: 'ops' },
      attributes,
      sourceIdentity: 'ann',
    },
  })
  const federated = { ...key, kind: 'federated', arn: 'arn:federated', name: 'f', userId: 'x:f', session } as const
  assert.equal(identity({ ...federated, issuer: undefined }).sessionContext.sessionIssuer.type, 'Root')
  const issuer = { arn: 'arn:user', name: 'ann', userId: 'AIDA1' }
  assert.equal(identity({ ...federated, issuer }).sessionContext.sessionIssuer.userName, 'ann')
  const node = { kind: 'node', account, region: 'r', arn: 'arn:node', nodeId: 'mi-1', role: 'service-role/N' } as const
  assert.equal(identity(node).principalId, 'N:mi-1')
  assert.equal(identity(node).sessionContext.sessionIssuer.arn, `arn:aws:iam::${account}:role/service-role/N`)
  assert.equal(identity({ kind: 'anonymous', account, arn: 'arn:x' }).accountId, 'ANONYMOUS_PRINCIPAL')
  assert.deepEqual(identity(undefined), { type: 'Unknown', accessKeyId: 'AKIAROOT' })
})

test('X-19 what goes wrong is told in the words of the caller; what AWS does not record is marked', () => {
  const error = { code: 'ParameterNotFound', message: 'There is none.' }
  const record = toAuditRecord(facts('ssm', 'GetParameter', { input: { Name: 'x' }, error }))
  assert.deepEqual([record.errorCode, record.errorMessage], ['ParameterNotFound', 'There is none.'])
  assert.deepEqual(record.additionalEventData, { notRecordedByAWS: true })
  const refused = facts('ssm', 'GetParameter', { error: { code: 'AccessDeniedException', message: '' } })
  assert.equal(toAuditRecord(refused).errorCode, 'AccessDenied')
})

test('X-19 a call that was made names all that it used; one that was refused cannot fill the trail with names', () => {
  const resources = Array.from({ length: 1_500 }, (_, index) => `arn:aws:ssm:eu-west-1:${account}:parameter/${index}`)
  const access = [
    { action: 'ssm:SendCommand', resources: resources.slice(0, 1) },
    { action: 'ssm:Get', resources },
  ]
  const named = (more: Partial<CallFacts>) =>
    toAuditRecord(facts('ssm', 'SendCommand', { access, ...more })).resources?.map(({ ARN }) => ARN)
  assert.deepEqual(named({}), resources)
  assert.deepEqual(named({ error: { code: 'AccessDeniedException', message: '' } }), resources.slice(0, 1_000))
})

test('X-19 resources are called as CloudFormation calls them', () => {
  const type = (...resources: string[]) => {
    const access = [{ action: 'x:Y', resources }]
    return toAuditRecord(facts('ssm', 'ListCommands', { access })).resources?.map((one) => one.type)
  }
  assert.deepEqual(
    type(
      'arn:aws:ssm:r:1:parameter/a/b',
      'arn:aws:ssm:r:1:managed-instance/mi-1',
      'arn:aws:ec2:r:1:instance/i-1',
      'arn:aws:iam::1:user/path/ann',
      'arn:aws:kms:r:1:alias/aws/ssm',
      'arn:aws:events:r:1:rule/a',
      'arn:aws:sns:r:1:topic-name',
      'arn:aws:sns:r:1:topic-name:an-id',
    ),
    [
      'AWS::SSM::Parameter',
      'AWS::SSM::ManagedInstance',
      'AWS::EC2::Instance',
      'AWS::IAM::User',
      'AWS::KMS::Alias',
      'AWS::Events::Rule',
      'AWS::SNS::Topic',
      'AWS::SNS::Subscription',
    ],
  )
  assert.deepEqual([type('*'), type('arn:aws:ssm:r:1:*')], [undefined, undefined])
})

test('X-19 what is too large is left out, with its size', () => {
  const Comment = 'x'.repeat(200_000)
  const record = toAuditRecord(facts('ssm', 'SendCommand', { input: { Comment }, bytes: 200_014 }))
  assert.deepEqual(record.requestParameters, {
    omitted: true,
    originalSize: 200_014,
    reason: 'requestParameters too large',
  })
})

test('what nodes say all the time is not worth a record, what enrols them is', () => {
  const worth = (service: string, name: string) => isWorthRecording(asking(service, name))
  assert.deepEqual(
    ['UpdateInstanceInformation', 'RequestManagedInstanceRoleToken', 'RegisterManagedInstance', 'GetParameter'].map(
      (name) => worth('ssm', name),
    ),
    [false, false, true, true],
  )
  assert.equal(worth('ec2messages', 'GetMessages'), false)
})

test('PS-18a no secret of any operation of any service gets into its record', () => {
  for (const name of SERVICE_NAMES) {
    const service = loadService(name)
    for (const operation of service.operations) {
      const model = service.operation(operation)!
      const secrets: string[] = []
      const input = model.inputShape ? filled(service.shapes, model.inputShape, secrets) : {}
      const output = model.outputShape ? filled(service.shapes, model.outputShape, secrets) : {}
      const message = `Not good: ${secrets.join(', ')}`
      for (const error of [undefined, { code: 'X', message }]) {
        const more = { input: input as object, output: output as object, error }
        const text = JSON.stringify(toAuditRecord(facts(name, operation, more)))
        for (const secret of secrets) {
          // Of a message only what the caller sent can be kept out; that an answer's secrets are in it is made up here.
          const shows = error ? text.replace(/"errorMessage":"[^"]*"/, '').includes(secret) : text.includes(secret)
          assert.ok(!shows, `${name}:${operation} shows a secret`)
        }
      }
    }
  }
})

test('PS-18a what the models do not call sensitive but is: codes, tokens, document content, messages', () => {
  const secret = 'THE-SECRET'
  const shown: [string, string, object, object][] = [
    [
      'ssm',
      'CreateDocument',
      { Name: 'D', Content: secret },
      { DocumentDescription: { Parameters: [{ DefaultValue: secret }] } },
    ],
    ['ssm', 'UpdateDocument', { Name: 'D', Content: secret }, {}],
    ['ssm', 'CreateActivation', {}, { ActivationCode: secret }],
    ['ssm', 'RegisterManagedInstance', { ActivationCode: secret }, {}],
    ['ssm', 'RegisterManagedInstance', { Fingerprint: secret }, {}],
    ['ssm', 'StartSession', {}, { TokenValue: secret }],
    ['ssm', 'PutParameter', { Name: 'p', Type: 'String', Value: secret }, {}],
    ['iam', 'EnableMFADevice', { AuthenticationCode1: secret, AuthenticationCode2: secret }, {}],
    [
      'iam',
      'CreateVirtualMFADevice',
      {},
      { VirtualMFADevice: { Base32StringSeed: Buffer.from(secret), QRCodePNG: Buffer.from(secret) } },
    ],
    [
      'sts',
      'GetSessionToken',
      { TokenCode: secret },
      { Credentials: { SessionToken: secret, SecretAccessKey: secret } },
    ],
    ['kms', 'CreateGrant', { GrantTokens: [secret] }, { GrantToken: secret }],
    ['events', 'PutEvents', { Entries: [{ Detail: secret }] }, {}],
    ['events', 'PutTargets', { Targets: [{ Id: 't', Input: secret }] }, {}],
    ['sns', 'Publish', { Message: secret }, {}],
    ['sns', 'ConfirmSubscription', { Token: secret }, {}],
  ]
  for (const [service, operation, input, output] of shown) {
    const error =
      operation === 'CreateDocument' ? { code: 'InvalidDocumentContent', message: `Bad: ${secret}` } : undefined
    const text = JSON.stringify(toAuditRecord(facts(service, operation, { input, output, error })))
    assert.ok(!text.includes(secret) && text.includes(HIDDEN), `${service}:${operation}: ${text}`)
  }
})

/** A value with every member that its shape may have. Where the shape is sensitive, each text and all bytes are a secret. */
function filled(
  shapes: ServiceModel['shapes'],
  name: string,
  secrets: string[],
  { isSecret = false, above = [] as readonly string[] } = {},
): unknown {
  const shape = shapes[name]!
  // Shapes that contain themselves come to an end here.
  if (above.filter((one) => one === name).length > 1) return undefined
  const below = { isSecret: isSecret || shape.sensitive === true, above: [...above, name] }
  const of = (reference: { shape: string }) => filled(shapes, reference.shape, secrets, below)
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries(
        Object.entries(shape.members ?? {}).map(([member, reference]) => [member, of(reference)]),
      )
    case 'list':
      return [of(shape.member!), of(shape.member!)].filter((one) => one !== undefined)
    case 'map':
      return { key: of(shape.value!) }
    case 'timestamp':
      return at
    case 'boolean':
      return true
    case 'string':
    case 'blob': {
      const text = below.isSecret ? `SECRET-${secrets.length}-TERCES` : 'text'
      if (below.isSecret) secrets.push(text)
      return shape.type === 'blob' ? Buffer.from(text) : text
    }
    default:
      return 1
  }
}
