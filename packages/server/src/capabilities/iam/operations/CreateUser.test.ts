import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteGroupCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetGroupCommand,
  GetUserCommand,
  IAMClient,
  ListGroupsCommand,
  ListGroupsForUserCommand,
  ListSAMLProvidersCommand,
  ListServerCertificatesCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  PutUserPolicyCommand,
  paginateListUsers,
  RemoveUserFromGroupCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateGroupCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam'
import { DATABASES, startServer } from '@steward/testkit'

const NOTHING = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iam:Get*', Resource: '*' }],
})

for (const database of DATABASES) {
  test(`users are made, shown, renamed and paged, with their ids and tags kept (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    const Tags = [{ Key: 'team', Value: 'web' }]
    const { User } = await iam.send(new CreateUserCommand({ UserName: 'Ann', Path: '/dev/', Tags }))
    assert.match(User!.UserId!, /^AIDA[A-Z0-9]{17}$/)
    assert.equal(User!.Arn, 'arn:aws:iam::000000000000:user/dev/Ann')
    assert.deepEqual(User!.Tags, Tags)
    await assert.rejects(iam.send(new CreateUserCommand({ UserName: 'ann' })), {
      name: 'EntityAlreadyExistsException',
      message: 'User with name ann already exists.',
    })
    await iam.send(new UpdateUserCommand({ UserName: 'Ann', NewUserName: 'Anna', NewPath: '/ops/' }))
    await assert.rejects(iam.send(new GetUserCommand({ UserName: 'Ann' })), {
      name: 'NoSuchEntityException',
      message: 'The user with name Ann cannot be found.',
    })
    const renamed = (await iam.send(new GetUserCommand({ UserName: 'Anna' }))).User!
    assert.deepEqual([renamed.UserId, renamed.Arn], [User!.UserId, 'arn:aws:iam::000000000000:user/ops/Anna'])
    assert.deepEqual(renamed.Tags, Tags)

    for (const UserName of ['bob', 'Carl', 'dora']) await iam.send(new CreateUserCommand({ UserName }))
    const names: string[][] = []
    for await (const { Users } of paginateListUsers({ client: iam, pageSize: 3 }, {})) {
      names.push(Users!.map(({ UserName }) => UserName!))
    }
    assert.deepEqual(names, [['Anna', 'bob', 'Carl'], ['dora']])
    const ops = await iam.send(new ListUsersCommand({ PathPrefix: '/ops' }))
    assert.deepEqual([ops.Users!.length, ops.IsTruncated, ops.Marker], [1, false, undefined])
    await assert.rejects(iam.send(new UpdateUserCommand({ UserName: 'bob', NewUserName: 'CARL' })), {
      name: 'EntityAlreadyExistsException',
    })
    await iam.send(new UpdateUserCommand({ UserName: 'bob', NewUserName: 'Bob' }))
  })

  test(`of several who make the same user or key at once, as many get it as may (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    const outcomes = async (attempts: readonly Promise<unknown>[]) =>
      (await Promise.allSettled(attempts)).map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.name)).sort()
    const names = ['ann', 'Ann', 'ANN', 'aNN']
    const made = await outcomes(names.map((UserName) => iam.send(new CreateUserCommand({ UserName }))))
    const taken = 'EntityAlreadyExistsException'
    assert.deepEqual(made, [taken, taken, taken, 'done'])
    const UserName = (await iam.send(new ListUsersCommand({}))).Users![0]!.UserName
    const keys = await outcomes(names.map(() => iam.send(new CreateAccessKeyCommand({ UserName }))))
    assert.deepEqual(keys, ['LimitExceededException', 'LimitExceededException', 'done', 'done'])
  })

  test(`groups hold users until they are taken out (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    const { Group } = await iam.send(new CreateGroupCommand({ GroupName: 'Devs' }))
    assert.match(Group!.GroupId!, /^AGPA[A-Z0-9]{17}$/)
    assert.equal(Group!.Arn, 'arn:aws:iam::000000000000:group/Devs')
    await assert.rejects(iam.send(new CreateGroupCommand({ GroupName: 'devs' })), {
      message: 'Group with name devs already exists.',
    })
    await assert.rejects(iam.send(new AddUserToGroupCommand({ GroupName: 'Devs', UserName: 'x' })), {
      message: 'The user with name x cannot be found.',
    })
    await assert.rejects(iam.send(new AddUserToGroupCommand({ GroupName: 'none', UserName: 'x' })), {
      message: 'The group with name none cannot be found.',
    })
    for (const UserName of ['ann', 'bob']) {
      await iam.send(new CreateUserCommand({ UserName }))
      await iam.send(new AddUserToGroupCommand({ GroupName: 'Devs', UserName }))
      await iam.send(new AddUserToGroupCommand({ GroupName: 'Devs', UserName }))
    }
    const first = await iam.send(new GetGroupCommand({ GroupName: 'Devs', MaxItems: 1 }))
    assert.deepEqual([first.Users!.map(({ UserName }) => UserName), first.IsTruncated], [['ann'], true])
    const second = await iam.send(new GetGroupCommand({ GroupName: 'Devs', MaxItems: 1, Marker: first.Marker }))
    assert.deepEqual([second.Users!.map(({ UserName }) => UserName), second.IsTruncated], [['bob'], false])

    await iam.send(new UpdateGroupCommand({ GroupName: 'Devs', NewGroupName: 'Developers', NewPath: '/x/' }))
    const { Groups } = await iam.send(new ListGroupsForUserCommand({ UserName: 'ann' }))
    assert.deepEqual([Groups![0]!.GroupName, Groups![0]!.GroupId], ['Developers', Group!.GroupId])
    await assert.rejects(iam.send(new DeleteGroupCommand({ GroupName: 'Developers' })), {
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must remove users from group first.',
    })
    for (const UserName of ['ann', 'bob']) {
      await iam.send(new RemoveUserFromGroupCommand({ GroupName: 'Developers', UserName }))
    }
    await assert.rejects(iam.send(new RemoveUserFromGroupCommand({ GroupName: 'Developers', UserName: 'ann' })), {
      name: 'NoSuchEntityException',
    })
    await iam.send(new DeleteGroupCommand({ GroupName: 'Developers' }))
    assert.deepEqual((await iam.send(new ListGroupsCommand({}))).Groups, [])
  })
}

test('a user is in ten groups at most', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  const join = async (GroupName: string) => {
    await iam.send(new CreateGroupCommand({ GroupName }))
    await iam.send(new AddUserToGroupCommand({ GroupName, UserName: 'ann' }))
  }
  for (let i = 0; i < 10; i++) await join(`g${i}`)
  await assert.rejects(join('g10'), {
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for GroupsPerUser: 10',
  })
})

test('a user goes only after all that belongs to it', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const UserName = 'ann'
  await iam.send(new CreateUserCommand({ UserName }))
  const refused = (message: string) =>
    assert.rejects(iam.send(new DeleteUserCommand({ UserName })), {
      name: 'DeleteConflictException',
      message: `Cannot delete entity, must ${message} first.`,
    })

  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  await refused('delete access keys')
  await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey!.AccessKeyId! }))

  await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'Correct-Horse-1' }))
  await refused('delete login profile')
  await iam.send(new DeleteLoginProfileCommand({ UserName }))

  await iam.send(new CreateGroupCommand({ GroupName: 'devs' }))
  await iam.send(new AddUserToGroupCommand({ GroupName: 'devs', UserName }))
  await refused('remove users from group')
  await iam.send(new RemoveUserFromGroupCommand({ GroupName: 'devs', UserName }))

  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
  await refused('detach all policies')
  await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }))

  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument: NOTHING }))
  await refused('delete policies')
  await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'p' }))

  await iam.send(new DeleteUserCommand({ UserName }))
  await assert.rejects(iam.send(new DeleteUserCommand({ UserName })), { name: 'NoSuchEntityException' })
})

test('a user made with a boundary shows it, and the boundary goes with the user', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const PermissionsBoundary = 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'
  await iam.send(new CreateUserCommand({ UserName: 'ann', PermissionsBoundary }))
  assert.deepEqual((await iam.send(new GetUserCommand({ UserName: 'ann' }))).User!.PermissionsBoundary, {
    PermissionsBoundaryType: 'Policy',
    PermissionsBoundaryArn: PermissionsBoundary,
  })
  await iam.send(new DeleteUserCommand({ UserName: 'ann' }))
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  assert.equal((await iam.send(new GetUserCommand({ UserName: 'ann' }))).User!.PermissionsBoundary, undefined)
  await assert.rejects(
    iam.send(new CreateUserCommand({ UserName: 'bob', PermissionsBoundary: `${PermissionsBoundary}None` })),
    { name: 'NoSuchEntityException' },
  )
})

test('tags of a user are merged by key whatever its case, paged, and at most fifty', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const UserName = 'ann'
  await iam.send(new CreateUserCommand({ UserName }))
  const tag = (...keys: string[]) =>
    iam.send(new TagUserCommand({ UserName, Tags: keys.map((Key) => ({ Key, Value: 'v' })) }))
  await tag('Team', 'stage')
  await tag('team')
  const page = await iam.send(new ListUserTagsCommand({ UserName, MaxItems: 1 }))
  assert.deepEqual([page.Tags, page.IsTruncated], [[{ Key: 'stage', Value: 'v' }], true])
  const rest = await iam.send(new ListUserTagsCommand({ UserName, Marker: page.Marker }))
  assert.deepEqual(rest.Tags, [{ Key: 'team', Value: 'v' }])
  await assert.rejects(tag('a', 'A'), {
    name: 'InvalidInputException',
    message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  })
  await assert.rejects(tag('aws:x'), { name: 'InvalidInputException' })
  await assert.rejects(tag(...Array.from({ length: 49 }, (_, i) => `k${i}`)), { name: 'LimitExceededException' })
  await iam.send(new UntagUserCommand({ UserName, TagKeys: ['TEAM', 'none'] }))
  assert.deepEqual((await iam.send(new ListUserTagsCommand({ UserName }))).Tags, [{ Key: 'stage', Value: 'v' }])
})

test('what users cannot have here is none, for those who take users apart', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const UserName = 'ann'
  await assert.rejects(iam.send(new ListSSHPublicKeysCommand({ UserName })), { name: 'NoSuchEntityException' })
  await iam.send(new CreateUserCommand({ UserName }))
  assert.deepEqual((await iam.send(new ListSSHPublicKeysCommand({ UserName }))).SSHPublicKeys, [])
  assert.deepEqual((await iam.send(new ListSigningCertificatesCommand({ UserName }))).Certificates, [])
  const { ServiceSpecificCredentials } = await iam.send(new ListServiceSpecificCredentialsCommand({ UserName }))
  assert.deepEqual(ServiceSpecificCredentials, [])
  assert.deepEqual((await iam.send(new ListServerCertificatesCommand({}))).ServerCertificateMetadataList, [])
  assert.deepEqual((await iam.send(new ListSAMLProvidersCommand({}))).SAMLProviderList, [])
})

test('the root is shown to itself under the account’s alias', async () => {
  await using server = await startServer()
  const { User } = await server.client(IAMClient).send(new GetUserCommand({}))
  assert.equal(User!.Arn, 'arn:aws:iam::000000000000:root')
  assert.equal(User!.UserId, '000000000000')
})
