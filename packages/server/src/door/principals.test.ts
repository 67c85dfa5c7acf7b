import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  GetAccessKeyLastUsedCommand,
  IAMClient,
  ListUsersCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import { ListDocumentsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { startServer, type TestServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { rawCall } from '#door/testing/raw-call.ts'
import { SealedCredentials } from '#iam/sealed-credentials.ts'
import { allowUser, aUser } from '#iam/testing/a-user.ts'
import { DataDirectory } from '#kernel/data-directory.ts'
import type { SessionToIssue } from '#kernel/declare.ts'

const ACCOUNT = '000000000000'
const ALL = { Effect: 'Allow', Action: '*', Resource: '*' }
const LIST = { Effect: 'Allow', Action: 'ssm:ListDocuments', Resource: '*' }
const SENTENCE = (who: string, because: string) =>
  `User: ${who} is not authorized to perform: ssm:ListDocuments on resource: arn:aws:ssm:us-east-1:${ACCOUNT}:* ${because}`

test('X-04 a user’s key is good until it is made inactive, and from then on no more', async () => {
  await using server = await startServer()
  const credentials = await aUser(server, 'ann', { statements: [LIST] })
  const iam = server.client(IAMClient)
  const list = () => server.client(SSMClient, { credentials }).send(new ListDocumentsCommand({}))
  const key = { UserName: 'ann', AccessKeyId: credentials.accessKeyId }
  await list()
  await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Inactive' }))
  await assert.rejects(list(), {
    name: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
  })
  await iam.send(new UpdateAccessKeyCommand({ ...key, Status: 'Active' }))
  await list()
  await iam.send(new DeleteAccessKeyCommand(key))
  await assert.rejects(list(), { name: 'UnrecognizedClientException' })
})

test('X-04 when and for what a key was used is kept', async () => {
  await using server = await startServer()
  const credentials = await aUser(server, 'ann', { statements: [LIST] })
  await server.client(SSMClient, { credentials }).send(new ListDocumentsCommand({}))
  await server.settle()
  const { accessKeyId: AccessKeyId } = credentials
  const { AccessKeyLastUsed } = await server.client(IAMClient).send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))
  assert.equal(AccessKeyLastUsed?.ServiceName, 'ssm')
  assert.equal(AccessKeyLastUsed?.Region, 'us-east-1')
})

test('X-13 a changed policy counts from the next request on, and a refusal says why', async () => {
  await using server = await startServer()
  const credentials = await aUser(server, 'ann')
  const list = () => server.client(SSMClient, { credentials }).send(new ListDocumentsCommand({}))
  const because = (reason: string) => ({
    name: 'AccessDeniedException',
    message: SENTENCE(`arn:aws:iam::${ACCOUNT}:user/ann`, reason),
  })
  await assert.rejects(list(), because('because no identity-based policy allows the ssm:ListDocuments action'))
  await allowUser(server, 'ann', [LIST])
  await list()
  await allowUser(server, 'ann', [ALL, { ...LIST, Effect: 'Deny' }])
  await assert.rejects(list(), because('with an explicit deny in an identity-based policy'))
  await server.client(IAMClient).send(new DeleteUserPolicyCommand({ UserName: 'ann', PolicyName: 'test' }))
  await assert.rejects(list(), because('because no identity-based policy allows the ssm:ListDocuments action'))
})

test('X-13 services of the Query protocol refuse with AccessDenied and status 403', async () => {
  await using server = await startServer()
  const credentials = await aUser(server, 'ann')
  const body = 'Action=ListUsers&Version=2010-05-08'
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const { status, text } = await rawCall(server, { service: 'iam', credentials, headers, body })
  assert.equal(status, 403)
  assert.match(text, /<Code>AccessDenied<\/Code>/)
  assert.match(text, /not authorized to perform: iam:ListUsers on resource: /)
})

test('X-13 a role’s session may do what the role may, as of now, as far as its session policies allow', async () => {
  await using server = await startServer()
  const { iam, session } = await aRole(server)
  const allowRole = (statement: object) => iam.send(new PutRolePolicyCommand(rolePolicy(statement)))
  const wide = callerOf(server, session)
  const narrow = callerOf(server, { ...session, session: { issuedAt: 0, policies: [document(LIST)] } })
  const nothing = callerOf(server, {
    ...session,
    session: { issuedAt: 0, policies: [document({ ...ALL, Action: 'kms:*' })] },
  })
  const refusal = (because: string) => ({ message: SENTENCE(session.arn, because) })

  await assert.rejects(wide.list(), refusal('because no identity-based policy allows the ssm:ListDocuments action'))
  await allowRole(ALL)
  await wide.list()
  await narrow.list()
  await assert.rejects(nothing.list(), refusal('because no session policy allows the ssm:ListDocuments action'))
  assert.deepEqual(await wide.whoAmI(), { Account: ACCOUNT, Arn: session.arn, UserId: session.userId })
  assert.equal(await wide.listUsers(), undefined)

  await iam.send(new DeleteRolePolicyCommand({ RoleName: 'R', PolicyName: 'test' }))
  await iam.send(new DeleteRoleCommand({ RoleName: 'R' }))
  await assert.rejects(wide.list(), { name: 'UnrecognizedClientException' })
  const made = await aRole(server)
  assert.notEqual(made.session.userId, session.userId)
  await assert.rejects(wide.list(), { name: 'UnrecognizedClientException' })
})

