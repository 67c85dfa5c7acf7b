import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
  PutGroupPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns'
import { AddTagsToResourceCommand, PutParameterCommand, PutResourcePolicyCommand, SSMClient } from '@aws-sdk/client-ssm'
import { startServer, type TestServer } from '@steward/testkit'
import { steward } from '#main.ts'
import { capturedIo } from '#testing/captured-io.ts'

const USER = 'arn:aws:iam::000000000000:user/ann'
const COLOUR = 'arn:aws:ssm:us-east-1:000000000000:parameter/app/colour'

test('X-18 steward why names the policy and the statement that allows, with its text, and looks up the tags of the resource', async () => {
  await using server = await startServer()
  const iam = await withUser(server)
  const statement =
    '{"Sid":"Dev","Effect":"Allow","Action":"ssm:Get*","Resource":"*","Condition":{"StringEquals":{"ssm:resourceTag/env":"dev"}}}'
  const PolicyDocument = `{"Version":"2012-10-17",\n "Statement":[${statement}]}`
  await iam.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'read-dev', PolicyDocument }))
  const ssm = server.client(SSMClient)
  await ssm.send(new PutParameterCommand({ Name: '/app/colour', Value: 'red', Type: 'String' }))

  const denied = await type(server, 'why', 'user/ann', 'ssm:GetParameter', COLOUR)
  assert.equal(denied.code, 1)
  assert.match(
    denied.out,
    new RegExp(
      `^denied: ${USER} may not ssm:GetParameter on ${COLOUR}\nbecause no statement of its policies allows it\\.\n`,
    ),
  )
  assert.match(denied.out, /also ask for ssm:resourceTag\/env/)

  const Tags = [{ Key: 'env', Value: 'dev' }]
  await ssm.send(new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: '/app/colour', Tags }))
  const allowed = await type(server, 'why', USER, 'ssm:GetParameter', COLOUR)
  assert.deepEqual(allowed, {
    code: 0,
    out: `allowed: ${USER} may ssm:GetParameter on ${COLOUR}\nbecause of this statement:\n  read-dev (inline policy of the user), line 2, column 15:\n    ${statement}\n`,
    err: '',
  })
  const stated = await type(server, 'why', 'user/ann', 'ssm:GetParameter', '--context', 'ssm:resourceTag/env=dev')
  assert.equal(stated.code, 0)
})

test('X-18 steward why finds statements of groups and managed policies; what denies is all that counts', async () => {
  await using server = await startServer()
  const iam = await withUser(server)
  await iam.send(
    new AttachUserPolicyCommand({ UserName: 'ann', PolicyArn: 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess' }),
  )
  const viaManaged = await type(server, 'why', 'user/ann', 'ssm:GetParameter', COLOUR)
  assert.match(
    viaManaged.out,
    /^allowed: .*\n.*\n {2}AmazonSSMReadOnlyAccess \(managed by AWS\), line \d+, column \d+:\n {4}\{/,
  )

  await iam.send(new CreateGroupCommand({ GroupName: 'staff' }))
  await iam.send(new AddUserToGroupCommand({ GroupName: 'staff', UserName: 'ann' }))
  const PolicyDocument = JSON.stringify({ Statement: { Effect: 'Deny', Action: 'ssm:*', Resource: '*' } })
  await iam.send(new PutGroupPolicyCommand({ GroupName: 'staff', PolicyName: 'nothing', PolicyDocument }))
  const { code, out } = await type(server, 'why', 'user/ann', 'ssm:GetParameter', COLOUR, '--json')
  assert.equal(code, 1)
  const { decision, statements } = JSON.parse(out)
  assert.equal(decision, 'explicitDeny')
  assert.deepEqual(statements, [
    {
      policy: 'nothing',
      kind: 'group',
      start: { line: 1, column: 14 },
      end: { line: 1, column: 63 },
      text: '{"Effect":"Deny","Action":"ssm:*","Resource":"*"}',
    },
  ])
})

test('X-18 steward why tells when it is the permissions boundary', async () => {
  await using server = await startServer()
  const iam = await withUser(server)
  const document = (Action: string) =>
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } })
  await iam.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'all', PolicyDocument: document('*') }))
  const made = await iam.send(new CreatePolicyCommand({ PolicyName: 'kms', PolicyDocument: document('kms:*') }))
  const PermissionsBoundary = made.Policy!.Arn!
  await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'ann', PermissionsBoundary }))
  const { code, out } = await type(server, 'why', 'user/ann', 'ssm:GetParameter')
  assert.equal(code, 1)
  assert.match(out, /\nbecause its permissions boundary does not allow it\.\n/)
})

