import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  type ListPoliciesCommandInput,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  PutUserPermissionsBoundaryCommand,
  paginateListPolicies,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
} from '@aws-sdk/client-iam'
import { DATABASES, startServer } from '@steward/testkit'

const reading = (what = 'ssm:Get*') =>
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"${what}","Resource":"*"}]}`
const SSM_READ_ONLY = 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'

for (const database of DATABASES) {
  test(`a managed policy has five versions at most, one of them in force (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    const Tags = [{ Key: 'team', Value: 'blue' }]
    const made = { PolicyName: 'reading', Path: '/team/', Description: 'Reads.', PolicyDocument: reading(), Tags }
    const { Policy } = await iam.send(new CreatePolicyCommand(made))
    const PolicyArn = Policy!.Arn!
    assert.equal(PolicyArn, 'arn:aws:iam::000000000000:policy/team/reading')
    assert.match(Policy!.PolicyId!, /^ANPA[A-Z0-9]{17}$/)
    assert.deepEqual([Policy!.DefaultVersionId, Policy!.AttachmentCount, Policy!.IsAttachable], ['v1', 0, true])
    assert.deepEqual(Policy!.Tags, Tags)
    await assert.rejects(iam.send(new CreatePolicyCommand({ ...made, PolicyName: 'READING' })), {
      name: 'EntityAlreadyExistsException',
      message: 'A policy called READING already exists. Duplicate names are not allowed.',
    })

    const version = (document: string, SetAsDefault?: boolean) =>
      iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document, SetAsDefault }))
    const second = await version(reading('ssm:List*'), true)
    assert.deepEqual([second.PolicyVersion!.VersionId, second.PolicyVersion!.IsDefaultVersion], ['v2', true])
    for (const what of ['a:A', 'b:B', 'c:C']) await version(reading(what))
    await assert.rejects(version(reading('d:D')), { name: 'LimitExceededException' })
    const conflict = { name: 'DeleteConflictException' }
    await assert.rejects(iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' })), {
      ...conflict,
      message: 'Cannot delete the default version of a policy.',
    })
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v5' }))
    const again = await version(reading('e:E'))
    assert.equal(again.PolicyVersion!.VersionId, 'v6', 'a number is never given again')
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v3' }))
    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }))
    assert.deepEqual(
      Versions!.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion]),
      [
        ['v6', false],
        ['v4', false],
        ['v3', true],
        ['v2', false],
        ['v1', false],
      ],
    )
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))
    assert.match(PolicyVersion!.Document!, /^%7B%22Version%22%3A%222012-10-17%22.*%2A/)
    assert.equal(decodeURIComponent(PolicyVersion!.Document!), reading('ssm:List*'))
    await assert.rejects(iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v5' })), {
      name: 'NoSuchEntityException',
    })

    await assert.rejects(iam.send(new DeletePolicyCommand({ PolicyArn })), conflict)
    for (const VersionId of ['v1', 'v2', 'v4', 'v6'])
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))
    await iam.send(new CreateUserCommand({ UserName: 'ann' }))
    await iam.send(new AttachUserPolicyCommand({ UserName: 'ann', PolicyArn }))
    await assert.rejects(iam.send(new DeletePolicyCommand({ PolicyArn })), {
      ...conflict,
      message: 'Cannot delete a policy attached to entities.',
    })
    await iam.send(new DetachUserPolicyCommand({ UserName: 'ann', PolicyArn }))
    await iam.send(new DeletePolicyCommand({ PolicyArn }))
    await assert.rejects(iam.send(new GetPolicyCommand({ PolicyArn })), { name: 'NoSuchEntityException' })
  })
}

