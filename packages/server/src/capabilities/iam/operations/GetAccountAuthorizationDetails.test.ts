import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateAccountAliasCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeleteAccountAliasCommand,
  GenerateCredentialReportCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand,
  GetCredentialReportCommand,
  GetUserCommand,
  IAMClient,
  ListAccountAliasesCommand,
  PutUserPolicyCommand,
  paginateGetAccountAuthorizationDetails,
  UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam'
import { DATABASES, startServer } from '@steward/testkit'

const MAY_LOOK = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iam:Get*', Resource: '*' }],
})
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' }],
})

for (const database of DATABASES) {
  test(`users, groups, roles and policies are shown with all that belongs to them, page by page (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    await iam.send(new CreateUserCommand({ UserName: 'ann', Tags: [{ Key: 'team', Value: 'web' }] }))
    await iam.send(new CreateGroupCommand({ GroupName: 'devs' }))
    await iam.send(new AddUserToGroupCommand({ GroupName: 'devs', UserName: 'ann' }))
    await iam.send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'look', PolicyDocument: MAY_LOOK }))
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'mine', PolicyDocument: MAY_LOOK }))
    await iam.send(new AttachUserPolicyCommand({ UserName: 'ann', PolicyArn: Policy!.Arn }))
    await iam.send(new CreateRoleCommand({ RoleName: 'deploy', AssumeRolePolicyDocument: TRUST }))

    const Filter = ['User', 'Group', 'Role', 'LocalManagedPolicy'] as const
    const all = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: [...Filter] }))
    const [user] = all.UserDetailList!
    assert.deepEqual(
      [user!.UserName, user!.GroupList, user!.AttachedManagedPolicies, user!.Tags],
      ['ann', ['devs'], [{ PolicyName: 'mine', PolicyArn: Policy!.Arn }], [{ Key: 'team', Value: 'web' }]],
    )
    const [inline] = user!.UserPolicyList!
    assert.deepEqual([inline!.PolicyName, decodeURIComponent(inline!.PolicyDocument!)], ['look', MAY_LOOK])
    assert.deepEqual(
      all.GroupDetailList!.map(({ GroupName }) => GroupName),
      ['devs'],
    )
    const roles = all.RoleDetailList!.map(({ RoleName }) => RoleName)
    assert.deepEqual(roles, ['AWSServiceRoleForAmazonSSM', 'deploy'])
    const [policy] = all.Policies!
    assert.deepEqual([policy!.PolicyName, policy!.AttachmentCount], ['mine', 1])
    assert.equal(decodeURIComponent(policy!.PolicyVersionList![0]!.Document!), MAY_LOOK)

    let users = 0
    let policies = 0
    for await (const page of paginateGetAccountAuthorizationDetails({ client: iam, pageSize: 3 }, {})) {
      users += page.UserDetailList!.length
      policies += page.Policies!.length
      const { UserDetailList, GroupDetailList, RoleDetailList, Policies } = page
      assert.ok([UserDetailList, GroupDetailList, RoleDetailList, Policies].flat().length <= 3)
    }
    assert.equal(users, 1)
    assert.ok(policies > 10, 'AWS’s policies are there')
    const onlyGroups = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Group'] }))
    assert.deepEqual([onlyGroups.UserDetailList, onlyGroups.GroupDetailList!.length], [[], 1])
  })
}

test('the summary counts what there is', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  await iam.send(new CreateGroupCommand({ GroupName: 'devs' }))
  await iam.send(new CreatePolicyCommand({ PolicyName: 'mine', PolicyDocument: MAY_LOOK }))
  await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }))
  const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}))
  const { Users, Groups, Roles, Policies, PolicyVersionsInUse, MFADevices, MFADevicesInUse, UsersQuota } = SummaryMap!
  assert.deepEqual(
    [Users, Groups, Roles, Policies, PolicyVersionsInUse, MFADevices, MFADevicesInUse, UsersQuota],
    [1, 1, 1, 1, 1, 1, 0, 5000],
  )
})

test('the credential report tells what proves the root and each user, for four hours', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const report = async () =>
    Buffer.from((await iam.send(new GetCredentialReportCommand({}))).Content!)
      .toString()
      .split('\n')
  await assert.rejects(report(), { name: 'CredentialReportNotPresentException' })
  await iam.send(new UpdateAccountPasswordPolicyCommand({ MaxPasswordAge: 1 }))
  for (const UserName of ['ann', 'b,c']) await iam.send(new CreateUserCommand({ UserName }))
  await iam.send(new CreateLoginProfileCommand({ UserName: 'ann', Password: 'Correct-Horse-1' }))
  await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))

  const generate = async () => (await iam.send(new GenerateCredentialReportCommand({}))).State
  assert.equal(await generate(), 'STARTED')
  assert.equal(await generate(), 'COMPLETE')
  const [header, root, ann, other] = await report()
  const columns = header!.split(',')
  assert.deepEqual(
    [columns[0], columns[7], columns.at(-1), columns.length],
    ['user', 'mfa_active', 'cert_2_last_rotated', 22],
  )
  const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00`
  assert.match(
    root!,
    new RegExp(
      `^<root_account>,arn:aws:iam::000000000000:root,${time},(not_supported,){4}false,` +
        `true,${time},${time},us-east-1,iam,false,(N/A,){4}false,N/A,false,N/A$`,
    ),
  )
  assert.match(
    ann!,
    new RegExp(
      `^ann,arn:aws:iam::000000000000:user/ann,${time},true,no_information,${time},${time},false,` +
        `true,${time},N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A$`,
    ),
  )
  assert.match(other!, /^"b,c","arn:aws:iam::000000000000:user\/b,c",.*,false,N\/A,N\/A,N\/A,false,/)
  await server.advance(4 * 3_600_000)
  await assert.rejects(report(), { name: 'CredentialReportExpiredException' })
  assert.equal(await generate(), 'STARTED')
})

test('an account has one alias, under which it is shown', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const aliases = async () => (await iam.send(new ListAccountAliasesCommand({}))).AccountAliases
  assert.deepEqual(await aliases(), [])
  await iam.send(new CreateAccountAliasCommand({ AccountAlias: 'acme' }))
  await iam.send(new CreateAccountAliasCommand({ AccountAlias: 'acme-two' }))
  assert.deepEqual(await aliases(), ['acme-two'])
  assert.equal((await iam.send(new GetUserCommand({}))).User!.UserName, 'acme-two')
  await assert.rejects(iam.send(new DeleteAccountAliasCommand({ AccountAlias: 'acme' })), {
    name: 'NoSuchEntityException',
  })
  await iam.send(new DeleteAccountAliasCommand({ AccountAlias: 'acme-two' }))
  assert.deepEqual(await aliases(), [])
})