test('X-18 steward why counts the policies of keys, buckets, topics and parameters, and names the statement', async () => {
  await using server = await startServer()
  const iam = await withUser(server)
  const everything = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:*","Resource":"*"}}'
  const statement = (Effect: string, Action: string, Resource: string) =>
    JSON.stringify({ Sid: 'Ann', Effect, Principal: { AWS: USER }, Action, Resource })
  const policy = (...statements: string[]) => `{"Version":"2012-10-17",\n "Statement":[${statements.join(',')}]}`
  const because = (arn: string, text: string) => `\n  ${arn} (its own policy), line 2, column 15:\n    ${text}\n`

  const topics = server.client(SNSClient)
  const { TopicArn } = await topics.send(new CreateTopicCommand({ Name: 'news' }))
  const publish = statement('Allow', 'sns:Publish', TopicArn!)
  const attribute = { TopicArn, AttributeName: 'Policy', AttributeValue: policy(publish) }
  await topics.send(new SetTopicAttributesCommand(attribute))
  const topic = await type(server, 'why', 'user/ann', 'sns:Publish', TopicArn!)
  assert.equal(topic.code, 0)
  assert.ok(topic.out.includes(because(TopicArn!, publish)), topic.out)

  const s3 = server.client(S3Client)
  await s3.send(new CreateBucketCommand({ Bucket: 'shop' }))
  const object = 'arn:aws:s3:::shop/a'
  const read = statement('Allow', 's3:GetObject', 'arn:aws:s3:::shop/*')
  assert.equal((await type(server, 'why', 'user/ann', 's3:GetObject', object)).code, 1)
  await s3.send(new PutBucketPolicyCommand({ Bucket: 'shop', Policy: policy(read) }))
  assert.ok((await type(server, 'why', 'user/ann', 's3:GetObject', object)).out.includes(because(object, read)))

  const ssm = server.client(SSMClient)
  await ssm.send(new PutParameterCommand({ Name: '/app/colour', Value: 'red', Type: 'String', Tier: 'Advanced' }))
  const share = statement('Allow', 'ssm:GetParameter', COLOUR)
  await ssm.send(new PutResourcePolicyCommand({ ResourceArn: COLOUR, Policy: policy(share).replace('\n', '') }))
  assert.ok(
    (await type(server, 'why', 'user/ann', 'ssm:GetParameter', COLOUR)).out.includes(
      `line 1, column 39:\n    ${share}\n`,
    ),
  )

  await iam.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'keys', PolicyDocument: everything }))
  const keys = server.client(KMSClient)
  const KeyId = (await keys.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!
  const asked = ['why', 'user/ann', 'kms:Decrypt', KeyId]
  const left = await type(server, ...asked)
  assert.equal(left.code, 0)
  assert.match(
    left.out,
    /because of these statements:\n {2}keys \(inline policy of the user\)(?:.|\n)*\(its own policy\)/,
  )
  const root =
    '{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:Put*","Resource":"*"}'
  await keys.send(new PutKeyPolicyCommand({ KeyId, Policy: policy(root) }))
  const silent = await type(server, ...asked)
  assert.equal(silent.code, 1)
  assert.match(silent.out, /\nbecause the policy of the resource does not allow it, too\.\n/)
  const deny = statement('Deny', 'kms:Decrypt', '*')
  await keys.send(new PutKeyPolicyCommand({ KeyId, Policy: policy(deny, root) }))
  assert.ok((await type(server, ...asked)).out.includes(because(KeyId, deny)))
})

test('X-18 steward why tells that it could not read the policy of the resource', async () => {
  await using server = await startServer()
  await withUser(server)
  const iam = await withUser(server, 'looker')
  const PolicyDocument =
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:Get*","iam:Simulate*"],"Resource":"*"}}'
  await iam.send(new PutUserPolicyCommand({ UserName: 'looker', PolicyName: 'look', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'looker' }))
  const key = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  const { out } = await typeAs(server, key, 'why', 'user/ann', 'ssm:GetParameter', COLOUR)
  assert.match(out, /\nThe policy of the resource could not be read \(AccessDeniedException\), so it is left out\.\n/)
})

test('X-18 steward why knows what everybody may do, and says of whom a trust policy decides', async () => {
  await using server = await startServer()
  const iam = await withUser(server)
  const PolicyDocument = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'
  await iam.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'nothing', PolicyDocument }))
  for (const action of ['sts:GetCallerIdentity', 'sts:GetSessionToken', 'steward:RenewSignIn', 'steward:SignOut']) {
    assert.deepEqual(await type(server, 'why', 'user/ann', action), {
      code: 0,
      out: `allowed: ${USER} may ${action} on *\nbecause users and roles always may, whatever policies say.\n`,
      err: '',
    })
  }
  const role = 'arn:aws:iam::000000000000:role/deploy'
  const { code, out } = await type(server, 'why', 'user/ann', 'sts:AssumeRole', role)
  assert.equal(code, 1)
  assert.match(out, /\nThe trust policy of the role was not looked at; it has the say on who may assume the role\.\n$/)
})

test('X-18 steward why says when there is no such principal, or none is named', async () => {
  await using server = await startServer()
  const nobody = await type(server, 'why', 'user/bob', 'ssm:GetParameter')
  assert.equal(nobody.code, 255)
  assert.match(nobody.err, /GetUser was refused: NoSuchEntity: .*bob/)
  assert.equal((await type(server, 'why', 'bob', 'ssm:GetParameter')).code, 2)
})

async function withUser(server: TestServer, UserName = 'ann'): Promise<IAMClient> {
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName }))
  return iam
}

async function type(server: TestServer, ...words: string[]) {
  return typeAs(server, server.house.rootKey, ...words)
}

async function typeAs(
  server: TestServer,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
  ...words: string[]
) {
  const key = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const io = capturedIo({ AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1', ...key })
  const code = await steward(words, io)
  return { code, out: io.out(), err: io.err() }
}
