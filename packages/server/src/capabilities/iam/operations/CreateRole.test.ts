import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  type CreateRoleCommandInput,
  CreateServiceLinkedRoleCommand,
  CreateUserCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteServiceLinkedRoleCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  GetRoleCommand,
  GetServiceLinkedRoleDeletionStatusCommand,
  IAMClient,
  ListInstanceProfilesCommand,
  ListInstanceProfilesForRoleCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from '@aws-sdk/client-iam'
import { DATABASES, startServer } from '@steward/testkit'

const trusting = (Principal: object | string, more: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more }],
  })
const SSM = trusting({ Service: 'ssm.amazonaws.com' })
const CORE = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore'
const NO_SUCH = { name: 'NoSuchEntityException' }
const SERVICE_ROLE = 'AWSServiceRoleForAmazonSSM'

for (const database of DATABASES) {
  test(`a role is created, read, listed by path, changed, and deleted once nothing hangs on it (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    const RoleName = 'Node'
    const create = (more: Partial<CreateRoleCommandInput> = {}) =>
      iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: SSM, ...more }))
    const { Role } = await create({
      Path: '/fleet/',
      Description: 'Nodes.',
      MaxSessionDuration: 7200,
      PermissionsBoundary: CORE,
      Tags: [{ Key: 'env', Value: 'dev' }],
    })
    assert.match(Role!.RoleId!, /^AROA[A-Z0-9]{17}$/)
    assert.equal(Role!.Arn, 'arn:aws:iam::000000000000:role/fleet/Node')
    assert.equal(decodeURIComponent(Role!.AssumeRolePolicyDocument!), SSM)
    assert.equal(Role!.MaxSessionDuration, undefined)
    await assert.rejects(create({ RoleName: 'node' }), {
      name: 'EntityAlreadyExistsException',
      message: 'Role with name node already exists.',
    })
    const read = async () => (await iam.send(new GetRoleCommand({ RoleName }))).Role!
    const found = await read()
    assert.deepEqual(
      [
        found.MaxSessionDuration,
        found.Description,
        found.PermissionsBoundary!.PermissionsBoundaryArn,
        found.RoleLastUsed,
      ],
      [7200, 'Nodes.', CORE, {}],
    )
    const names = async (PathPrefix: string) =>
      (await iam.send(new ListRolesCommand({ PathPrefix }))).Roles!.map((role) => role.RoleName)
    assert.deepEqual(await names('/fleet/'), [RoleName])
    assert.deepEqual(await names('/'), [SERVICE_ROLE, RoleName])

    await iam.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 3600 }))
    const described = await iam.send(new UpdateRoleDescriptionCommand({ RoleName, Description: 'All.' }))
    assert.equal(described.Role!.Description, 'All.')
    assert.deepEqual([(await read()).MaxSessionDuration, (await read()).Description], [3600, 'All.'])
    const anybody = trusting({ AWS: '*' })
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: anybody }))
    assert.equal(decodeURIComponent((await read()).AssumeRolePolicyDocument!), anybody)
    await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'a', Value: '' }] }))
    await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['env'] }))
    assert.deepEqual((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags, [{ Key: 'a', Value: '' }])
    assert.deepEqual((await read()).Tags, [{ Key: 'a', Value: '' }])

    const remove = () => iam.send(new DeleteRoleCommand({ RoleName }))
    const conflict = (message: string) => ({ name: 'DeleteConflictException', message })
    const InstanceProfileName = 'Node'
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }))
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }))
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: CORE }))
    await assert.rejects(
      iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'AmazonSSMManagedInstanceCore' })),
      {
        name: 'ValidationError',
        message: 'Invalid ARN:  Could not be parsed!',
      },
    )
    const PolicyDocument = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ssm:*","Resource":"*"}}'
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }))
    await assert.rejects(remove(), conflict('Cannot delete entity, must remove roles from instance profile first.'))
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }))
    await assert.rejects(remove(), conflict('Cannot delete entity, must detach all policies first.'))
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: CORE }))
    await assert.rejects(remove(), conflict('Cannot delete entity, must delete policies first.'))
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'p' }))
    await remove()
    await assert.rejects(read(), { ...NO_SUCH, message: 'The role with name Node cannot be found.' })
  })
}

for (const database of DATABASES) {
  test(`of many who make the same thing at once, one succeeds (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    const attempts = async (attempt: (i: number) => Promise<unknown>) => {
      const results = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => attempt(i)))
      return results.map((result) => (result.status === 'fulfilled' ? 'done' : result.reason.name)).sort()
    }
    const taken = Array.from({ length: 5 }, () => 'EntityAlreadyExistsException')
    const names = ['node', 'Node', 'NODE', 'nodE', 'node', 'Node']
    const role = { AssumeRolePolicyDocument: SSM }
    const roles = await attempts((i) => iam.send(new CreateRoleCommand({ ...role, RoleName: names[i] })))
    assert.deepEqual(roles, [...taken, 'done'])
    const PolicyDocument = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ssm:*","Resource":"*"}}'
    const policies = await attempts((i) => iam.send(new CreatePolicyCommand({ PolicyName: names[i], PolicyDocument })))
    assert.deepEqual(policies, [...taken, 'done'])
    const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))
    const PolicyArn = Policies![0]!.Arn!
    const versions = await attempts(() => iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument })))
    assert.deepEqual(versions, ['LimitExceededException', 'LimitExceededException', 'done', 'done', 'done', 'done'])
  })
}