test('X-14 what a session states can be asked for: its tags, its second factor, its age', async () => {
  await using server = await startServer()
  const { iam, session } = await aRole(server)
  const now = server.house.clock.now().getTime()
  const conditions = {
    StringEquals: { 'aws:PrincipalTag/team': 'blue', 'aws:SourceIdentity': 'ann', 'aws:PrincipalArn': session.roleArn },
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    NumericLessThan: { 'aws:MultiFactorAuthAge': '60' },
    DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:00Z' },
  }
  await iam.send(new PutRolePolicyCommand(rolePolicy({ ...LIST, Condition: conditions })))
  const facts = { issuedAt: now, mfaAt: now - 30_000, tags: { team: 'blue' }, sourceIdentity: 'ann' }
  await callerOf(server, { ...session, session: facts }).list()
  for (const more of [{ tags: { team: 'red' } }, { mfaAt: now - 90_000 }, { sourceIdentity: 'bob' }, { issuedAt: 0 }]) {
    const caller = callerOf(server, { ...session, session: { ...facts, ...more } })
    await assert.rejects(caller.list(), { name: 'AccessDeniedException' }, JSON.stringify(more))
  }
})

test('X-13 a federated user may do what both its issuer and its session policies allow, and nothing without the latter', async () => {
  await using server = await startServer()
  const arn = `arn:aws:sts::${ACCOUNT}:federated-user/f`
  const base = {
    kind: 'federated',
    account: ACCOUNT,
    arn,
    name: 'f',
    userId: `${ACCOUNT}:f`,
    issuer: undefined,
  } as const
  await callerOf(server, { ...base, session: { issuedAt: 0, policies: [document(LIST)] } }).list()
  await assert.rejects(callerOf(server, { ...base, session: { issuedAt: 0 } }).list(), {
    message: SENTENCE(arn, 'because no session policy allows the ssm:ListDocuments action'),
  })
  const caller = callerOf(server, { ...base, session: { issuedAt: 0, policies: [document(ALL)] } })
  assert.match(String(await caller.listUsers()), /^InvalidClientTokenId/)
})

test('X-13 a session of the root is the root, until its token expires', async () => {
  await using server = await startServer()
  const arn = `arn:aws:iam::${ACCOUNT}:root`
  const caller = callerOf(server, { kind: 'root', account: ACCOUNT, arn, session: { issuedAt: 0 } })
  await caller.list()
  await server.advance(3_601_000)
  await assert.rejects(caller.list(), { name: 'ExpiredTokenException' })
})

test('X-13 a permissions boundary holds back what the user’s policies allow', async () => {
  await using server = await startServer()
  const credentials = await aUser(server, 'ann', { statements: [ALL] })
  const iam = server.client(IAMClient)
  const list = () => server.client(SSMClient, { credentials }).send(new ListDocumentsCommand({}))
  const PermissionsBoundary = 'arn:aws:iam::aws:policy/IAMFullAccess'
  await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'ann', PermissionsBoundary }))
  await assert.rejects(list(), {
    message: SENTENCE(
      `arn:aws:iam::${ACCOUNT}:user/ann`,
      'because no permissions boundary allows the ssm:ListDocuments action',
    ),
  })
  await iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: 'ann' }))
  await list()
})

test('X-13 a node may do what its role allows if the role is one of IAM’s, from the next call on', async () => {
  await using server = await startServer()
  const node = await FakeNode.enrol(server, { IamRole: 'R' })
  const { iam } = await aRole(server)
  const told = async () => (await node.ping()).message
  assert.match(
    String(await told()),
    /assumed-role\/R\/mi-\w+ is not authorized to perform: ssm:UpdateInstanceInformation .* no identity-based policy/,
  )
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore'
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'R', PolicyArn }))
  assert.equal(await told(), undefined)
  await iam.send(new PutRolePolicyCommand(rolePolicy({ ...ALL, Effect: 'Deny' })))
  assert.match(String(await told()), /with an explicit deny in an identity-based policy/)
})

function document(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statement })
}

function rolePolicy(statement: object) {
  return { RoleName: 'R', PolicyName: 'test', PolicyDocument: document(statement) }
}

async function aRole(server: TestServer) {
  const iam = server.client(IAMClient)
  const trust = { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'R', AssumeRolePolicyDocument: document(trust) }))
  const session = {
    kind: 'role',
    account: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/R/s`,
    roleArn: Role!.Arn!,
    name: 'R',
    sessionName: 's',
    userId: `${Role!.RoleId}:s`,
    session: { issuedAt: server.house.clock.now().getTime() },
  } as const
  return { iam, session }
}

/** A caller with credentials like those that STS issues for an hour. */
function callerOf(server: TestServer, session: SessionToIssue) {
  const sealed = new SealedCredentials(new DataDirectory(server.data).key('credentials.key'))
  const credentials = sealed.issue({ ...session, expires: server.house.clock.now().getTime() + 3_600_000 })
  return {
    list: () => server.client(SSMClient, { credentials }).send(new ListDocumentsCommand({})),
    async whoAmI() {
      const { $metadata: _, ...answer } = await server
        .client(STSClient, { credentials })
        .send(new GetCallerIdentityCommand({}))
      return answer
    },
    /** What it is refused with. */
    listUsers: () =>
      server
        .client(IAMClient, { credentials })
        .send(new ListUsersCommand({}))
        .then(() => undefined, String),
  }
}
