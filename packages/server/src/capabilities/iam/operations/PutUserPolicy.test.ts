import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteGroupPolicyCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetGroupPolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { DATABASES, startServer } from '@steward/testkit'

const document = (length = 0) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'ssm:*', Resource: `arn:aws:ssm:*:*:parameter/${'x'.repeat(length)}` }],
  })
const PLAIN = document().length
const NO_SUCH = { name: 'NoSuchEntityException' }

for (const database of DATABASES) {
  test(`policies written into a user are listed, read, replaced and deleted (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    const UserName = 'ann'
    await iam.send(new CreateUserCommand({ UserName }))
    const put = (PolicyName: string, PolicyDocument: string) =>
      iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }))
    await put('b', document())
    await put('a', document(5))
    await put('a', document(7))
    const first = await iam.send(new ListUserPoliciesCommand({ UserName, MaxItems: 1 }))
    assert.deepEqual([first.PolicyNames, first.IsTruncated], [['a'], true])
    const second = await iam.send(new ListUserPoliciesCommand({ UserName, MaxItems: 1, Marker: first.Marker }))
    assert.deepEqual([second.PolicyNames, second.IsTruncated, second.Marker], [['b'], false, undefined])
    const read = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName: 'a' }))
    assert.equal(decodeURIComponent(read.PolicyDocument!), document(7))
    assert.ok(!read.PolicyDocument!.includes('{'))
    await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'a' }))
    await assert.rejects(iam.send(new GetUserPolicyCommand({ UserName, PolicyName: 'a' })), {
      ...NO_SUCH,
      message: 'The user policy with name a cannot be found.',
    })
    await assert.rejects(iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'a' })), NO_SUCH)
    await assert.rejects(iam.send(new ListUserPoliciesCommand({ UserName: 'bob' })), NO_SUCH)
  })
}

test('the policies written into a user, group or role have a size together', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  await iam.send(new CreateGroupCommand({ GroupName: 'ops' }))
  const user = (PolicyName: string, length: number) =>
    iam.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName, PolicyDocument: document(length) }))
  await user('a', 1000)
  await user('b', 2048 - 1000 - 2 * PLAIN)
  await user('b', 2048 - 1000 - 2 * PLAIN)
  await assert.rejects(user('c', 0), {
    name: 'LimitExceededException',
    message: 'Maximum policy size of 2048 bytes exceeded for user ann',
  })
  const group = { GroupName: 'ops', PolicyName: 'a' }
  await iam.send(new PutGroupPolicyCommand({ ...group, PolicyDocument: document(5120 - PLAIN) }))
  const tooLong = { ...group, PolicyDocument: document(5121 - PLAIN) }
  await assert.rejects(iam.send(new PutGroupPolicyCommand(tooLong)), { name: 'LimitExceededException' })
  assert.ok((await iam.send(new GetGroupPolicyCommand(group))).PolicyDocument)
  await iam.send(new DeleteGroupPolicyCommand(group))
  const broken = { UserName: 'ann', PolicyName: 'c', PolicyDocument: '{"Version":"2012-10-17"}' }
  await assert.rejects(iam.send(new PutUserPolicyCommand(broken)), { name: 'MalformedPolicyDocumentException' })
})

test('ten managed policies at most are attached, and attaching again is no fault', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const UserName = 'ann'
  await iam.send(new CreateUserCommand({ UserName }))
  const arns: string[] = []
  for (let i = 0; i < 11; i++) {
    const made = { PolicyName: `p${i}`, Path: i < 5 ? '/low/' : '/high/', PolicyDocument: document() }
    arns.push((await iam.send(new CreatePolicyCommand(made))).Policy!.Arn!)
  }
  const attach = (PolicyArn: string) => iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
  for (const arn of arns.slice(0, 10)) await attach(arn)
  await attach(arns[0]!)
  await assert.rejects(attach(arns[10]!), {
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for PoliciesPerUser: 10',
  })
  const list = async (more: object) => await iam.send(new ListAttachedUserPoliciesCommand({ UserName, ...more }))
  assert.equal((await list({})).AttachedPolicies!.length, 10)
  assert.deepEqual((await list({ PathPrefix: '/low/', MaxItems: 1 })).AttachedPolicies, [
    { PolicyName: 'p0', PolicyArn: arns[0] },
  ])
  await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: arns[0]! }))
  await assert.rejects(iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: arns[0]! })), NO_SUCH)
  await assert.rejects(attach('arn:aws:iam::000000000000:policy/none'), {
    ...NO_SUCH,
    message: 'Policy arn:aws:iam::000000000000:policy/none does not exist or is not attachable.',
  })
  await assert.rejects(attach('arn:aws:iam::aws:policy/aws-service-role/AmazonSSMServiceRolePolicy'), {
    name: 'PolicyNotAttachableException',
  })
})

test('a boundary is set, replaced, shown and removed', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const UserName = 'ann'
  const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`
  await iam.send(new CreateUserCommand({ UserName }))
  const shown = async () => (await iam.send(new GetUserCommand({ UserName }))).User!.PermissionsBoundary
  assert.equal(await shown(), undefined)
  for (const name of ['ReadOnlyAccess', 'PowerUserAccess']) {
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: managed(name) }))
  }
  assert.equal((await shown())!.PermissionsBoundaryArn, managed('PowerUserAccess'))
  await iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName }))
  assert.equal(await shown(), undefined)
  await assert.rejects(iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName })), NO_SUCH)
  const missing = { UserName, PermissionsBoundary: managed('Nothing') }
  await assert.rejects(iam.send(new PutUserPermissionsBoundaryCommand(missing)), NO_SUCH)
})

test('X-16 the role of a service is changed by nobody', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const RoleName = 'AWSServiceRoleForAmazonSSM'
  const refusal = { name: 'UnmodifiableEntityException' }
  const put = { RoleName, PolicyName: 'p', PolicyDocument: document() }
  await assert.rejects(iam.send(new PutRolePolicyCommand(put)), refusal)
  const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
  await assert.rejects(iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })), refusal)
})
