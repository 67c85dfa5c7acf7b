import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { GetParameterCommand, GetParametersCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServerOptions } from '@steward/testkit'
import fc from 'fast-check'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { aUser } from '#iam/testing/a-user.ts'
import { ApiError } from '#kernel/api-error.ts'
import { namesSecret, parseSecretReference, secretArn } from './secret-reference.ts'
import { ParameterStore } from './testing/parameter-store.ts'

const SCOPE = { account: '000000000000', region: 'us-east-1' }
const PREFIX = '/aws/reference/secretsmanager/'
const BAD_SELECTOR =
  'Invalid parameter name. Please use correct syntax for referencing a version/label  <name>:<version/label>'

/** A server whose secrets are files: there is one, `db`. */
async function withSecrets(options: TestServerOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'steward-secrets-'))
  await writeFile(join(folder, 'db'), 'tip-top-secret\n', { mode: 0o600 })
  const server = await startServer({ ...options, env: { STEWARD_SECRETS_URL: `file://${folder}` } })
  return Object.assign(server, { folder })
}

const notFound = (said: string) => ({
  name: 'ParameterNotFound',
  message: `An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret aws/reference/secretsmanager/${said} not found.`,
})

for (const database of DATABASES) {
  test(`PS-15 a secret is answered as AWS answers it (${database})`, async () => {
    await using server = await withSecrets({ database })
    const store = new ParameterStore(server)
    const { SourceResult, LastModifiedDate, ...rest } = await store.get(`${PREFIX}db`)
    const ARN = secretArn(SCOPE, 'db')
    assert.match(ARN, /^arn:aws:secretsmanager:us-east-1:000000000000:secret:db-[A-Za-z0-9]{6}$/)
    assert.deepEqual(rest, { Name: `${PREFIX}db`, Type: 'SecureString', Value: 'tip-top-secret', Version: 0, ARN })
    assert.ok(LastModifiedDate)
    const { versionId, createdDate, ...source } = JSON.parse(SourceResult!)
    assert.deepEqual(source, { ARN, name: 'db', secretString: 'tip-top-secret', versionStages: ['AWSCURRENT'] })
    assert.match(createdDate, /^[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d:\d\d [AP]M$/)
    assert.deepEqual(Object.keys(JSON.parse(SourceResult!)), [
      'ARN',
      'name',
      'versionId',
      'secretString',
      'versionStages',
      'createdDate',
    ])
    for (const selector of ['AWSCURRENT', versionId]) {
      const { Name, Selector, Value } = await store.get(`${PREFIX}db:${selector}`)
      assert.deepEqual([Name, Selector, Value], [`${PREFIX}db`, `:${selector}`, 'tip-top-secret'])
    }
    assert.equal(await store.value(`arn:aws:ssm:us-east-1:000000000000:parameter${PREFIX}db`), 'tip-top-secret')
  })
}

test('PS-15 what is not there, not decrypted or no reference is refused in AWS’s words', async () => {
  await using server = await withSecrets()
  const store = new ParameterStore(server)
  await assert.rejects(store.get(`${PREFIX}none`), notFound('nonenull'))
  await assert.rejects(store.get(`${PREFIX}db:NOSUCHSTAGE`), notFound('db:NOSUCHSTAGE'))
  await assert.rejects(store.get(`arn:aws:ssm:us-east-1:111111111111:parameter${PREFIX}db`), notFound('dbnull'))
  const undecrypted = {
    name: 'ValidationException',
    message: 'WithDecryption flag must be True for retrieving a Secret Manager secret.',
  }
  for (const name of ['db', 'none']) await assert.rejects(store.get(PREFIX + name, false), undecrypted)
  for (const name of ['db:', 'db:a:b', 'db:a/b', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:db', '', 'a b'])
    for (const decrypt of [true, false])
      await assert.rejects(store.get(PREFIX + name, decrypt), { name: 'ValidationException', message: BAD_SELECTOR })
})

test('PS-15 in a batch, what a reference cannot answer is listed', async () => {
  await using server = await withSecrets()
  const store = new ParameterStore(server)
  await store.put('/plain', 'v')
  const names = [
    `${PREFIX}none`,
    `${PREFIX}db:AWSCURRENT`,
    '/plain',
    `${PREFIX}db:a:b`,
    `${PREFIX}db`,
    `${PREFIX}db:NO`,
  ]
  const batch = async (WithDecryption: boolean) => {
    const { Parameters = [], InvalidParameters } = await store.ssm.send(
      new GetParametersCommand({ Names: names, WithDecryption }),
    )
    return [Parameters.map(({ Name, Selector, Value }) => [Name, Selector, Value]), InvalidParameters]
  }
  assert.deepEqual(await batch(true), [
    [
      [`${PREFIX}db`, undefined, 'tip-top-secret'],
      [`${PREFIX}db`, ':AWSCURRENT', 'tip-top-secret'],
      ['/plain', undefined, 'v'],
    ],
    [`${PREFIX}db:NO`, `${PREFIX}db:a:b`, `${PREFIX}none`],
  ])
  assert.deepEqual(await batch(false), [[['/plain', undefined, 'v']], names.filter((name) => name !== '/plain').sort()])
})

test('PS-15 references are of no use for history, describe and writes, nor in what is sent to nodes', async () => {
  await using server = await withSecrets()
  const store = new ParameterStore(server)
  const Name = `${PREFIX}db`
  const missing = { name: 'ParameterNotFound' }
  await assert.rejects(store.history(Name), missing)
  await assert.rejects(store.label(Name, ['x']), missing)
  await assert.rejects(store.delete(Name), missing)
  await assert.rejects(store.put(Name, 'v'), { name: 'AccessDeniedException' })
  assert.deepEqual(await store.describe({ ParameterFilters: [{ Key: 'Name', Values: [Name] }] }), [])
  assert.deepEqual(await store.under('/aws/reference', { Recursive: true }), [])
  const node = await server.fakeNode()
  const sent = new SendCommandCommand({
    DocumentName: 'AWS-RunShellScript',
    InstanceIds: [node.id],
    Parameters: { commands: [`echo {{ssm:${Name}}}`] },
  })
  await assert.rejects(store.ssm.send(sent), {
    name: 'InvalidParameters',
    message: `The Systems Manager parameter ssm:${Name} is a SecureString, which cannot be used here.`,
  })
})

test('PS-15 X-12 a secret takes ssm:GetParameter and secretsmanager:GetSecretValue on the ARN of the secret', async () => {
  await using server = await withSecrets()
  const read = { Effect: 'Allow', Action: ['ssm:GetParameter', 'ssm:GetParameters'], Resource: '*' }
  const secret = (Resource: string) => ({ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource })
  const of = async (name: string, ...statements: object[]) =>
    server.client(SSMClient, { credentials: await aUser(server, name, { statements }) })
  const get = (ssm: SSMClient) => ssm.send(new GetParameterCommand({ Name: `${PREFIX}db`, WithDecryption: true }))
  const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret'
  const refused = {
    name: 'AccessDeniedException',
    message: new RegExp(`is not authorized to perform: secretsmanager:GetSecretValue on resource: ${arn}:db-`),
  }
  const onlyParameters = await of('only-parameters', read)
  await assert.rejects(get(onlyParameters), refused)
  const several = new GetParametersCommand({ Names: [`${PREFIX}db:AWSCURRENT`], WithDecryption: true })
  await assert.rejects(onlyParameters.send(several), refused)
  await assert.rejects(get(await of('another', read, secret(`${arn}:other-??????`))), refused)
  await assert.rejects(get(await of('no-parameters', secret('*'))), /ssm:GetParameter on/)
  const slash = new GetParameterCommand({ Name: `${PREFIX}db/`, WithDecryption: true })
  await assert.rejects(
    (await of('no-slash', read, secret(`${arn}:db-??????`))).send(slash),
    /secret:db\/-\w{6} because/,
  )
  assert.equal((await get(await of('both', read, secret(`${arn}:db-??????`)))).Parameter?.Value, 'tip-top-secret')
})

test('PS-15 X-12 a node reads secrets only if its role says so', async () => {
  await using server = await withSecrets()
  const read = async (RoleName: string) => {
    const { AccessKeyId, SecretAccessKey, SessionToken } = (await FakeNode.enrol(server, { IamRole: RoleName })).token!
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
    return new ParameterStore(server, server.client(SSMClient, { credentials })).value(`${PREFIX}db`)
  }
  await assert.rejects(read('Unknown'), { name: 'AccessDeniedException', message: /secretsmanager:GetSecretValue/ })
  const iam = server.client(IAMClient)
  const trust = { Effect: 'Allow', Principal: { Service: 'ssm.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const policy = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new CreateRoleCommand({ RoleName: 'Nodes', AssumeRolePolicyDocument: policy(trust) }))
  const PolicyDocument = policy({ Effect: 'Allow', Action: ['ssm:*', 'secretsmanager:GetSecretValue'], Resource: '*' })
  await iam.send(new PutRolePolicyCommand({ RoleName: 'Nodes', PolicyName: 'p', PolicyDocument }))
  assert.equal(await read('Nodes'), 'tip-top-secret')
})

test('PS-15 PS-18a that a secret was read is on the audit trail, the secret is nowhere', async () => {
  await using server = await withSecrets()
  await new ParameterStore(server).get(`${PREFIX}db`)
  const { Events = [] } = await server.client(CloudTrailClient).send(new LookupEventsCommand({}))
  const record = Events.find(({ EventName }) => EventName === 'GetParameter')?.CloudTrailEvent ?? ''
  assert.match(record, /secretsmanager\/db/)
  assert.doesNotMatch(record, /tip-top-secret/)
})

test('PS-15 without a store, or with one that is away, a reference says which of the two it is', async () => {
  await using none = await startServer()
  await assert.rejects(new ParameterStore(none).get(`${PREFIX}db`), notFound('dbnull'))
  await using away = await startServer({ env: { STEWARD_SECRETS_URL: 'vault+http://token:t@127.0.0.1:9/secret' } })
  const store = new ParameterStore(away)
  const failed = { name: 'ServiceUnavailable', message: /^The store of secrets does not answer: 127\.0\.0\.1:9 / }
  await assert.rejects(store.get(`${PREFIX}db`), failed)
  await assert.rejects(store.getMany(`${PREFIX}db`), failed)
})

test('PS-15 every name and selector that there can be is read as it was meant', () => {
  const of = (characters: string, maxLength: number) =>
    fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength })
  const word = 'abcXYZ019_.-'
  fc.assert(
    fc.property(of(`${word}/+=@`, 512), fc.option(of(word, 256), { nil: undefined }), (name, selector) => {
      const text = `${PREFIX}${name}${selector === undefined ? '' : `:${selector}`}`
      const wanted = { spelling: PREFIX + name, name, selector }
      assert.deepEqual(parseSecretReference(SCOPE, ` ${text} `), { scope: SCOPE, ...wanted })
      const other = { account: '111111111111', region: 'eu-west-1' }
      const arn = `arn:aws:ssm:eu-west-1:111111111111:parameter${text}`
      assert.deepEqual(parseSecretReference(SCOPE, arn), { scope: other, ...wanted })
    }),
  )
})

test('PS-15 any other text is refused as a reference, or is none', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(namesSecret(text), text.trim().startsWith(PREFIX))
      try {
        const { name, selector } = parseSecretReference(SCOPE, PREFIX + text)
        assert.equal(selector === undefined ? name : `${name}:${selector}`, text.trimEnd())
      } catch (error) {
        assert.ok(error instanceof ApiError && error.code === 'ValidationException', String(error))
      }
    }),
  )
})
