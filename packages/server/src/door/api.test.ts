import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  CreateActivationCommand,
  DescribeActivationsCommand,
  DescribeInstanceInformationCommand,
  ListCommandsCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { loadService } from '@steward/model'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { loadCapabilities, loadOperations } from '../capabilities.ts'
import { jsonCall, type RawAnswer, type RawCall, rawCall } from './testing/raw-call.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** An error answer, or that there is none, in one line. */
function told({ status, json }: RawAnswer): string {
  return `${status} ${json.__type ?? 'ok'}: ${json.message ?? json.Message ?? ''}`
}

test('X-01 AWS JSON 1.1: the target names the operation, and every answer has a request id', async () => {
  await using server = await startServer()
  const answer = await jsonCall(server, 'AmazonSSM.ListCommands', {})
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'application/x-amz-json-1.1')
  assert.match(answer.headers.get('x-amzn-requestid')!, UUID)
  assert.deepEqual(answer.json, { Commands: [] })

  for (const target of ['AmazonSSM.Nope', 'AmazonSSM.listCommands', 'AmazonSSM.__proto__', 'AmazonSSM.']) {
    const refused = await jsonCall(server, target, {})
    assert.match(told(refused), /^400 UnknownOperationException: /, target)
    assert.match(refused.headers.get('x-amzn-requestid')!, UUID)
  }
  for (const target of ['DynamoDB_20120810.ListTables', 'ListCommands', '.', '']) {
    assert.match(
      told(await jsonCall(server, target, {}, { service: 'dynamodb' })),
      /^400 UnknownOperationException: /,
      target,
    )
  }
  const browser = await rawCall(server, { method: 'GET', credentials: null })
  assert.match(told(browser), /^400 UnknownOperationException: The request names no operation: /)
})

test('X-01 AWS JSON 1.0 is answered as such', async () => {
  await using server = await startServer()
  const headers = { 'content-type': 'application/x-amz-json-1.0' }
  const answer = await jsonCall(server, 'AmazonSSM.ListCommands', {}, { headers })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'application/x-amz-json-1.0')
  const refused = await jsonCall(server, 'AmazonSSM.GetDocument', {}, { headers })
  assert.equal(refused.headers.get('content-type'), 'application/x-amz-json-1.0')
  assert.match(told(refused), /^400 ValidationException: 1 validation error detected: /)
})

test('X-03 the service is that of the signature, then that of the target', async () => {
  await using server = await startServer()
  const poll = 'EC2WindowsMessageDeliveryService.AcknowledgeMessage'
  assert.match(told(await jsonCall(server, poll, {}, { service: 'ssm' })), /^400 UnknownOperationException: /)
  assert.match(told(await jsonCall(server, poll, {}, { service: 'ec2messages' })), /^400 ValidationException: /)
  // A service that is not here: the target decides, and the signature is then one for another service.
  assert.equal(
    told(await jsonCall(server, 'AmazonSSM.ListCommands', {}, { service: 'execute-api' })),
    "403 InvalidSignatureException: Credential should be scoped to correct service: 'ssm'. ",
  )
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Action=GetCallerIdentity' }
  assert.match((await rawCall(server, { ...form, service: 'ssm' })).text, /<Code>InvalidAction<\/Code>/)
  assert.equal((await rawCall(server, { ...form, service: 'sts' })).status, 200)
})