test('a trust policy is refused that does not parse, names nobody, or is too long', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const create = (AssumeRolePolicyDocument: string, more: object = {}) =>
    iam.send(new CreateRoleCommand({ RoleName: 'odd', AssumeRolePolicyDocument, ...more }))
  const malformed = { name: 'MalformedPolicyDocumentException' }
  await assert.rejects(create('{'), {
    ...malformed,
    message: /^This policy contains invalid Json\. Line 1, column 2: /,
  })
  await assert.rejects(create(trusting({ Service: 'ssm.amazonaws.com' }, { Resource: '*' })), malformed)
  await assert.rejects(create(trusting({ Service: 'ssm.amazonaws.com' }, { Action: 'ssm:*' })), malformed)
  await assert.rejects(create(trusting({ AWS: 'arn:aws:iam::000000000000:user/nobody' })), {
    ...malformed,
    message: 'Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:user/nobody"',
  })
  await iam.send(new CreateUserCommand({ UserName: 'ann', Path: '/team/' }))
  await assert.rejects(create(trusting({ AWS: 'arn:aws:iam::000000000000:user/ann' })), malformed)
  await assert.rejects(create(trusting({ AWS: '*' }, { Condition: { StringEquals: { 'aws:x': 'y'.repeat(2048) } } })), {
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for ACLSizePerRole: 2048',
  })
  for (const Service of ['foo', 'ssm.amazonaws.com.example', 'SSM']) {
    await assert.rejects(create(trusting({ Service: ['ssm.amazonaws.com', Service] })), {
      ...malformed,
      message: `Invalid principal in policy: "SERVICE":"${Service}"`,
    })
  }
  await assert.rejects(create(SSM, { MaxSessionDuration: 3599 }), { name: 'ValidationError' })
  await assert.rejects(create(SSM, { Path: '/aws-service-role/ssm.amazonaws.com/' }), { name: 'InvalidInputException' })
  await create(trusting({ AWS: ['arn:aws:iam::000000000000:user/team/ann', '111122223333'] }))
  for (const Service of ['*', 'ec2.amazonaws.com.cn', 'logs.us-east-1.amazonaws.com']) {
    await iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'odd',
        PolicyDocument: trusting({ Service, AWS: '111122223333' }),
      }),
    )
  }
})