test('X-17 the managed policies of Systems Manager exist, and belong to AWS', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'AWS' }))
  const paths = new Map(Policies!.map(({ PolicyName, Path }) => [PolicyName, Path]))
  for (const name of [
    'AmazonSSMManagedInstanceCore',
    'AmazonSSMFullAccess',
    'AmazonSSMReadOnlyAccess',
    'AmazonSSMPatchAssociation',
    'AdministratorAccess',
    'PowerUserAccess',
    'AWSDenyAll',
    'ReadOnlyAccess',
    'IAMUserChangePassword',
  ]) {
    assert.equal(paths.get(name), '/', name)
  }
  assert.equal(paths.get('AmazonSSMAutomationRole'), '/service-role/')
  assert.equal(paths.get('AmazonSSMMaintenanceWindowRole'), '/service-role/')
  for (const { Arn, PolicyId, DefaultVersionId } of Policies!) {
    assert.match(PolicyId!, /^ANPA[A-Z0-9]{17}$/)
    const read = { PolicyArn: Arn, VersionId: DefaultVersionId }
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand(read))
    const document = decodeURIComponent(PolicyVersion!.Document!)
    assert.equal(JSON.parse(document).Version, '2012-10-17')
    // What we write must be what we take.
    const PolicyName = Arn!.split('/').at(-1)!
    await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: document }))
  }
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: SSM_READ_ONLY }))
  assert.ok(Policy!.Description)
  const version = { PolicyArn: SSM_READ_ONLY, PolicyDocument: reading() }
  await assert.rejects(iam.send(new CreatePolicyVersionCommand(version)), { name: 'AccessDenied' })
  await assert.rejects(iam.send(new DeletePolicyCommand({ PolicyArn: SSM_READ_ONLY })), { name: 'AccessDenied' })
})

test('X-17 policies are listed by scope, path and use, page by page', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const create = async (PolicyName: string, Path = '/') =>
    (await iam.send(new CreatePolicyCommand({ PolicyName, Path, PolicyDocument: reading() }))).Policy!.Arn!
  const names = async (input: ListPoliciesCommandInput) =>
    (await iam.send(new ListPoliciesCommand(input))).Policies!.map(({ PolicyName }) => PolicyName)

  assert.deepEqual(await names({ Scope: 'Local' }), [])
  const granted = await create('granted')
  const limiting = await create('limiting')
  await create('nested', '/team/a/')
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  await iam.send(new AttachUserPolicyCommand({ UserName: 'ann', PolicyArn: granted }))
  await iam.send(new AttachUserPolicyCommand({ UserName: 'ann', PolicyArn: SSM_READ_ONLY }))
  await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'ann', PermissionsBoundary: limiting }))

  assert.deepEqual(await names({ Scope: 'Local' }), ['granted', 'limiting', 'nested'])
  assert.deepEqual(await names({ Scope: 'Local', PathPrefix: '/team/' }), ['nested'])
  // The service-linked role of Systems Manager has its policy from the start.
  const attached = await names({ OnlyAttached: true, PolicyUsageFilter: 'PermissionsPolicy' })
  assert.deepEqual(attached.sort(), ['AmazonSSMReadOnlyAccess', 'AmazonSSMServiceRolePolicy', 'granted'])
  assert.deepEqual(await names({ PolicyUsageFilter: 'PermissionsBoundary' }), ['limiting'])
  const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'Local', OnlyAttached: true }))
  assert.deepEqual(
    Policies!.map((one) => [one.PolicyName, one.AttachmentCount, one.PermissionsBoundaryUsageCount]),
    [
      ['granted', 1, 0],
      ['limiting', 0, 1],
    ],
  )
  const all: (string | undefined)[] = []
  let pages = 0
  for await (const page of paginateListPolicies({ client: iam, pageSize: 7 }, { Scope: 'All' })) {
    pages++
    all.push(...page.Policies!.map(({ Arn }) => Arn))
  }
  assert.ok(pages >= 4)
  assert.equal(new Set(all).size, all.length)
  assert.equal(all.length, (await names({ Scope: 'AWS' })).length + 3)
})

