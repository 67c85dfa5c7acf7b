import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddRoleToInstanceProfileCommand,
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  DetachGroupPolicyCommand,
  GetRoleCommand,
  IAMClient,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  SetDefaultPolicyVersionCommand,
  TagRoleCommand,
  TagUserCommand,
  UpdateAccessKeyCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam'
import { ListCommandsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'

const UserName = 'ann'
const document = (Action: string | string[], more: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*', ...more }] })
const SSM =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`
const READ_ONLY = managed('AmazonSSMReadOnlyAccess')

async function ann(server: TestServer) {
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const { AccessKeyId, SecretAccessKey } = AccessKey!
  const credentials = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey! }
  const ssm = server.client(SSMClient, { credentials })
  /** The name of the error with which listing commands is refused. */
  const refusal = () =>
    ssm.send(new ListCommandsCommand({})).then(
      () => undefined,
      (error: Error) => error.name,
    )
  return { iam, own: server.client(IAMClient, { credentials }), AccessKeyId, refusal }
}

for (const database of DATABASES) {
  test(`X-13 whatever changes of a user, its groups and its policies counts from the next request on (${database})`, async () => {
    await using server = await startServer({ database })
    const { iam, AccessKeyId, refusal } = await ann(server)
    const DENIED = 'AccessDeniedException'
    let step = 0
    const after = async (change: Promise<unknown>, expected: string | undefined) => {
      await change
      assert.equal(await refusal(), expected, `after change ${++step}`)
    }
    const group = { GroupName: 'ops' }
    const made = await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: document('ssm:List*') }))
    const PolicyArn = made.Policy!.Arn!
    assert.equal(await refusal(), DENIED)
    await after(iam.send(new CreateGroupCommand(group)), DENIED)
    await after(iam.send(new AttachGroupPolicyCommand({ ...group, PolicyArn })), DENIED)
    await after(iam.send(new AddUserToGroupCommand({ ...group, UserName })), undefined)
    await after(iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document('sns:*') })), undefined)
    await after(iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' })), DENIED)
    await after(iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' })), undefined)
    await after(iam.send(new RemoveUserFromGroupCommand({ ...group, UserName })), DENIED)
    await after(iam.send(new AddUserToGroupCommand({ ...group, UserName })), undefined)
    const boundary = { UserName, PermissionsBoundary: managed('AmazonSNSFullAccess') }
    await after(iam.send(new PutUserPermissionsBoundaryCommand(boundary)), DENIED)
    await after(iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName })), undefined)
    await after(iam.send(new DetachGroupPolicyCommand({ ...group, PolicyArn })), DENIED)
    const PolicyDocument = document('ssm:*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } } })
    await after(iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument })), DENIED)
    await after(iam.send(new TagUserCommand({ UserName, Tags: [{ Key: 'team', Value: 'blue' }] })), undefined)
    await after(iam.send(new UpdateUserCommand({ UserName, NewUserName: 'anna' })), undefined)
    const key = { UserName: 'anna', AccessKeyId }
    await after(iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Inactive' })), 'UnrecognizedClientException')
    await after(iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Active' })), undefined)
  })
}

test('X-13 a node may do what its role allows from the moment that IAM knows the role, and only for itself', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const node = await FakeNode.enrol(server, { IamRole: 'service-role/Fleet' })
  const identity = () =>
    server.client(STSClient, { credentials: roleToken(node) }).send(new GetCallerIdentityCommand({}))
  const report = async () => (await node.ping()).code
  assert.equal(await report(), undefined)
  assert.equal((await identity()).UserId, `node:${node.id}`)
  const role = { RoleName: 'Fleet', Path: '/service-role/', AssumeRolePolicyDocument: SSM }
  const { Role } = await iam.send(new CreateRoleCommand(role))
  assert.equal(await report(), 'AccessDeniedException')
  assert.equal((await identity()).UserId, `${Role!.RoleId}:${node.id}`)
  const PolicyArn = managed('AmazonSSMManagedInstanceCore')
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'Fleet', PolicyArn }))
  assert.equal(await report(), undefined)
  const everything = managed('AdministratorAccess')
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'Fleet', PolicyArn: everything }))
  const other = await FakeNode.enrol(server)
  assert.equal((await node.ping({ InstanceId: other.id })).code, 'AccessDeniedException')
})

function roleToken({ token }: FakeNode) {
  const { AccessKeyId, SecretAccessKey, SessionToken } = token!
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}

test('X-14 policies can limit which policies, boundaries and roles somebody hands out', async () => {
  await using server = await startServer()
  const { iam, own } = await ann(server)
  const PermissionsBoundary = managed('AmazonSSMFullAccess')
  const Statement = [
    {
      Effect: 'Allow',
      Action: 'iam:CreateRole',
      Resource: 'arn:aws:iam::*:role/team/*',
      Condition: { StringEquals: { 'iam:PermissionsBoundary': PermissionsBoundary, 'aws:RequestTag/team': 'blue' } },
    },
    {
      Effect: 'Allow',
      Action: 'iam:AttachRolePolicy',
      Resource: '*',
      Condition: {
        ArnEquals: { 'iam:PolicyARN': READ_ONLY },
        StringEquals: { 'iam:PermissionsBoundary': PermissionsBoundary },
      },
    },
    {
      Effect: 'Allow',
      Action: 'iam:GetRole',
      Resource: '*',
      Condition: { StringEquals: { 'iam:ResourceTag/team': 'blue' } },
    },
    { Effect: 'Allow', Action: ['iam:CreateInstanceProfile', 'iam:AddRoleToInstanceProfile'], Resource: '*' },
    { Effect: 'Allow', Action: ['iam:PassRole', 'iam:TagRole'], Resource: 'arn:aws:iam::*:role/team/*' },
  ]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'delegate', PolicyDocument }))

  const denied = { name: 'AccessDenied', message: /is not authorized to perform: iam:/ }
  const role = { RoleName: 'mine', Path: '/team/', AssumeRolePolicyDocument: SSM }
  const Tags = [{ Key: 'team', Value: 'blue' }]
  await assert.rejects(own.send(new CreateRoleCommand({ ...role, Tags })), denied)
  await assert.rejects(own.send(new CreateRoleCommand({ ...role, PermissionsBoundary })), denied)
  await assert.rejects(own.send(new CreateRoleCommand({ ...role, Path: '/', Tags, PermissionsBoundary })), denied)
  await own.send(new CreateRoleCommand({ ...role, Tags, PermissionsBoundary }))
  await own.send(new AttachRolePolicyCommand({ RoleName: 'mine', PolicyArn: READ_ONLY }))
  const everything = { RoleName: 'mine', PolicyArn: managed('AdministratorAccess') }
  await assert.rejects(own.send(new AttachRolePolicyCommand(everything)), denied)

  await iam.send(new CreateRoleCommand({ RoleName: 'other', AssumeRolePolicyDocument: SSM }))
  await assert.rejects(own.send(new AttachRolePolicyCommand({ RoleName: 'other', PolicyArn: READ_ONLY })), denied)
  await own.send(new GetRoleCommand({ RoleName: 'mine' }))
  await assert.rejects(own.send(new GetRoleCommand({ RoleName: 'other' })), denied)
  await iam.send(new TagRoleCommand({ RoleName: 'other', Tags }))
  await own.send(new GetRoleCommand({ RoleName: 'other' }))

  const InstanceProfileName = 'web'
  await own.send(new CreateInstanceProfileCommand({ InstanceProfileName }))
  const pass = (RoleName: string) => own.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }))
  await assert.rejects(pass('other'), { name: 'AccessDenied', message: /iam:PassRole on resource: .*role\/other / })
  await pass('mine')
})