test('X-04 a caller that does not prove itself is told how in AWS’s words', async () => {
  await using server = await startServer()
  const call = (more: RawCall) => jsonCall(server, 'AmazonSSM.ListCommands', {}, more)
  const { rootKey } = server.house
  assert.equal(
    told(await call({ credentials: null })),
    '403 MissingAuthenticationTokenException: Missing Authentication Token',
  )
  assert.equal(
    told(await call({ credentials: null, headers: { authorization: 'Bearer x' } })),
    '403 MissingAuthenticationTokenException: Missing Authentication Token',
  )
  assert.match(
    told(await call({ credentials: null, headers: { authorization: 'AWS4-HMAC-SHA256 x' } })),
    /^403 IncompleteSignatureException: Authorization header requires 'Credential' parameter\. /,
  )
  assert.equal(
    told(await call({ credentials: { ...rootKey, accessKeyId: 'AKIANOBODY' } })),
    '400 UnrecognizedClientException: The security token included in the request is invalid.',
  )
  assert.equal(
    told(await call({ credentials: { ...rootKey, sessionToken: 'forged' } })),
    '400 UnrecognizedClientException: The security token included in the request is invalid.',
  )
  assert.equal(
    told(await call({ credentials: { ...rootKey, secretAccessKey: 'wrong' } })),
    '403 InvalidSignatureException: The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )
})

test('X-04 five minutes of skew are allowed either way', async () => {
  await using server = await startServer()
  const now = server.house.clock.now().getTime()
  const signedAt = (seconds: number) =>
    jsonCall(server, 'AmazonSSM.ListCommands', {}, { date: new Date(now + seconds * 1000) }).then(told)
  assert.match(await signedAt(-290), /^200 /)
  assert.match(await signedAt(290), /^200 /)
  const expired = /^403 InvalidSignatureException: Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(/
  assert.match(await signedAt(-310), expired)
  assert.match(await signedAt(310), /^403 InvalidSignatureException: Signature not yet current: /)

  // A moved clock is the server's own affair: a client may sign by it or by the machine's, but by no third one.
  await server.advance(86_400_000)
  assert.match(await signedAt(0), /^200 /)
  assert.match(await signedAt(86_400), /^200 /)
  assert.match(await signedAt(43_200), expired)
})

test('X-04 the SDK’s client makes errors of its own of all refusals, and mends its clock by itself', async () => {
  await using server = await startServer()
  const list = (client: SSMClient) => client.send(new ListCommandsCommand({}))
  const credentials = { ...server.house.rootKey, secretAccessKey: 'wrong' }
  await assert.rejects(list(server.client(SSMClient, { credentials })), { name: 'InvalidSignatureException' })
  await assert.rejects(list(server.client(SSMClient, { credentials: { ...credentials, sessionToken: 'x' } })), {
    name: 'UnrecognizedClientException',
  })
  const late = server.client(SSMClient, { maxAttempts: 2, systemClockOffset: -3_600_000 })
  assert.deepEqual((await list(late)).Commands, [])
})

test('X-05 the error’s message is in the member that the model says', async () => {
  await using server = await startServer()
  const undeclared = await jsonCall(server, 'AmazonSSM.GetDocument', {}, { credentials: null })
  assert.deepEqual(Object.keys(undeclared.json), ['__type', 'message'])
  const declared = await jsonCall(server, 'AmazonSSM.GetDocument', { Name: 'no-such-document' })
  assert.deepEqual(Object.keys(declared.json), ['__type', 'Message'])
})

test('X-06 a body that cannot be read is a SerializationException, whatever it is', async () => {
  await using server = await startServer()
  for (const body of [
    '{',
    '[]',
    '"x"',
    '1',
    'null',
    '{"Filters":{}}',
    '{"MaxResults":"5"}',
    '{"Filters":[1]}',
    '\u0000',
  ]) {
    assert.match(
      told(await jsonCall(server, 'AmazonSSM.DescribeActivations', body)),
      /^400 SerializationException: /,
      body,
    )
  }
  assert.equal((await jsonCall(server, 'AmazonSSM.DescribeActivations', '')).status, 200, 'no body is an empty one')
})

test('X-06 constraints of the model come before everything else, all at once, in AWS’s words', async () => {
  await using server = await startServer()
  assert.equal(
    told(
      await jsonCall(server, 'AmazonSSM.SendCommand', {
        DocumentName: 'no',
        TimeoutSeconds: 1,
        Comment: 'c'.repeat(101),
      }),
    ),
    "400 ValidationException: 3 validation errors detected: Value 'no' at 'documentName' failed to satisfy constraint: " +
      'Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.:/]{3,128}$; ' +
      "Value '1' at 'timeoutSeconds' failed to satisfy constraint: Member must have value greater than or equal to 30; " +
      `Value '${'c'.repeat(101)}' at 'comment' failed to satisfy constraint: Member must have length less than or equal to 100`,
  )
  assert.equal(
    told(await jsonCall(server, 'AmazonSSM.GetDocument', { Name: null })),
    "400 ValidationException: 1 validation error detected: Value null at 'name' failed to satisfy constraint: " +
      'Member must not be null',
  )
  const members = { MaxResults: 5, Filters: null, NextToken: null, Unknown: { x: 1 } }
  assert.equal((await jsonCall(server, 'AmazonSSM.DescribeActivations', members)).status, 200)
})

test('X-08 a page token is good for the same caller, operation, filters and Region only', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  for (let made = 0; made < 3; made++) await ssm.send(new CreateActivationCommand({ IamRole: 'Role' }))
  const Filters = [{ FilterKey: 'IamRole' as const, FilterValues: ['Role'] }]
  const first = await ssm.send(new DescribeActivationsCommand({ Filters, MaxResults: 1 }))
  const NextToken = first.NextToken!
  const next = await ssm.send(new DescribeActivationsCommand({ NextToken, MaxResults: 2, Filters }))
  assert.equal(next.ActivationList?.length, 2, 'another page size is allowed')
  assert.equal(next.NextToken, undefined)

  const invalid = { name: 'InvalidNextToken' }
  await assert.rejects(ssm.send(new DescribeActivationsCommand({ NextToken })), invalid)
  await assert.rejects(ssm.send(new DescribeInstanceInformationCommand({ NextToken })), invalid)
  await assert.rejects(
    server.client(SSMClient, { region: 'eu-west-1' }).send(new DescribeActivationsCommand({ NextToken, Filters })),
    invalid,
  )
  for (const forged of ['x', 'AAAA', `${NextToken}A`, NextToken.slice(4), 'A'.repeat(5000), '☃']) {
    await assert.rejects(ssm.send(new DescribeActivationsCommand({ NextToken: forged, Filters })), invalid)
  }
})

test('X-10 what belongs to one Region is not seen in another, nor in another account of the same database', async () => {
  const roles = async (server: TestServer, region: string) => {
    const { ActivationList } = await server.client(SSMClient, { region }).send(new DescribeActivationsCommand({}))
    return ActivationList!.map(({ IamRole }) => IamRole)
  }
  for (const kind of DATABASES) {
    await using server = await startServer({ database: kind })
    for (const region of ['us-east-1', 'eu-central-1']) {
      await server.client(SSMClient, { region }).send(new CreateActivationCommand({ IamRole: region }))
    }
    assert.deepEqual(await roles(server, 'us-east-1'), ['us-east-1'])
    assert.deepEqual(await roles(server, 'eu-central-1'), ['eu-central-1'])
    assert.deepEqual(await roles(server, 'ap-south-2'), [])
    if (kind === 'sqlite') continue
    const env = { STEWARD_ACCOUNT: '111122223333', STEWARD_DATABASE_URL: server.house.config.databaseUrl }
    // Servers of one database share its master key.
    const data = mkdtempSync(join(tmpdir(), 'steward-test-'))
    copyFileSync(join(server.data, 'master.key'), join(data, 'master.key'))
    await using other = await startServer({ env, data })
    assert.deepEqual(await roles(other, 'us-east-1'), [])
  }
})

test('X-01 every operation of ssm that is not built says so with 501 NotImplemented, and only to those who may ask', async () => {
  await using server = await startServer()
  const built = new Set(
    (await Promise.all((await loadCapabilities()).map(loadOperations))).flat().map(({ name }) => name),
  )
  const missing = loadService('ssm').operations.filter((name) => !built.has(name))
  assert.ok(missing.length > 0)
  for (const name of missing) {
    const answer = await jsonCall(server, `AmazonSSM.${name}`, {})
    assert.equal(told(answer), `501 NotImplemented: ssm:${name} is not built into Steward yet; see docs/coverage.md.`)
    const unsigned = await jsonCall(server, `AmazonSSM.${name}`, {}, { credentials: null })
    assert.match(told(unsigned), /^403 MissingAuthenticationTokenException: /)
  }
})
