import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type AccessKey,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam'
import { DescribeInstanceInformationCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { DATABASES, eventually, startServer, type TestServer } from '@steward/testkit'

for (const database of DATABASES) {
  test(`a user acts with the key it was given, until that is taken away (${database})`, async () => {
    await using server = await startServer({ database })
    const root = server.client(IAMClient)
    const key = await anAdministrator(server, 'ann')
    assert.match(key.AccessKeyId!, /^AKIA[A-Z0-9]{16}$/)
    assert.match(key.SecretAccessKey!, /^[A-Za-z0-9]{40}$/)
    const mine = server.client(IAMClient, { credentials: credentialsOf(key) })
    assert.equal((await mine.send(new GetUserCommand({}))).User!.UserName, 'ann')
    const identity = await server
      .client(STSClient, { credentials: credentialsOf(key) })
      .send(new GetCallerIdentityCommand({}))
    assert.equal(identity.Arn, 'arn:aws:iam::000000000000:user/ann')

    await root.send(new UpdateUserCommand({ UserName: 'ann', NewUserName: 'anna' }))
    assert.equal((await mine.send(new GetUserCommand({}))).User!.UserName, 'anna')

    const AccessKeyId = key.AccessKeyId!
    await root.send(new UpdateAccessKeyCommand({ UserName: 'anna', AccessKeyId, Status: 'Inactive' }))
    await assert.rejects(mine.send(new GetUserCommand({})), { name: 'InvalidClientTokenId' })
    await root.send(new UpdateAccessKeyCommand({ UserName: 'anna', AccessKeyId, Status: 'Active' }))
    await mine.send(new GetUserCommand({}))
    await root.send(new DeleteAccessKeyCommand({ UserName: 'anna', AccessKeyId }))
    await assert.rejects(mine.send(new GetUserCommand({})), { name: 'InvalidClientTokenId' })
  })
}

test('a user has two keys at most, and may manage its own without naming itself', async () => {
  await using server = await startServer()
  const key = await anAdministrator(server, 'ann')
  const mine = server.client(IAMClient, { credentials: credentialsOf(key) })
  const second = (await mine.send(new CreateAccessKeyCommand({}))).AccessKey!
  assert.equal(second.UserName, 'ann')
  await assert.rejects(mine.send(new CreateAccessKeyCommand({})), {
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for AccessKeysPerUser: 2',
  })
  const { AccessKeyMetadata } = await mine.send(new ListAccessKeysCommand({}))
  assert.deepEqual(
    AccessKeyMetadata!.map(({ AccessKeyId, Status, UserName }) => [AccessKeyId, Status, UserName]).sort(),
    [key, second].map(({ AccessKeyId }) => [AccessKeyId, 'Active', 'ann']).sort(),
  )
  await mine.send(new UpdateAccessKeyCommand({ AccessKeyId: second.AccessKeyId!, Status: 'Inactive' }))
  await mine.send(new DeleteAccessKeyCommand({ AccessKeyId: second.AccessKeyId! }))
  await assert.rejects(mine.send(new DeleteAccessKeyCommand({ AccessKeyId: second.AccessKeyId! })), {
    name: 'NoSuchEntityException',
    message: `The Access Key with id ${second.AccessKeyId} cannot be found.`,
  })
})

test('a key of one user is unknown under the name of another', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const { AccessKeyId } = await anAdministrator(server, 'ann')
  await iam.send(new CreateUserCommand({ UserName: 'bob' }))
  await assert.rejects(iam.send(new DeleteAccessKeyCommand({ UserName: 'bob', AccessKeyId })), {
    name: 'NoSuchEntityException',
  })
})

test('the last use of a key is told with its service and Region', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const key = await anAdministrator(server, 'ann')
  const look = async () =>
    (await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.AccessKeyId }))).AccessKeyLastUsed!
  assert.deepEqual(await look(), { ServiceName: 'N/A', Region: 'N/A' })
  const ssm = server.client(SSMClient, { credentials: credentialsOf(key), region: 'eu-west-1' })
  await ssm.send(new DescribeInstanceInformationCommand({}))
  await eventually(async () => {
    const { ServiceName, Region, LastUsedDate } = await look()
    assert.deepEqual([ServiceName, Region, typeof LastUsedDate], ['ssm', 'eu-west-1', 'object'])
  })
  await assert.rejects(iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA' })), {
    name: 'AccessDenied',
  })
})

test('the root sees its own key, and makes keys for named users only', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({}))
  assert.deepEqual(
    AccessKeyMetadata!.map(({ AccessKeyId }) => AccessKeyId),
    ['AKIATESTTESTTESTTEST'],
  )
  await assert.rejects(iam.send(new CreateAccessKeyCommand({})), {
    message: 'Must specify userName when calling with non-User credentials',
  })
})

async function anAdministrator(server: TestServer, UserName: string): Promise<AccessKey> {
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName }))
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }))
  return (await iam.send(new CreateAccessKeyCommand({ UserName }))).AccessKey!
}

function credentialsOf({ AccessKeyId, SecretAccessKey }: AccessKey) {
  return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey! }
}
