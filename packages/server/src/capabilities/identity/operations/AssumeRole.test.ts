import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreatePolicyCommand,
  CreateVirtualMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  EnableMFADeviceCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { DescribeInstanceInformationCommand, ListCommandsCommand, SSMClient } from '@aws-sdk/client-ssm'
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  type STSClient,
} from '@aws-sdk/client-sts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { codeNumberAt, codeOf } from '#capabilities/iam/totp.ts'
import { allowing, aRole, aUser, type Keys, keysOf, stsOf, trusting } from '../testing/account.ts'

const ACCOUNT = '000000000000'
const READING = allowing({ Action: 'ssm:*' })
const ASSUMING = allowing({ Action: 'sts:*' })

const assume = (sts: STSClient, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) =>
  sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'work', ...more }))

const ssmOf = (server: TestServer, credentials: Keys) => server.client(SSMClient, { credentials })

for (const database of DATABASES) {
  test(`X-13 a role's session may do what the role may now, and nothing once the role is gone (${database})`, async () => {
    await using server = await startServer({ database })
    const iam = server.client(IAMClient)
    const ann = await aUser(server, 'ann')
    const role = await aRole(server, 'reader', trusting({ AWS: ann.arn }), { policy: READING, Path: '/team/' })

    // The trust policy names the user itself, so the user needs no policy of its own.
    const answer = await assume(stsOf(server, ann), role.arn)
    assert.deepEqual(answer.AssumedRoleUser, {
      AssumedRoleId: `${role.id}:work`,
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/reader/work`,
    })
    assert.equal(answer.PackedPolicySize, undefined)
    const session = keysOf(answer)
    assert.match(session.accessKeyId, /^ASIA[A-Z0-9]{16}$/)
    const me = await stsOf(server, session).send(new GetCallerIdentityCommand({}))
    assert.deepEqual([me.UserId, me.Arn, me.Account], [`${role.id}:work`, answer.AssumedRoleUser!.Arn, ACCOUNT])
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'reader' }))
    assert.ok(Role!.RoleLastUsed!.LastUsedDate)

    const list = () => ssmOf(server, session).send(new ListCommandsCommand({}))
    await list()
    await iam.send(new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'own', PolicyDocument: ASSUMING }))
    await assert.rejects(list(), {
      name: 'AccessDeniedException',
      message:
        `User: arn:aws:sts::${ACCOUNT}:assumed-role/reader/work is not authorized to perform: ssm:ListCommands ` +
        `on resource: arn:aws:ssm:us-east-1:${ACCOUNT}:* because no identity-based policy allows the ssm:ListCommands action`,
    })
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'reader', PolicyName: 'own' }))
    await iam.send(new DeleteRoleCommand({ RoleName: 'reader' }))
    await assert.rejects(list(), { name: 'UnrecognizedClientException' })
    // A new role of the same name is another role.
    await aRole(server, 'reader', trusting({ AWS: ann.arn }), { policy: READING, Path: '/team/' })
    await assert.rejects(list(), { name: 'UnrecognizedClientException' })
  })
}

test('X-13 trust in an account leaves it to the policies of its users who assumes the role', async () => {
  await using server = await startServer()
  const ann = await aUser(server, 'ann', { policy: ASSUMING })
  const bob = await aUser(server, 'bob')
  const byRoot = await aRole(server, 'by-root', trusting({ AWS: `arn:aws:iam::${ACCOUNT}:root` }))
  const byNumber = await aRole(server, 'by-number', trusting({ AWS: ACCOUNT }))
  const byAll = await aRole(server, 'by-all', trusting({ AWS: '*' }))
  const byService = await aRole(server, 'by-service', trusting({ Service: 'ssm.amazonaws.com' }))
  const byAnother = await aRole(server, 'by-another', trusting({ AWS: '111122223333' }))
  const tried = async (keys: Keys, arn: string) =>
    assume(stsOf(server, keys), arn).then(
      () => 'assumed',
      (error: Error) => error.name,
    )
  const table = [byRoot, byNumber, byAll, byService, byAnother].map(async ({ arn }) => [
    await tried(ann, arn),
    await tried(bob, arn),
    await tried(server.house.rootKey, arn),
  ])
  assert.deepEqual(await Promise.all(table), [
    ['assumed', 'AccessDenied', 'assumed'],
    ['assumed', 'AccessDenied', 'assumed'],
    ['assumed', 'assumed', 'assumed'],
    ['AccessDenied', 'AccessDenied', 'AccessDenied'],
    ['AccessDenied', 'AccessDenied', 'AccessDenied'],
  ])
  // Nobody learns by trying what roles there are.
  const said = (keys: Keys, arn: string) =>
    assume(stsOf(server, keys), arn).then(
      () => 'assumed',
      (error: Error) => `${error.name} ${error.message.replace(arn, 'ROLE')}`,
    )
  for (const keys of [ann, bob, server.house.rootKey]) {
    const answer = await said(keys, `arn:aws:iam::${ACCOUNT}:role/nobody`)
    assert.match(
      answer,
      /^AccessDenied .* on resource: ROLE because no role trust policy allows the sts:AssumeRole action$/,
    )
    assert.equal(answer, await said(keys, byService.arn))
  }
  assert.equal(await tried(server.house.rootKey, 'arn:aws:iam::x:role/nobody'), 'ValidationError')
})

test('X-13 whoever is made again under a trusted name is not trusted', async () => {
  await using server = await startServer()
  const ann = await aUser(server, 'ann')
  const role = await aRole(server, 'reader', trusting({ AWS: ann.arn }))
  await assume(stsOf(server, ann), role.arn)
  const iam = server.client(IAMClient)
  await iam.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: ann.accessKeyId }))
  await iam.send(new DeleteUserCommand({ UserName: 'ann' }))
  const again = await aUser(server, 'ann', { policy: ASSUMING })
  await assert.rejects(assume(stsOf(server, again), role.arn), { name: 'AccessDenied' })
  const PolicyDocument = trusting({ AWS: again.arn })
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'reader', PolicyDocument }))
  await assume(stsOf(server, again), role.arn)

  // The same in JSON that is written in another way.
  const PolicyEscaped = trusting({ AWS: again.arn }).replaceAll('/', String.raw`\/`)
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'reader', PolicyDocument: PolicyEscaped }))
  await assume(stsOf(server, again), role.arn)
  await iam.send(new DeleteUserPolicyCommand({ UserName: 'ann', PolicyName: 'own' }))
  await iam.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: again.accessKeyId }))
  await iam.send(new DeleteUserCommand({ UserName: 'ann' }))
  const third = await aUser(server, 'ann', { policy: ASSUMING })
  await assert.rejects(assume(stsOf(server, third), role.arn), { name: 'AccessDenied' })
})

test('X-13 conditions of a trust policy compare ARNs, also those of who is trusted', async () => {
  await using server = await startServer()
  const [ann, bob] = [await aUser(server, 'ann'), await aUser(server, 'bob')]
  const statement = { Effect: 'Allow', Principal: { AWS: [ann.arn, bob.arn] }, Action: 'sts:AssumeRole' }
  const denying = (condition: object) => ({
    ...statement,
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Condition: condition,
  })
  const roleWith = (name: string, condition: object) =>
    aRole(server, name, JSON.stringify({ Version: '2012-10-17', Statement: [statement, denying(condition)] }))
  const tried = async ({ arn }: { arn: string }) => {
    const results = await Promise.allSettled([ann, bob].map((user) => assume(stsOf(server, user), arn)))
    return results.map(({ status }) => status)
  }
  const notAnn = await roleWith('not-ann', { ArnEquals: { 'aws:PrincipalArn': ann.arn } })
  const onlyAnn = await roleWith('only-ann', { StringNotEquals: { 'aws:PrincipalArn': ann.arn } })
  assert.deepEqual(await tried(notAnn), ['rejected', 'fulfilled'])
  assert.deepEqual(await tried(onlyAnn), ['fulfilled', 'rejected'])
})

test('X-13 a trust policy may ask for an external id, and changes of it count at once', async () => {
  await using server = await startServer()
  const ann = await aUser(server, 'ann')
  const conditional = trusting({ AWS: ann.arn }, { Condition: { StringEquals: { 'sts:ExternalId': 'secret-42' } } })
  const role = await aRole(server, 'partner', conditional)
  const sts = stsOf(server, ann)
  const refusal = {
    name: 'AccessDenied',
    message: /^User: arn:aws:iam::000000000000:user\/ann is not authorized to perform: sts:AssumeRole on resource: /,
  }
  await assert.rejects(assume(sts, role.arn), refusal)
  await assert.rejects(assume(sts, role.arn, { ExternalId: 'another' }), refusal)
  await assume(sts, role.arn, { ExternalId: 'secret-42' })
  await server
    .client(IAMClient)
    .send(new UpdateAssumeRolePolicyCommand({ RoleName: 'partner', PolicyDocument: trusting({ AWS: '111122223333' }) }))
  await assert.rejects(assume(sts, role.arn, { ExternalId: 'secret-42' }), refusal)
})

test('the role of an account that cannot be is one that the caller may not assume; what is no ARN of a role is a fault', async () => {
  await using server = await startServer()
  const sts = stsOf(server, await aUser(server, 'ann'))
  const nowhere = 'arn:aws:iam::123456789:role/elsewhere'
  await assert.rejects(assume(sts, nowhere), {
    name: 'AccessDenied',
    message: new RegExp(`is not authorized to perform: sts:AssumeRole on resource: ${nowhere}`),
  })
  const noRole = 'arn:aws:iam::123456789012:user/ann'
  const refusal = { name: 'ValidationError', message: `${noRole} is invalid` }
  await assert.rejects(assume(stsOf(server, server.house.rootKey), noRole), refusal)
})

test('X-13 session policies, inline and managed, narrow a session down and never widen it', async () => {
  await using server = await startServer()
  const ann = await aUser(server, 'ann')
  const role = await aRole(server, 'reader', trusting({ AWS: ann.arn }), {
    policy: allowing({ Action: ['ssm:ListCommands', 'ssm:DescribeInstanceInformation'] }),
  })
  const { Policy } = await server
    .client(IAMClient)
    .send(new CreatePolicyCommand({ PolicyName: 'lists', PolicyDocument: allowing({ Action: 'ssm:List*' }) }))
  const sts = stsOf(server, ann)
  const may = async (more: Partial<AssumeRoleCommandInput>) => {
    const ssm = ssmOf(server, keysOf(await assume(sts, role.arn, more)))
    const [list, describe, get] = await Promise.allSettled([
      ssm.send(new ListCommandsCommand({})),
      ssm.send(new DescribeInstanceInformationCommand({})),
      assume(sts, role.arn, { Policy: 'no' }),
    ])
    assert.equal(get.status, 'rejected')
    return [list.status === 'fulfilled', describe.status === 'fulfilled']
  }
  assert.deepEqual(await may({}), [true, true])
  assert.deepEqual(await may({ Policy: allowing({ Action: 'ssm:Describe*' }) }), [false, true])
  assert.deepEqual(await may({ PolicyArns: [{ arn: Policy!.Arn! }] }), [true, false])
  assert.deepEqual(await may({ Policy: allowing({ Action: 'iam:*' }) }), [false, false])
  const both = { Policy: allowing({ Action: 'ssm:Describe*' }), PolicyArns: [{ arn: Policy!.Arn! }] }
  assert.deepEqual(await may(both), [true, true])
  const { PackedPolicySize } = await assume(sts, role.arn, both)
  assert.ok(PackedPolicySize! > 0 && PackedPolicySize! < 100)

  await assert.rejects(assume(sts, role.arn, { Policy: '{' }), { name: 'MalformedPolicyDocumentException' })
  const huge = allowing({ Action: Array.from({ length: 200 }, (_, i) => `ssm:Action${i}`) })
  await assert.rejects(assume(sts, role.arn, { Policy: huge }), { name: 'PackedPolicyTooLargeException' })
  await assert.rejects(assume(sts, role.arn, { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/Nothing' }] }), {
    name: 'ValidationError',
  })
})

test('X-13 a session lasts as long as the role allows, an hour at most when a role assumed it', async () => {
  await using server = await startServer()
  const ann = await aUser(server, 'ann')
  const first = await aRole(server, 'first', trusting({ AWS: ann.arn }), { MaxSessionDuration: 7200 })
  const second = await aRole(server, 'second', trusting({ AWS: first.arn }), { MaxSessionDuration: 43_200 })
  const sts = stsOf(server, ann)
  const invalid = { name: 'ValidationError' }
  await assert.rejects(assume(sts, first.arn, { DurationSeconds: 7201 }), invalid)
  await assert.rejects(assume(sts, first.arn, { DurationSeconds: 899 }), invalid)
  const answer = await assume(sts, first.arn, { DurationSeconds: 7200 })
  const chained = stsOf(server, keysOf(answer))
  await assert.rejects(assume(chained, second.arn, { DurationSeconds: 3601 }), invalid)
  const last = await assume(chained, second.arn, { DurationSeconds: 3600 })
  await server.advance(3_601_000)
  await chained.send(new GetCallerIdentityCommand({}))
  await assert.rejects(stsOf(server, keysOf(last)).send(new GetCallerIdentityCommand({})), { name: /^ExpiredToken/ })
})

test('X-14 session tags are tags of the principal; transitive ones and the source identity go on with the chain', async () => {
  await using server = await startServer()
  const ann = await aUser(server, 'ann')
  const first = await aRole(server, 'first', trusting({ AWS: ann.arn }))
  const second = await aRole(server, 'second', trusting({ AWS: first.arn }), {
    policy: allowing({
      Action: 'ssm:ListCommands',
      Condition: {
        StringEquals: { 'aws:PrincipalTag/team': 'blue', 'aws:SourceIdentity': 'ann-herself' },
        Null: { 'aws:PrincipalTag/desk': 'true' },
      },
    }),
  })
  const Tags = [
    { Key: 'team', Value: 'blue' },
    { Key: 'desk', Value: '7' },
  ]
  const more = { Tags, TransitiveTagKeys: ['team'], SourceIdentity: 'ann-herself' }
  const answer = await assume(stsOf(server, ann), first.arn, more)
  assert.equal(answer.SourceIdentity, 'ann-herself')
  const chained = stsOf(server, keysOf(answer))
  const last = await assume(chained, second.arn)
  assert.equal(last.SourceIdentity, 'ann-herself')
  await ssmOf(server, keysOf(last)).send(new ListCommandsCommand({}))

  await assert.rejects(assume(chained, second.arn, { SourceIdentity: 'bob' }), { name: 'AccessDenied' })
  const other = [{ Key: 'Team', Value: 'red' }]
  await assert.rejects(assume(chained, second.arn, { Tags: other }), { name: 'InvalidParameterValue' })
  const twice = [...Tags, { Key: 'TEAM', Value: 'red' }]
  await assert.rejects(assume(stsOf(server, ann), first.arn, { Tags: twice }), { name: 'InvalidParameterValue' })
  const unknown = { Tags, TransitiveTagKeys: ['floor'] }
  await assert.rejects(assume(stsOf(server, ann), first.arn, unknown), { name: 'InvalidParameterValue' })

  // Whoever trusts without letting tags in gets no tags.
  const plain = await aRole(server, 'plain', trusting({ AWS: ann.arn }, { Action: 'sts:AssumeRole' }))
  await assume(stsOf(server, ann), plain.arn)
  await assert.rejects(assume(stsOf(server, ann), plain.arn, { Tags }), {
    name: 'AccessDenied',
    message: /sts:TagSession/,
  })
})

test('X-14 a trust policy may ask for a second factor; a wrong code assumes nothing', async () => {
  await using server = await startServer()
  const ann = await aUser(server, 'ann')
  const iam = server.client(IAMClient)
  const device = { VirtualMFADeviceName: 'phone' }
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand(device))
  const SerialNumber = VirtualMFADevice!.SerialNumber!
  const seed = fromBase32(Buffer.from(VirtualMFADevice!.Base32StringSeed!).toString())
  const code = (which: number) => codeOf(seed, which)
  const number = () => codeNumberAt(server.house.clock.now())
  const AuthenticationCode1 = code(number() - 1)
  const AuthenticationCode2 = code(number())
  await iam.send(
    new EnableMFADeviceCommand({ UserName: 'ann', SerialNumber, AuthenticationCode1, AuthenticationCode2 }),
  )
  await server.advance(60_000)
  const role = await aRole(
    server,
    'careful',
    trusting({ AWS: ann.arn }, { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
  )
  const sts = stsOf(server, ann)
  await assert.rejects(assume(sts, role.arn), { name: 'AccessDenied' })
  const wrong = { name: 'AccessDenied', message: /^MultiFactorAuthentication failed/ }
  await assert.rejects(assume(sts, role.arn, { SerialNumber, TokenCode: '000000' }), wrong)
  await assert.rejects(assume(sts, role.arn, { SerialNumber }), { name: 'AccessDenied' })
  const TokenCode = code(number())
  await assume(sts, role.arn, { SerialNumber, TokenCode })
  await assert.rejects(assume(sts, role.arn, { SerialNumber, TokenCode }), wrong)
  // A session that began with a second factor counts as well.
  await server.advance(60_000)
  const session = await sts.send(new GetSessionTokenCommand({ SerialNumber, TokenCode: code(number()) }))
  await assume(stsOf(server, keysOf(session)), role.arn)
})

function fromBase32(text: string): Buffer {
  const digits = Array.from(text, (letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter))
  const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
