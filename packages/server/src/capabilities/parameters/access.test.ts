import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateAliasCommand, CreateKeyCommand, DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { SSMClient, UpdateServiceSettingCommand } from '@aws-sdk/client-ssm'
import { startServer, type TestServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { aUser } from '#iam/testing/a-user.ts'
import { ParameterStore } from './testing/parameter-store.ts'

const ARN = 'arn:aws:ssm:us-east-1:000000000000:parameter'

let users = 0

/** Parameter Store as a user with these statements sees it. */
async function as(server: TestServer, ...statements: object[]): Promise<ParameterStore> {
  const credentials = await aUser(server, `user-${++users}`, { statements })
  return new ParameterStore(server, server.client(SSMClient, { credentials }))
}

const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
})
const denied = { name: 'AccessDeniedException' }

test('X-12 reading is allowed on the parameter’s ARN, however it is named', async () => {
  await using server = await startServer()
  const root = new ParameterStore(server)
  for (const name of ['/open/a', '/closed/a', 'plain']) await root.put(name, 'v')
  const user = await as(server, allow('ssm:Get*', [`${ARN}/open/*`, `${ARN}/plain`]))
  for (const name of ['/open/a', '/open/a:1', `${ARN}/open/a`, 'plain', '/plain', ' plain ']) {
    assert.equal((await user.get(name)).Value, 'v')
  }
  await assert.rejects(user.get('/closed/a'), {
    ...denied,
    message: new RegExp(
      `is not authorized to perform: ssm:GetParameter on resource: ${ARN}/closed/a because no identity`,
    ),
  })
  const other = `arn:aws:ssm:us-east-1::parameter/closed/a`
  await assert.rejects((await as(server, allow('ssm:*', 'arn:aws:ssm:us-east-1::parameter/*'))).get(other), denied)
  await assert.rejects(user.getMany('/open/a', '/closed/a'), denied)
})

test('PS-19 a path is allowed as a whole: a deny on something below does not hide it', async () => {
  await using server = await startServer()
  const root = new ParameterStore(server)
  for (const name of ['/team/open', '/team/secret/x']) await root.put(name, 'v')
  const user = await as(server, allow('ssm:GetParametersByPath', [`${ARN}/team`, `${ARN}/team/*`]), {
    Effect: 'Deny',
    Action: 'ssm:GetParametersByPath',
    Resource: [`${ARN}/team/secret`, `${ARN}/team/secret/*`],
  })
  await assert.rejects(user.under('/team/secret'), denied)
  assert.equal((await user.under('/team', { Recursive: true })).length, 2)
})

test('PS-19 X-14 conditions on overwriting, recursion and policies', async () => {
  await using server = await startServer()
  const root = new ParameterStore(server)
  const once = await as(server, allow('ssm:PutParameter', '*', { StringEquals: { 'ssm:Overwrite': 'false' } }))
  await once.put('p', 'v')
  await assert.rejects(once.put('p', 'w', { Overwrite: true }), denied)
  const flat = await as(server, allow('ssm:GetParametersByPath', '*', { StringEquals: { 'ssm:Recursive': 'false' } }))
  await flat.under('/')
  await assert.rejects(flat.under('/', { Recursive: true }), denied)
  const tagged = await as(server, allow('ssm:PutParameter'))
  await assert.rejects(tagged.put('t', 'v', { Tags: [{ Key: 'k', Value: 'v' }] }), {
    ...denied,
    message: /ssm:AddTagsToResource/,
  })
  await root.put('env', 'v', { Tags: [{ Key: 'env', Value: 'dev' }] })
  const byTag = await as(server, allow('ssm:GetParameter', '*', { StringEquals: { 'ssm:resourceTag/env': 'dev' } }))
  assert.equal(await byTag.value('env'), 'v')
  await assert.rejects(byTag.get('p'), denied)
})

test('PS-05 X-12 a key of one’s own must be allowed too; the account’s key is for everybody who may read', async () => {
  await using server = await startServer()
  const root = new ParameterStore(server)
  const kms = server.client(KMSClient)
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: KeyMetadata!.KeyId! }))
  const Type = 'SecureString'
  await root.put('/s/default', 'v', { Type })
  await root.put('/s/own', 'v', { Type, KeyId: 'alias/mine' })

  const reader = await as(server, allow(['ssm:Get*', 'ssm:PutParameter']))
  assert.equal(await reader.value('/s/default'), 'v')
  assert.ok((await reader.get('/s/own', false)).Value, 'the ciphertext is no secret')
  const refused = { ...denied, message: new RegExp(`kms:Decrypt on resource: ${KeyMetadata!.Arn}`) }
  await assert.rejects(reader.get('/s/own'), refused)
  await assert.rejects(reader.getMany('/s/default', '/s/own'), refused)
  await assert.rejects(reader.under('/s', { WithDecryption: true }), refused)
  await assert.rejects(reader.history('/s/own'), refused)
  assert.equal((await reader.under('/s')).length, 2)
  await assert.rejects(reader.put('/s/own', 'w', { Overwrite: true }), { ...denied, message: /kms:Encrypt/ })
  await assert.rejects(reader.put('/s/new', 'w', { Type, KeyId: 'alias/mine' }), { ...denied, message: /kms:Encrypt/ })

  const mine = { StringEquals: { 'kms:EncryptionContext:PARAMETER_ARN': `${ARN}/s/own` } }
  const allowed = await as(server, allow('ssm:Get*'), allow('kms:Decrypt', KeyMetadata!.Arn!, mine))
  assert.equal(await allowed.value('/s/own'), 'v')
})