test('who has a policy is listed by kind, path and use, page by page', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const AssumeRolePolicyDocument =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  await iam.send(new CreateUserCommand({ UserName: 'bob', Path: '/team/' }))
  await iam.send(new CreateGroupCommand({ GroupName: 'ops' }))
  await iam.send(new CreateRoleCommand({ RoleName: 'node', AssumeRolePolicyDocument }))
  const PolicyArn = SSM_READ_ONLY
  await iam.send(new AttachUserPolicyCommand({ UserName: 'ann', PolicyArn }))
  await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'bob', PermissionsBoundary: PolicyArn }))
  await iam.send(new AttachGroupPolicyCommand({ GroupName: 'ops', PolicyArn }))
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'node', PolicyArn }))

  const list = async (more: object = {}) => {
    const answer = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn, ...more }))
    return {
      users: answer.PolicyUsers!.map(({ UserName }) => UserName),
      groups: answer.PolicyGroups!.map(({ GroupName }) => GroupName),
      roles: answer.PolicyRoles!.map(({ RoleName }) => RoleName),
      next: answer.Marker,
    }
  }
  assert.deepEqual(await list(), { users: ['ann', 'bob'], groups: ['ops'], roles: ['node'], next: undefined })
  assert.deepEqual((await list({ EntityFilter: 'User' })).groups, [])
  assert.deepEqual((await list({ PathPrefix: '/team/' })).users, ['bob'])
  assert.deepEqual((await list({ PolicyUsageFilter: 'PermissionsPolicy' })).users, ['ann'])
  const first = await list({ MaxItems: 3 })
  assert.deepEqual([first.groups, first.roles, first.users], [['ops'], ['node'], ['ann']])
  assert.deepEqual((await list({ MaxItems: 3, Marker: first.next })).users, ['bob'])
  await assert.rejects(list({ Marker: 'made-up' }), {
    name: 'ValidationError',
    message:
      'The specified token is not valid. Use the Marker of the previous answer, with the same filters and credentials.',
  })
  await assert.rejects(iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: `${PolicyArn}Not` })), {
    name: 'NoSuchEntityException',
  })
})

test('the date of a managed policy is that of its latest version, whichever is in force', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'reading', PolicyDocument: reading() }))
  const PolicyArn = Policy!.Arn!
  const updated = async () => (await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy!.UpdateDate!
  await server.advance(60_000)
  const version = new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: reading('ssm:List*') })
  const { CreateDate } = (await iam.send(version)).PolicyVersion!
  assert.deepEqual(await updated(), CreateDate)
  await server.advance(60_000)
  await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))
  assert.deepEqual(await updated(), CreateDate)
})

test('policies that are too long or do not parse are refused, with the place of the fault', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const create = (PolicyDocument: string) => iam.send(new CreatePolicyCommand({ PolicyName: 'odd', PolicyDocument }))
  const malformed = (message: RegExp) => ({ name: 'MalformedPolicyDocumentException', message })
  await assert.rejects(create('{"Version":"2012-10-17",\n "Statement":}'), malformed(/line 2, column 14/i))
  await assert.rejects(create(reading('everything')), malformed(/vendor.*Statement\[0\]\.Action/))
  const old = (more: object) =>
    JSON.stringify({ ...more, Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] })
  for (const more of [{}, { Version: '2008-10-17' }]) {
    await assert.rejects(create(old(more)), malformed(/^Policy document must be version 2012-10-17 or greater\.$/))
  }
  const resources = Array.from({ length: 400 }, (_, i) => `arn:aws:s3:::bucket${i}`)
  const long = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: resources }] }
  await assert.rejects(create(JSON.stringify(long)), {
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for PolicySize: 6144',
  })
  // White space does not count.
  await create(reading().replaceAll(',', `,${' '.repeat(3000)}`))
})

test('X-23 tags of a policy are put, replaced without regard to case, and taken off', async () => {
  await using server = await startServer()
  const iam = server.client(IAMClient)
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: reading() }))
  const PolicyArn = Policy!.Arn!
  const tag = (...pairs: [string, string][]) =>
    iam.send(new TagPolicyCommand({ PolicyArn, Tags: pairs.map(([Key, Value]) => ({ Key, Value })) }))
  await tag(['b', '1'], ['a', '2'])
  await tag(['B', '3'])
  await iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ['A', 'unknown'] }))
  const { Tags, IsTruncated } = await iam.send(new ListPolicyTagsCommand({ PolicyArn }))
  assert.deepEqual([Tags, IsTruncated], [[{ Key: 'B', Value: '3' }], false])
  await assert.rejects(tag(['x', ''], ['X', '']), { name: 'InvalidInputException' })
  await assert.rejects(tag(['aws:x', '']), { name: 'InvalidInputException' })
  const many = Array.from({ length: 51 }, (_, i): [string, string] => [`k${i}`, ''])
  await assert.rejects(tag(...many.slice(1)), { name: 'LimitExceededException' })
})
