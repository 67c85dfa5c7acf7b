import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeleteAccessKeyCommand, IAMClient, ListUsersCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { ListCommandsCommand, SSMClient } from '@aws-sdk/client-ssm'
import {
  AssumeRoleCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { startServer, type TestServer } from '@steward/testkit'
import { ADMINISTRATOR, allowing, aRole, aUser, type Keys, keysOf, stsOf, trusting } from '../testing/account.ts'

const list = (server: TestServer, credentials: Keys) =>
  server.client(SSMClient, { credentials }).send(new ListCommandsCommand({}))

const whoIs = async (server: TestServer, keys: Keys) => {
  const { UserId, Account, Arn } = await stsOf(server, keys).send(new GetCallerIdentityCommand({}))
  return [UserId, Account, Arn]
}

test('a session of a user may what the user may now, and ends with the user', async () => {
  await using server = await startServer()
  const ann = await aUser(server, 'ann')
  const session = keysOf(await stsOf(server, ann).send(new GetSessionTokenCommand({ DurationSeconds: 900 })))
  assert.deepEqual(await whoIs(server, session), await whoIs(server, ann))
  assert.match((await whoIs(server, ann))[0]!, /^AIDA/)
  await assert.rejects(list(server, session), { name: 'AccessDeniedException' })
  const PolicyDocument = allowing({ Action: 'ssm:*' })
  await server.client(IAMClient).send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'own', PolicyDocument }))
  await list(server, session)
  await assert.rejects(stsOf(server, session).send(new GetSessionTokenCommand({})), {
    name: 'AccessDenied',
    message: 'Cannot call GetSessionToken with session credentials',
  })
  await server.advance(901_000)
  await assert.rejects(list(server, session), { name: 'ExpiredTokenException' })
})

test('the root has sessions of an hour at most', async () => {
  await using server = await startServer()
  const { Credentials } = await server.client(STSClient).send(new GetSessionTokenCommand({ DurationSeconds: 43_200 }))
  const life = Credentials!.Expiration!.getTime() - server.house.clock.now().getTime()
  assert.ok(life <= 3_600_000 && life > 3_500_000)
  assert.deepEqual(await whoIs(server, keysOf({ Credentials })), [
    '000000000000',
    '000000000000',
    'arn:aws:iam::000000000000:root',
  ])
})

test('a federated user may what its issuer may and the session policies allow, and nothing without them', async () => {
  await using server = await startServer()
  const ann = await aUser(server, 'ann', { managed: [ADMINISTRATOR] })
  const token = (more: object) => stsOf(server, ann).send(new GetFederationTokenCommand({ Name: 'guest', ...more }))
  const answer = await token({ Policy: allowing({ Action: 'ssm:*' }) })
  assert.deepEqual(answer.FederatedUser, {
    FederatedUserId: '000000000000:guest',
    Arn: 'arn:aws:sts::000000000000:federated-user/guest',
  })
  const guest = keysOf(answer)
  assert.deepEqual((await whoIs(server, guest))[0], '000000000000:guest')
  await list(server, guest)
  // Not even what its policies would allow: IAM is not for such credentials.
  await assert.rejects(server.client(IAMClient, { credentials: guest }).send(new ListUsersCommand({})), {
    name: 'InvalidClientTokenId',
  })
  const withoutPolicies = await token({})
  assert.equal(withoutPolicies.PackedPolicySize, 0)
  const bare = keysOf(withoutPolicies)
  await assert.rejects(list(server, bare), { name: 'AccessDeniedException' })
  const managed = keysOf(await token({ PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess' }] }))
  await list(server, managed)
  const open = await aRole(server, 'open', trusting({ AWS: '*' }))
  const onwards = { RoleArn: open.arn, RoleSessionName: 'onwards' }
  await assert.rejects(stsOf(server, guest).send(new AssumeRoleCommand(onwards)), { name: 'AccessDenied' })
  await assert.rejects(stsOf(server, guest).send(new GetFederationTokenCommand({ Name: 'again' })), {
    name: 'AccessDenied',
  })
  const ofRoot = await server
    .client(STSClient)
    .send(new GetFederationTokenCommand({ Name: 'guest', Policy: allowing({ Action: 'ssm:*' }) }))
  await list(server, keysOf(ofRoot))
})

test('the account of an access key is told', async () => {
  await using server = await startServer()
  const ann = await aUser(server, 'ann', { managed: [ADMINISTRATOR] })
  const ask = async (AccessKeyId: string) =>
    (await server.client(STSClient).send(new GetAccessKeyInfoCommand({ AccessKeyId }))).Account
  assert.equal(await ask(ann.accessKeyId), '000000000000')
  assert.equal(await ask(server.house.rootKey.accessKeyId), '000000000000')
  await server.client(IAMClient).send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: ann.accessKeyId }))
  await assert.rejects(ask(ann.accessKeyId), { name: 'ValidationError' })
  await assert.rejects(whoIs(server, ann), { name: 'InvalidClientTokenId' })
})