test('X-14 a key that Parameter Store uses for the caller may be allowed by its alias', async () => {
  await using server = await startServer()
  const root = new ParameterStore(server)
  const kms = server.client(KMSClient)
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  const KeyId = KeyMetadata!.Arn!
  await root.put('/s/own', 'v', { Type: 'SecureString', KeyId })
  const byAlias = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/shop' } }
  const keys = allow(['kms:Encrypt', 'kms:Decrypt'], '*', byAlias)
  const user = await as(server, allow(['ssm:GetParameter', 'ssm:PutParameter']), keys)
  await assert.rejects(user.get('/s/own'), denied)
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/shop', TargetKeyId: KeyId }))
  assert.equal(await user.value('/s/own'), 'v')
  await user.put('/s/own', 'w', { Overwrite: true })
})

test('X-14 a policy may allow a key to Parameter Store only, and tell its uses from those that the caller asks for', async () => {
  await using server = await startServer()
  const root = new ParameterStore(server)
  const { KeyMetadata } = await server.client(KMSClient).send(new CreateKeyCommand({}))
  const KeyId = KeyMetadata!.Arn!
  await root.put('/s/own', 'v', { Type: 'SecureString', KeyId })
  const ssm = allow('ssm:GetParameter', '*', { Bool: { 'aws:ViaAWSService': 'false' } })
  const isDirect = { Bool: { 'aws:ViaAWSService': 'false' } }
  const statements = [ssm, allow('kms:*'), { ...allow('kms:*', '*', isDirect), Effect: 'Deny' }]
  const credentials = await aUser(server, 'through', { statements })
  const user = new ParameterStore(server, server.client(SSMClient, { credentials }))
  assert.equal(await user.value('/s/own'), 'v')
  await assert.rejects(server.client(KMSClient, { credentials }).send(new DescribeKeyCommand({ KeyId })), denied)
})

test('PS-05 X-12 what becomes of the Advanced tier, asked for or not, takes a data key of the key too', async () => {
  await using server = await startServer()
  const { KeyMetadata } = await server.client(KMSClient).send(new CreateKeyCommand({}))
  const KeyId = KeyMetadata!.Arn!
  const Type = 'SecureString'
  const large = 'v'.repeat(5_000)
  const ssm = ['ssm:PutParameter', 'ssm:GetParameter']
  const user = await as(server, allow(ssm), allow(['kms:Encrypt', 'kms:Decrypt'], KeyId))
  const refused = { ...denied, message: new RegExp(`kms:GenerateDataKey on resource: ${KeyId}`) }
  await user.put('/s/standard', 'v', { Type, KeyId })
  await user.put('/s/small', 'v', { Type, KeyId, Tier: 'Intelligent-Tiering' })
  await assert.rejects(user.put('/s/new', 'v', { Type, KeyId, Tier: 'Advanced' }), refused)
  await assert.rejects(user.put('/s/small', large, { Overwrite: true, Tier: 'Intelligent-Tiering' }), refused)
  await assert.rejects(user.put('/s/standard', large, { Overwrite: true }), { name: 'ValidationException' })
  const guide = await as(server, allow(ssm), allow(['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'], KeyId))
  await guide.put('/s/new', large, { Type, KeyId, Tier: 'Advanced' })
  assert.equal(await guide.value('/s/new'), large)
  await assert.rejects(user.put('/s/new', 'w', { Overwrite: true }), refused)

  const SettingId = '/ssm/parameter-store/default-parameter-tier'
  await server.client(SSMClient).send(new UpdateServiceSettingCommand({ SettingId, SettingValue: 'Advanced' }))
  await assert.rejects(user.put('/s/standard', 'w', { Overwrite: true }), refused)

  await guide.put('/s/default', 'v', { Type })
  const { KeyMetadata: own } = await server.client(KMSClient).send(new DescribeKeyCommand({ KeyId: 'alias/aws/ssm' }))
  const noDefaultKey = { Effect: 'Deny', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: own!.Arn }
  const without = await as(server, allow(ssm), noDefaultKey)
  await assert.rejects(without.get('/s/default'), { ...denied, message: /kms:Decrypt .* explicit deny/ })
  await assert.rejects(without.put('/s/other', 'v', { Type }), {
    ...denied,
    message: /kms:GenerateDataKey .* explicit deny/,
  })
})

test('X-12 a node reads the account’s parameters and SecureStrings, but not under a key of one’s own', async () => {
  await using server = await startServer()
  const root = new ParameterStore(server)
  const { KeyMetadata } = await server.client(KMSClient).send(new CreateKeyCommand({}))
  const Type = 'SecureString'
  await root.put('/s/default', 'v', { Type })
  await root.put('/s/own', 'v', { Type, KeyId: KeyMetadata!.KeyId! })
  const { AccessKeyId, SecretAccessKey, SessionToken } = (await FakeNode.enrol(server)).token!
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  const store = new ParameterStore(server, server.client(SSMClient, { credentials }))
  assert.equal(await store.value('/s/default'), 'v')
  await assert.rejects(store.get('/s/own'), { ...denied, message: /kms:Decrypt/ })
  await assert.rejects(store.put('/s/default', 'w', { Overwrite: true }), denied)
})
