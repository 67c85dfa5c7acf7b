import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateRoleCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  IAMClient,
  UpdateUserCommand,
} from '@aws-sdk/client-iam'
import {
  CreateGrantCommand,
  CreateKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListGrantsCommand,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms'
import { CreateBucketCommand, ListObjectsV2Command, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns'
import {
  GetParameterCommand,
  GetResourcePoliciesCommand,
  PutParameterCommand,
  PutResourcePolicyCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { aRole, aUser, type Keys, trusting } from '#capabilities/identity/testing/account.ts'

const ROOT = 'arn:aws:iam::000000000000:root'
const BEA = 'arn:aws:iam::000000000000:user/team/bea'
const Bucket = 'box'

const policyOf = (AWS: string, Action = 'kms:Encrypt', Resource = '*') =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: ROOT }, Action: Action.replace(/:.*/, ':Put*'), Resource },
      { Effect: 'Allow', Principal: { AWS }, Action, Resource },
    ],
  })

/** A key with a grant, a parameter, a topic and a bucket, each with a policy that names the principal. */
async function given(server: TestServer, principal: string) {
  const [kms, ssm, sns] = [server.client(KMSClient), server.client(SSMClient), server.client(SNSClient)]
  const s3 = server.client(S3Client)
  const { KeyId } = (await kms.send(new CreateKeyCommand({ Policy: policyOf(principal) }))).KeyMetadata!
  const toPrincipal = { GranteePrincipal: principal, RetiringPrincipal: principal }
  await kms.send(new CreateGrantCommand({ KeyId, ...toPrincipal, Operations: ['GenerateDataKey'] }))
  await ssm.send(new PutParameterCommand({ Name: '/p', Type: 'String', Value: 'v', Tier: 'Advanced' }))
  const ResourceArn = 'arn:aws:ssm:us-east-1:000000000000:parameter/p'
  await ssm.send(
    new PutResourcePolicyCommand({ ResourceArn, Policy: policyOf(principal, 'ssm:GetParameter', ResourceArn) }),
  )
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 't' }))
  const AttributeValue = policyOf(principal, 'sns:GetTopicAttributes', TopicArn)
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }))
  await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(
    new PutBucketPolicyCommand({ Bucket, Policy: policyOf(principal, 's3:ListBucket', `arn:aws:s3:::${Bucket}`) }),
  )
  return { KeyId, ResourceArn, TopicArn }
}

/** Which of them these credentials let in. */
async function open(server: TestServer, { KeyId, TopicArn }: Awaited<ReturnType<typeof given>>, credentials: Keys) {
  const kms = server.client(KMSClient, { credentials })
  const tries = {
    key: () => kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') })),
    grant: () => kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' })),
    parameter: () => server.client(SSMClient, { credentials }).send(new GetParameterCommand({ Name: '/p' })),
    topic: () => server.client(SNSClient, { credentials }).send(new GetTopicAttributesCommand({ TopicArn })),
    bucket: () => server.client(S3Client, { credentials }).send(new ListObjectsV2Command({ Bucket })),
  }
  const found: string[] = []
  for (const [name, attempt] of Object.entries(tries)) {
    const refused = await attempt().then(
      () => undefined,
      (error: Error) => error.name,
    )
    if (refused === undefined) found.push(name)
    else assert.match(refused, /AccessDenied|AuthorizationError/)
  }
  return found
}

const ALL = ['key', 'grant', 'parameter', 'topic', 'bucket']

for (const database of DATABASES) {
  test(`X-13 what policies of resources give a user stays with it through a new name, and goes with it (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    const ann = await aUser(server, 'ann')
    const things = await given(server, ann.arn)
    assert.deepEqual(await open(server, things, ann), ALL)

    await iam.send(new UpdateUserCommand({ UserName: 'ann', NewUserName: 'bea', NewPath: '/team/' }))
    const other = await aUser(server, 'ann')
    assert.deepEqual([await open(server, things, ann), await open(server, things, other)], [ALL, []])
    const kms = server.client(KMSClient)
    const shown = async () => (await kms.send(new GetKeyPolicyCommand({ KeyId: things.KeyId }))).Policy
    assert.equal(await shown(), policyOf(BEA))

    await iam.send(new DeleteAccessKeyCommand({ UserName: 'bea', AccessKeyId: ann.accessKeyId }))
    await iam.send(new DeleteUserCommand({ UserName: 'bea' }))
    await iam.send(new UpdateUserCommand({ UserName: 'ann', NewUserName: 'bea', NewPath: '/team/' }))
    assert.deepEqual(await open(server, things, other), [])
    const [, id] = /"AWS":"(AIDA[A-Z0-9]{17})"/.exec((await shown())!)!
    assert.equal(await shown(), policyOf(id!))
    const { Grants } = await kms.send(new ListGrantsCommand({ KeyId: things.KeyId }))
    assert.deepEqual([Grants![0]!.GranteePrincipal, Grants![0]!.RetiringPrincipal], [id, id])

    // What names nobody any more must be written anew; that of a parameter has another hash, as whoever read it must know.
    const again = new PutKeyPolicyCommand({ KeyId: things.KeyId, Policy: policyOf(id!) })
    await assert.rejects(kms.send(again), { name: 'MalformedPolicyDocumentException' })
    const ssm = server.client(SSMClient)
    const { ResourceArn } = things
    const [listed] = (await ssm.send(new GetResourcePoliciesCommand({ ResourceArn }))).Policies!
    const renewed = { ResourceArn, PolicyId: listed!.PolicyId, PolicyHash: listed!.PolicyHash }
    await ssm.send(new PutResourcePolicyCommand({ ...renewed, Policy: policyOf(BEA, 'ssm:GetParameter', ResourceArn) }))
  })
}

test('X-13 what policies of resources give a role is not for another one of its name', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const role = await aRole(server, 'deploy', trusting({ AWS: ROOT }))
  const { KeyId } = await given(server, role.arn)
  await iam.send(new DeleteRoleCommand({ RoleName: 'deploy' }))
  await iam.send(new CreateRoleCommand({ RoleName: 'deploy', AssumeRolePolicyDocument: trusting({ AWS: ROOT }) }))
  const { Policy } = await server.client(KMSClient).send(new GetKeyPolicyCommand({ KeyId }))
  assert.equal(Policy, policyOf(role.id))
})