test('X-16 the role of Systems Manager exists from the first start; it is deleted and made again like any service-linked role', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: SERVICE_ROLE }))
  assert.equal(Role!.Arn, `arn:aws:iam::000000000000:role/aws-service-role/ssm.amazonaws.com/${SERVICE_ROLE}`)
  assert.match(decodeURIComponent(Role!.AssumeRolePolicyDocument!), /"Service":"ssm.amazonaws.com"/)
  const AWSServiceName = 'ssm.amazonaws.com'
  const again = new CreateServiceLinkedRoleCommand({ AWSServiceName })
  await assert.rejects(iam.send(again), {
    name: 'InvalidInputException',
    message: `Service role name ${SERVICE_ROLE} has been taken in this account, please try a different suffix.`,
  })
  await assert.rejects(iam.send(new DeleteRoleCommand({ RoleName: SERVICE_ROLE })), {
    name: 'UnmodifiableEntityException',
    message: `Cannot perform the operation on the protected role '${SERVICE_ROLE}' - this role is only modifiable by AWS`,
  })
  const { DeletionTaskId } = await iam.send(new DeleteServiceLinkedRoleCommand({ RoleName: SERVICE_ROLE }))
  assert.match(
    DeletionTaskId!,
    /^task\/aws-service-role\/ssm\.amazonaws\.com\/AWSServiceRoleForAmazonSSM\/[0-9a-f-]{36}$/,
  )
  const status = (id = DeletionTaskId) =>
    iam.send(new GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId: id }))
  assert.equal((await status()).Status, 'SUCCEEDED')
  await assert.rejects(status('task/aws-service-role/x/y/z'), NO_SUCH)
  await assert.rejects(iam.send(new GetRoleCommand({ RoleName: SERVICE_ROLE })), NO_SUCH)
  const made = await iam.send(again)
  assert.notEqual(made.Role!.RoleId, Role!.RoleId)
  await assert.rejects(iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'x.amazonaws.com' })), {
    name: 'InvalidInputException',
  })
  await server.house.reset()
  await iam.send(new GetRoleCommand({ RoleName: SERVICE_ROLE }))
})

test('a role that belongs to a service may be described and tagged by the account, and nothing else', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const RoleName = SERVICE_ROLE
  const protectedRole = { name: 'UnmodifiableEntityException' }
  await iam.send(new UpdateRoleCommand({ RoleName, Description: 'Ours.' }))
  const { Role } = await iam.send(new UpdateRoleDescriptionCommand({ RoleName, Description: 'All ours.' }))
  assert.equal(Role!.Description, 'All ours.')
  const longer = new UpdateRoleCommand({ RoleName, Description: 'Longer.', MaxSessionDuration: 7200 })
  await assert.rejects(iam.send(longer), protectedRole)
  await assert.rejects(iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: SSM })), protectedRole)
  await iam.send(
    new TagRoleCommand({
      RoleName,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    }),
  )
  await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['a'] }))
  const found = (await iam.send(new GetRoleCommand({ RoleName }))).Role!
  assert.deepEqual(
    [found.Description, found.MaxSessionDuration, found.Tags],
    ['All ours.', 3600, [{ Key: 'b', Value: '2' }]],
  )
})

test('an instance profile holds one role', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const create = (InstanceProfileName: string, Path?: string) =>
    iam.send(new CreateInstanceProfileCommand({ InstanceProfileName, Path, Tags: [{ Key: 'k', Value: 'v' }] }))
  const { InstanceProfile } = await create('web', '/fleet/')
  assert.match(InstanceProfile!.InstanceProfileId!, /^AIPA[A-Z0-9]{17}$/)
  assert.equal(InstanceProfile!.Arn, 'arn:aws:iam::000000000000:instance-profile/fleet/web')
  assert.deepEqual(InstanceProfile!.Roles, [])
  await assert.rejects(create('WEB'), {
    name: 'EntityAlreadyExistsException',
    message: 'Instance Profile WEB already exists.',
  })
  await create('db')
  for (const RoleName of ['one', 'two']) {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: SSM }))
  }
  const add = (RoleName: string) =>
    iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'web', RoleName }))
  await add('one')
  await assert.rejects(add('two'), { name: 'LimitExceededException' })
  const read = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName: 'web' }))
  assert.deepEqual(
    read.InstanceProfile!.Roles!.map(({ RoleName }) => RoleName),
    ['one'],
  )
  assert.deepEqual(read.InstanceProfile!.Tags, [{ Key: 'k', Value: 'v' }])
  const ofRole = await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: 'one' }))
  assert.deepEqual(
    ofRole.InstanceProfiles!.map((one) => one.InstanceProfileName),
    ['web'],
  )
  const page = await iam.send(new ListInstanceProfilesCommand({ MaxItems: 1 }))
  assert.deepEqual([page.InstanceProfiles![0]!.InstanceProfileName, page.IsTruncated], ['db', true])
  const remove = (InstanceProfileName: string) => iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }))
  await assert.rejects(remove('web'), { name: 'DeleteConflictException' })
  await remove('db')
  await assert.rejects(remove('db'), { ...NO_SUCH, message: 'Instance Profile db cannot be found.' })
  const other = { InstanceProfileName: 'web', RoleName: 'two' }
  await assert.rejects(iam.send(new RemoveRoleFromInstanceProfileCommand(other)), NO_SUCH)
})
